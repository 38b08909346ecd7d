//! Days and instants in words, in the zone of the market: `Senin 23 November 2026 pukul 09.00 WITA`.

use crate::markets::TimeZone;
use crate::values::{Day, Timestamp};
use crate::web::problem::Language;

const MONTHS: [(&str, &str); 12] = [
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
];
const WEEKDAYS: [(&str, &str); 7] = [
    ("Senin", "Monday"),
    ("Selasa", "Tuesday"),
    ("Rabu", "Wednesday"),
    ("Kamis", "Thursday"),
    ("Jumat", "Friday"),
    ("Sabtu", "Saturday"),
    ("Minggu", "Sunday"),
];

fn pick(language: Language, pair: Option<&(&'static str, &'static str)>) -> &'static str {
    pair.map_or("", |(indonesian, english)| if language == Language::Indonesian { indonesian } else { english })
}

/// Year, month in words, day of the month.
fn parts(language: Language, day: Day) -> (String, &'static str, String) {
    let text = day.to_string();
    let mut numbers = text.split('-');
    let year = numbers.next().unwrap_or_default().to_owned();
    let month = numbers.next().and_then(|month| month.parse::<usize>().ok()).unwrap_or(0);
    let date = numbers.next().unwrap_or_default().trim_start_matches('0').to_owned();
    (year, pick(language, MONTHS.get(month.wrapping_sub(1))), date)
}

/// `Senin`.
pub fn weekday(language: Language, day: Day) -> &'static str {
    pick(language, usize::try_from(day.weekday() - 1).ok().and_then(|index| WEEKDAYS.get(index)))
}

/// `Senin 23 November 2026`.
pub fn day(language: Language, day: Day) -> String {
    let (year, month, date) = parts(language, day);
    format!("{} {date} {month} {year}", weekday(language, day))
}

/// `Senin 23 November`: where the year is plain.
pub fn day_short(language: Language, day: Day) -> String {
    let (_, month, date) = parts(language, day);
    format!("{} {date} {month}", weekday(language, day))
}

/// `23–27 November 2026`, as short as it can be.
pub fn days(language: Language, first: Day, last: Day) -> String {
    let ((y1, m1, d1), (y2, m2, d2)) = (parts(language, first), parts(language, last));
    match (first == last, y1 == y2, m1 == m2) {
        (true, ..) => format!("{d2} {m2} {y2}"),
        (_, true, true) => format!("{d1}–{d2} {m2} {y2}"),
        (_, true, false) => format!("{d1} {m1} – {d2} {m2} {y2}"),
        _ => format!("{d1} {m1} {y1} – {d2} {m2} {y2}"),
    }
}

/// `09.00 WITA`; `09:00 WITA` in English.
pub fn clock(language: Language, instant: Timestamp, zone: TimeZone) -> String {
    let mark = if language == Language::Indonesian { '.' } else { ':' };
    let at = instant.in_zone(zone.iana());
    format!("{:02}{mark}{:02} {}", at.hour(), at.minute(), zone.abbreviation())
}

/// `Senin 23 November 2026 pukul 09.00 WITA`.
pub fn moment(language: Language, instant: Timestamp, zone: TimeZone) -> String {
    let on = day(language, Day::of(instant, zone.iana()));
    let word = if language == Language::Indonesian { "pukul" } else { "at" };
    format!("{on} {word} {}", clock(language, instant, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_are_said_in_words_in_the_zone_of_the_market() {
        let (id, en) = (Language::Indonesian, Language::English);
        let instant = Timestamp::parse("2026-11-23T01:00:00Z").unwrap();
        assert_eq!(moment(id, instant, TimeZone::Wita), "Senin 23 November 2026 pukul 09.00 WITA");
        assert_eq!(moment(en, instant, TimeZone::Wib), "Monday 23 November 2026 at 08:00 WIB");
        let parsed = |text| Day::parse(text).unwrap();
        assert_eq!(day_short(id, parsed("2026-01-04")), "Minggu 4 Januari");
        assert_eq!(days(id, parsed("2026-11-23"), parsed("2026-11-27")), "23–27 November 2026");
        assert_eq!(days(id, parsed("2026-11-30"), parsed("2026-12-04")), "30 November – 4 Desember 2026");
        assert_eq!(days(id, parsed("2026-12-28"), parsed("2027-01-02")), "28 Desember 2026 – 2 Januari 2027");
        assert_eq!(days(en, parsed("2026-11-23"), parsed("2026-11-23")), "23 November 2026");
    }
}
