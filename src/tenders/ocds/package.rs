//! A release package of the Open Contracting Data Standard, version 1.1. Pure.
//!
//! Field names are the standard's: <https://standard.open-contracting.org/1.1/en/schema/>.

use super::gather::Published;
use crate::rounds::types::Award;
use crate::tenders::bids::Bid;
use crate::tenders::calls::{Call, Lot};
use crate::tenders::state::{BidStatus, Status};
use crate::values::BaseUnit;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Extensions that the package uses, by the address of their description.
const EXTENSIONS: [&str; 2] = [
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_bid_extension/v1.1.5/extension.json",
];

/// The package of a published round, whose public address is `uri`.
pub fn package(published: &Published, uri: &str) -> Value {
    let at = published.at.to_string();
    json!({
        "uri": uri,
        "version": "1.1",
        "extensions": EXTENSIONS,
        "publishedDate": at,
        "publisher": { "name": name(published, published.market.operator_id) },
        "releases": [release(published, uri)],
    })
}

fn release(published: &Published, uri: &str) -> Value {
    let ocid = format!("ocds-pasok-{}-{}", published.market.code, published.round.number);
    let awards = awards(published);
    json!({
        "id": format!("{ocid}-{}", published.round.version),
        "ocid": ocid,
        "date": published.at.to_string(),
        "tag": ["tender", "award"],
        "initiationType": "tender",
        "language": "id",
        "parties": parties(published),
        "buyer": reference(published, published.market.operator_id),
        "tender": tender(published, uri),
        "bids": bids(published),
        "awards": awards,
    })
}

fn name(published: &Published, id: i64) -> String {
    published.organisations.get(&id).map_or_else(|| party_id(id), |organisation| organisation.name.clone())
}

fn party_id(id: i64) -> String {
    format!("pasok-{id}")
}

fn reference(published: &Published, id: i64) -> Value {
    json!({ "id": party_id(id), "name": name(published, id) })
}

/// Whoever is named, with what they are in this process.
fn parties(published: &Published) -> Vec<Value> {
    let mut roles: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    let mut add = |id: i64, role| {
        roles.entry(id).or_default().insert(role);
    };
    add(published.market.operator_id, "procuringEntity");
    for award in &published.awards {
        add(award.buyer_id, "buyer");
        add(award.seller_id, "supplier");
    }
    for bid in published.calls.iter().flat_map(|(_, _, bids)| bids) {
        add(bid.bidder_id, "tenderer");
    }
    let party = |(id, roles): (&i64, &BTreeSet<&str>)| {
        let code = published.organisations.get(id).map_or("", |organisation| organisation.code.as_str());
        json!({
            "id": party_id(*id),
            "name": name(published, *id),
            "identifier": { "scheme": "pasok", "id": code },
            "roles": roles,
        })
    };
    roles.iter().map(party).collect()
}

fn lot_id(call: &str, number: i64) -> String {
    format!("{call}/{number}")
}

fn tender(published: &Published, uri: &str) -> Value {
    let bidders: BTreeSet<i64> =
        published.calls.iter().flat_map(|(_, _, bids)| bids.iter().map(|bid| bid.bidder_id)).collect();
    let lots = published.calls.iter().flat_map(|(call, lots, _)| lots.iter().map(move |lot| (call, lot)));
    let (lots, items): (Vec<Value>, Vec<Value>) = lots.map(|(call, lot)| lot_and_item(published, call, lot)).unzip();
    let mut tender = json!({
        "id": published.round.number,
        "title": published.round.name,
        "status": "complete",
        "procuringEntity": reference(published, published.market.operator_id),
        "procurementMethod": "open",
        "procurementMethodDetails": "Penawaran tersegel dan penawaran terbuka, satu perhitungan biaya terendah",
        "awardCriteria": "priceOnly",
        "submissionMethod": ["electronicSubmission"],
        "tenderPeriod": { "endDate": published.round.closes_at.to_string() },
        "numberOfTenderers": bidders.len(),
        "tenderers": bidders.iter().map(|id| reference(published, *id)).collect::<Vec<_>>(),
        "documents": documents(published, uri),
    });
    // The standard refuses empty lists here: a round of plain offers has no lots.
    if let (false, Some(fields)) = (lots.is_empty(), tender.as_object_mut()) {
        fields.insert("lots".to_owned(), Value::Array(lots));
        fields.insert("items".to_owned(), Value::Array(items));
    }
    tender
}

fn lot_and_item(published: &Published, call: &Call, lot: &Lot) -> (Value, Value) {
    let id = lot_id(&call.number, lot.number);
    let status = match call.status {
        Status::Cancelled => "cancelled",
        Status::Unsuccessful => "unsuccessful",
        _ => "complete",
    };
    let title = format!("{} {}", commodity_name(published, lot.terms.commodity_id), lot.terms.area_name);
    let of = json!({
        "id": id,
        "title": title,
        "status": status,
        "contractPeriod": { "startDate": day(lot.terms.days.first()), "endDate": day(lot.terms.days.last()) },
    });
    (of, item(published, &id, Some(&id), lot.terms.commodity_id, lot.terms.quantity.get()))
}

/// A day as the standard's instant: it has no days without a time.
fn day(day: crate::values::Day) -> String {
    format!("{day}T00:00:00Z")
}

fn commodity_name(published: &Published, id: i64) -> String {
    published.commodities.get(&id).map_or_else(|| id.to_string(), |commodity| commodity.name_id.clone())
}

fn item(published: &Published, id: &str, lot: Option<&str>, commodity_id: i64, quantity: i64) -> Value {
    let commodity = published.commodities.get(&commodity_id);
    let unit = match commodity.map(|commodity| commodity.base_unit) {
        Some(BaseUnit::Millilitre) => ("MLT", "mililiter"),
        Some(BaseUnit::Piece) => ("H87", "buah"),
        Some(BaseUnit::Gram) | None => ("GRM", "gram"),
    };
    let mut item = json!({
        "id": id,
        "description": commodity_name(published, commodity_id),
        "classification": {
            "scheme": "pasok",
            "id": commodity.map_or("", |commodity| commodity.code.as_str()),
            "description": commodity_name(published, commodity_id),
        },
        "quantity": quantity,
        "unit": { "scheme": "UNCEFACT", "id": unit.0, "name": unit.1 },
    });
    if let (Some(lot), Some(fields)) = (lot, item.as_object_mut()) {
        fields.insert("relatedLot".to_owned(), json!(lot));
    }
    item
}

/// The plan with its certificate, and how anybody checks it.
fn documents(published: &Published, uri: &str) -> Value {
    let base = uri.trim_end_matches("/ocds");
    json!([
        {
            "id": "plan",
            "documentType": "evaluationReports",
            "title": "Rencana dengan sertifikat optimal",
            "description": format!(
                "SHA-256 {}. Siapa pun yang memegang soal dan rencananya dapat memeriksa: pasok-solver check soal.json rencana.json",
                published.plan_sha256
            ),
            "url": format!("{base}/plan"),
            "format": "application/json",
            "language": "id",
        },
        {
            "id": "snapshot",
            "documentType": "evaluationReports",
            "title": "Soal yang dibekukan",
            "description": format!("SHA-256 {}", published.round.snapshot_sha256),
            "url": format!("{base}/snapshot"),
            "format": "application/json",
            "language": "id",
        },
    ])
}

/// Bids without what they asked.
fn bids(published: &Published) -> Value {
    let details: Vec<Value> = published
        .calls
        .iter()
        .flat_map(|(call, _, bids)| bids.iter().map(move |bid| (call, bid)))
        .map(|(call, bid)| bid_detail(published, call, bid))
        .collect();
    let valid = details.iter().filter(|detail| detail["status"] == "valid").count();
    let statistics = json!([
        { "id": "bids", "measure": "bids", "value": details.len() },
        { "id": "validBids", "measure": "validBids", "value": valid },
    ]);
    if details.is_empty() {
        json!({ "statistics": statistics })
    } else {
        json!({ "statistics": statistics, "details": details })
    }
}

fn bid_detail(published: &Published, call: &Call, bid: &Bid) -> Value {
    let status = match bid.status {
        BidStatus::Opened => "valid",
        BidStatus::Withdrawn | BidStatus::Lapsed => "withdrawn",
        BidStatus::Invalid => "disqualified",
        BidStatus::Placed => "pending",
    };
    json!({
        "id": format!("{}-{}", call.number, bid.id),
        "date": bid.placed_at.to_string(),
        "status": status,
        "tenderers": [reference(published, bid.bidder_id)],
    })
}

/// Awards of one supplier for one lot, or for one commodity where it was no bid.
fn awards(published: &Published) -> Vec<Value> {
    let mut groups: BTreeMap<(i64, Option<String>, i64), Vec<&Award>> = BTreeMap::new();
    for award in &published.awards {
        let lot = published.lot_of_offer.get(&award.offer_id).map(|(call, number)| lot_id(call, *number));
        groups.entry((award.seller_id, lot, award.commodity_id)).or_default().push(award);
    }
    groups.into_iter().map(|(key, lines)| award(published, key, &lines)).collect()
}

fn award(published: &Published, (seller, lot, commodity): (i64, Option<String>, i64), lines: &[&Award]) -> Value {
    let amount: i64 = lines.iter().map(|line| line.goods.get().saturating_add(line.freight.get())).sum();
    let quantity: i64 = lines.iter().map(|line| line.quantity.get()).sum();
    let what = lot.as_deref().map_or_else(|| commodity.to_string(), str::to_owned);
    let id = format!("{}-{}-{what}", published.round.number, seller);
    let mut award = json!({
        "id": id,
        "title": commodity_name(published, commodity),
        "status": "active",
        "date": published.at.to_string(),
        "value": { "amount": amount, "currency": "IDR" },
        "suppliers": [reference(published, seller)],
        "items": [item(published, "1", lot.as_deref(), commodity, quantity)],
    });
    if let (Some(lot), Some(fields)) = (lot, award.as_object_mut()) {
        fields.insert("relatedLots".to_owned(), json!([lot]));
    }
    award
}
