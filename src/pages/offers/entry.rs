//! Between the offer's form and the service's words.

use crate::offers::volume::MOST_TIERS;
use crate::offers::{ChangeEntry, FreightEntry, Offer, OfferEntry, UnusualPrice, VolumeEntry};
use crate::pages::form::Form;
use crate::pages::stand::Stand;
use crate::pages::words;
use crate::values::Certificate;
use crate::web::problem::Language;

/// Fills in the days of the round that collects, where nothing was typed.
pub(super) fn set_days(form: &mut Form, stand: &Stand) {
    let Some(round) = stand.collecting() else { return };
    for (name, day) in [("day_from", round.delivery_from), ("day_to", round.delivery_to)] {
        if form.value(name).is_empty() {
            form.set(name, day.to_string());
        }
    }
}

fn unusual(form: &Form) -> UnusualPrice {
    if form.has("sure", "1") { UnusualPrice::Confirmed } else { UnusualPrice::Refused }
}

/// A new offer as it was typed.
pub(super) fn read(form: &Form, language: Language) -> OfferEntry {
    let number = |name: &str| words::read_decimal(language, form.value(name));
    let optional = |name: &str| form.optional(name).map(|text| words::read_decimal(language, &text));
    let certificates = Certificate::ALL.iter().map(|certificate| certificate.word());
    OfferEntry {
        place: form.value("place").to_owned(),
        commodity: form.value("commodity").to_owned(),
        lot: form.optional("lot"),
        price: number("price"),
        unusual_price: unusual(form),
        stock: number("stock"),
        unit: form.value("unit").to_owned(),
        stock_per_day: optional("stock_per_day"),
        pack: None,
        min_line: optional("min_line"),
        radius_km: optional("radius_km"),
        day_from: form.value("day_from").to_owned(),
        day_to: form.value("day_to").to_owned(),
        certificates: certificates.filter(|word| form.has("certificate", word)).map(str::to_owned).collect(),
        freight: FreightEntry { included: form.has("included", "1"), ..FreightEntry::default() },
        volume: VolumeEntry {
            tiers: steps(form).map(|row| (number(&format!("from-{row}")), number(&format!("tier-{row}")))).collect(),
            incremental: form.value("kind") == "incremental",
            min_order_idr: optional("min_order_idr"),
        },
    }
}

/// Rows of price steps that say anything.
fn steps(form: &Form) -> impl Iterator<Item = usize> {
    let is_filled = |name: String| !form.value(name).is_empty();
    (1..=MOST_TIERS).filter(move |row| is_filled(format!("from-{row}")) || is_filled(format!("tier-{row}")))
}

/// A change as it was typed.
pub(super) fn read_change(form: &Form, language: Language) -> ChangeEntry {
    let optional = |name: &str| form.optional(name).map(|text| words::read_decimal(language, &text));
    ChangeEntry { stock: optional("stock"), unit: None, price: optional("price"), unusual_price: unusual(form) }
}

/// The form for changing an offer, as it is now; `size` is base units in the unit it was entered in.
pub(super) fn present(offer: &Offer, size: i64, language: Language) -> Form {
    Form::blank([
        ("stock", words::typed_count(language, offer.stock.get(), size)),
        ("price", words::as_typed(language, &offer.price.to_string())),
        ("version", offer.version.to_string()),
    ])
}

/// The field that a pointer of a new offer is about.
pub(super) fn field_of(form: &Form, pointer: &str) -> Option<String> {
    let parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
    let ["tiers", index, part] = parts.as_slice() else { return field(pointer) };
    let row = index.parse().ok().and_then(|index| steps(form).nth(index))?;
    Some(if *part == "from" { format!("from-{row}") } else { format!("tier-{row}") })
}

/// The field that a pointer is about.
pub(super) fn field(pointer: &str) -> Option<String> {
    let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    let name = match name {
        "delivered" => "included",
        "certificates" => "certificate",
        "pack" => "unit",
        "" => return None,
        other => other,
    };
    Some(name.to_owned())
}
