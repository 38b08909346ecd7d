//! The living page of the design: every colour and part of `static/pasok.css` and `templates/macros`, as it is now.

use super::form::Form;
use super::render;
use super::view::View;
use super::visit::Visit;
use crate::error::AppError;
use crate::markets::TimeZone;
use crate::values::{BaseUnit, Day, Quantity, Rupiah, Timestamp};
use askama::Template;
use axum::response::Response;

/// Custom property, and its value for the swatch, which has no style of its own: an SVG attribute is no inline style.
const COLOURS: [(&str, &str); 13] = [
    ("ink", "#18221e"),
    ("soft", "#4d5b55"),
    ("paper", "#f6f7f4"),
    ("card", "#ffffff"),
    ("line", "#d5dad4"),
    ("brand", "#0b5d4c"),
    ("brand-pale", "#e3f0ec"),
    ("good", "#1a6136"),
    ("good-pale", "#e4f2e7"),
    ("warn", "#7a4300"),
    ("warn-pale", "#fdf0d8"),
    ("bad", "#9b1c1c"),
    ("bad-pale", "#fbe9e7"),
];

#[derive(Template)]
#[template(path = "pages/design.html")]
struct Design {
    view: View,
    form: Form,
    colours: [(&'static str, &'static str); 13],
    amount: Rupiah,
    weight: Quantity,
    unit: BaseUnit,
    day: Option<Day>,
    instant: Timestamp,
    zone: TimeZone,
}

pub(super) async fn show(Visit(view): Visit) -> Result<Response, AppError> {
    let mut form = Form::blank([("login", "0812-3456-7890".to_owned()), ("price", "13.500".to_owned())]);
    form.add_problem("login", view.say("design-example-problem"));
    let instant = Timestamp::from_micros(1_795_395_600_000_000);
    render(&Design {
        view,
        form,
        colours: COLOURS,
        amount: Rupiah::new(13_500_000).map_err(AppError::internal)?,
        weight: Quantity::new(1_500).map_err(AppError::internal)?,
        unit: BaseUnit::Gram,
        day: Day::parse("2026-11-23").ok(),
        instant,
        zone: TimeZone::Wita,
    })
}

#[cfg(test)]
mod tests {
    use super::COLOURS;

    #[test]
    fn the_page_shows_the_colours_of_the_style_sheet() {
        let style = include_str!("../../static/pasok.css");
        for (name, value) in COLOURS {
            assert!(style.contains(&format!("--{name}: {value};")), "{name}");
        }
    }

    /// Relative luminance and contrast after WCAG 2.2.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |colour: &str| {
            let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            let linear = |v: f64| if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
            0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
        };
        let (x, y) = (luminance(a), luminance(b));
        (x.max(y) + 0.05) / (x.min(y) + 0.05)
    }

    #[test]
    fn text_has_the_contrast_of_wcag_aa_on_every_ground_it_stands_on() {
        let value = |name| COLOURS.iter().find(|(known, _)| *known == name).unwrap().1;
        for (text, grounds) in [
            ("ink", &["paper", "card", "brand-pale", "good-pale", "warn-pale", "bad-pale"][..]),
            ("soft", &["paper", "card", "brand-pale", "warn-pale"]),
            ("brand", &["paper", "card", "brand-pale"]),
            ("good", &["card", "good-pale"]),
            ("warn", &["card", "warn-pale"]),
            ("bad", &["card", "paper", "bad-pale"]),
            ("card", &["brand"]),
        ] {
            for ground in grounds {
                let found = contrast(value(text), value(ground));
                assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
            }
        }
    }
}
