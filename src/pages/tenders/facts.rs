//! What `static/bid.js` needs to check and seal a bid without asking the server: figures of the call, and words for what can be
//! wrong. None of it is secret.

use super::super::view::View;
use crate::error::{CommonError, ErrorDef};
use crate::tenders::TenderError;
use crate::tenders::bids::check::{Awards, LARGEST_FEE_IDR, LARGEST_QUANTITY, Setting};
use crate::tenders::seal::SealError;
use crate::web::problem::words;
use serde_json::{Value, json};

/// Everything that the script itself can find wrong.
const CODES: &[&ErrorDef] = &[
    CommonError::NotPositive.def(),
    CommonError::TooLarge.def(),
    CommonError::NotANumber.def(),
    CommonError::TooPrecise.def(),
    CommonError::NotADate.def(),
    TenderError::AboveCeiling.def(),
    TenderError::LowUnjustified.def(),
    TenderError::CostsDiffer.def(),
    TenderError::TiersRise.def(),
    TenderError::TiersUnsorted.def(),
    TenderError::TierBeyond.def(),
    TenderError::NotAMultiple.def(),
    TenderError::MinAboveMax.def(),
    TenderError::MinAboveLot.def(),
    TenderError::ValidTooShort.def(),
    TenderError::CertificateMissing.def(),
    TenderError::NoLines.def(),
    TenderError::PlaceUnknown.def(),
    TenderError::BundleTooSmall.def(),
    TenderError::BundleLotNotBid.def(),
    TenderError::BundleLotRepeated.def(),
    TenderError::DiscountNotPositive.def(),
    TenderError::DiscountTooLarge.def(),
    TenderError::DiscountUnreachable.def(),
    SealError::TrialFailed.def(),
    SealError::DocumentTooLarge.def(),
];

/// The facts as JSON, for an attribute of the form.
pub(super) fn of(view: &View, setting: &Setting, recipient: &str) -> String {
    let lots: Vec<Value> = setting
        .lots
        .iter()
        .map(|(number, lot)| {
            json!({
                "number": number, "per": lot.unit.per_pricing_unit(), "unit": lot.unit.pricing_name(), "pack": lot.pack,
                "quantity": lot.quantity, "ceiling_e4": lot.ceiling_e4, "low_e4": lot.low_e4,
            })
        })
        .collect();
    let places: Vec<String> = setting.places.iter().map(ToString::to_string).collect();
    json!({
        "call": setting.call_id.to_string(), "bidder": setting.bidder_id.to_string(), "terms": setting.terms_version,
        "recipient": recipient, "last_day": setting.last_day.to_string(), "whole": setting.awards == Awards::Whole,
        "certificates": setting.certificates.words(), "places": places, "lots": lots,
        "largest_quantity": LARGEST_QUANTITY, "largest_fee": LARGEST_FEE_IDR, "words": said(view),
    })
    .to_string()
}

fn said(view: &View) -> Value {
    let mut all = serde_json::Map::new();
    for def in CODES {
        let (detail, action) = words(def, view.language);
        all.insert(def.code.to_owned(), json!([detail, action]));
    }
    Value::Object(all)
}
