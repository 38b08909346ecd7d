//! The opening: decrypted bids come in, each is judged, and those without fault become offers with terms in the round's frozen
//! problem.
//!
//! Who may open, with which shares, and what the minutes say is decided before: this is the one transaction that follows. It
//! wants every bid that counts, also those whose seal could not be opened, so that none can be left out.

use super::bids::check::{self, CheckedBid, CheckedBundle, CheckedLine, Setting};
use super::bids::document::{BidDocument, BidTierKind, LARGEST_DOCUMENT};
use super::bids::service::{self as bids, NewState, Opening};
use super::bids::types::{OpenedBid, OpenedDocument};
use super::bids::{Bid, BidVersion};
use super::calls::store::Changes;
use super::calls::{self, Call, Lot};
use super::errors::TenderError;
use super::state::{BidStatus, Event};
use crate::audit::Work;
use crate::error::{AppError, Checks, CommonError};
use crate::offers::terms::{self, Bound, BundleTerms, OfferTerms, SellerTerms, TierTerms};
use crate::offers::{self, NewOffer, Offer, UnusualPrice};
use crate::rounds;
use crate::values::{Quantity, UnitPrice};
use std::collections::{BTreeMap, BTreeSet};

/// Opens a closed call of a frozen round with the documents of its bids.
///
/// A bid whose seal is broken or that has any fault is `invalid`, with every fault written down; the others become offers.
///
/// # Errors
/// Wrong state of call or round; a bid that counts is missing from `opened`, or one is named that does not count.
pub(in crate::tenders) fn open(work: &mut Work<'_>, call: &Call, opened: &[OpenedBid]) -> Result<Call, AppError> {
    let next = calls::service::step(call, Event::Open, call.version)?;
    let round = rounds::service::get(work.connection, work.scope, call.round_id)?;
    if !rounds::sealed::takes_bids(&round) {
        return Err(AppError::refused_with(TenderError::RoundNotFrozen, round.status.word()));
    }
    let counting = bids::list_for_opening(work.connection, work.scope, call)?;
    let documents = complete(&counting, opened)?;
    lapse_others(work, call)?;
    let lots = calls::service::lots(work.connection, work.scope, call.id)?;
    let lots: BTreeMap<i64, Lot> = lots.into_iter().map(|lot| (lot.number, lot)).collect();
    let mut is_any_valid = false;
    for ((bid, version), document) in counting.iter().zip(documents) {
        is_any_valid |= open_one(work, (call, &lots), (bid, version), document)?;
    }
    rounds::sealed::drop_call(work, call.round_id)?;
    if is_any_valid {
        rounds::sealed::admit_bids(work, call.round_id, &call.number)?;
    }
    let changes = Changes { opened_at: Some(work.now), ..Changes::default() };
    calls::service::advance(work, call, (Event::Open, next), &changes, "")
}

type Document<'a> = Result<&'a OpenedDocument, &'a str>;

/// What was handed in for each bid that counts; every one exactly once, and no other.
fn complete<'a>(counting: &[(Bid, BidVersion)], opened: &'a [OpenedBid]) -> Result<Vec<Document<'a>>, AppError> {
    let mut by_bid: BTreeMap<i64, &OpenedBid> = opened.iter().map(|one| (one.bid_id, one)).collect();
    let mut documents = Vec::with_capacity(counting.len());
    for (bid, _) in counting {
        let one = by_bid.remove(&bid.id);
        let one = one.ok_or_else(|| AppError::refused_with(TenderError::BidMissing, bid.id.to_string()))?;
        documents.push(one.document.as_ref().map_err(String::as_str));
    }
    if opened.len() == counting.len() && by_bid.is_empty() {
        Ok(documents)
    } else {
        Err(TenderError::BidMissing.into())
    }
}

/// Bids that were not confirmed after the terms changed are over; nobody opens them.
fn lapse_others(work: &mut Work<'_>, call: &Call) -> Result<(), AppError> {
    for bid in bids::list_of_call(work.connection, work.scope, call.id)? {
        if bid.status == BidStatus::Placed && !bids::counts(&bid, call) {
            settle(work, &bid, BidStatus::Lapsed)?;
        }
    }
    Ok(())
}

fn settle(work: &mut Work<'_>, bid: &Bid, status: BidStatus) -> Result<(), AppError> {
    let new = NewState { status, current: bid.current, terms_version: bid.terms_version, placed_at: bid.placed_at };
    bids::advance(work, bid, new).map(|_| ())
}

/// Judges one bid and writes down what was found; true if it became offers.
fn open_one(
    work: &mut Work<'_>,
    (call, lots): (&Call, &BTreeMap<i64, Lot>),
    (bid, version): (&Bid, &BidVersion),
    document: Document<'_>,
) -> Result<bool, AppError> {
    let mut setting = bids::setting(work.connection, work.scope, call, bid.bidder_id)?;
    // A bid that was confirmed still names the terms it was made for.
    setting.terms_version = version.terms_version;
    let found = judge(document, &setting).and_then(|bid_read| {
        match work.attempt(|work| admit(work, (call, lots), bid, &bid_read)) {
            Ok(()) => Ok(()),
            Err(AppError::Refused(refusal)) => Err(Fault::Refused(AppError::Refused(refusal))),
            Err(error) => Err(Fault::Ours(error)),
        }
    });
    let (is_valid, problems) = match found {
        Ok(()) => (true, String::new()),
        Err(Fault::Ours(error)) => return Err(error),
        Err(fault) => (false, fault.lines()),
    };
    let (document, nonce) = document.map(kept).unwrap_or_default();
    let opening = Opening { id: work.new_id(), bid_version_id: version.id, is_valid, document, nonce, problems };
    bids::insert_opening(work, bid, &opening)?;
    settle(work, bid, if is_valid { BidStatus::Opened } else { BidStatus::Invalid })?;
    Ok(is_valid)
}

/// What is kept of a document: its bytes as they are and the nonce, so that the commitment can be computed again. Of what is no
/// text, or too long to be a bid, only as much as a table holds, and then without the nonce.
fn kept(opened: &OpenedDocument) -> (String, String) {
    let raw = std::str::from_utf8(&opened.bytes).unwrap_or_default();
    let text: String = raw.chars().take(LARGEST_DOCUMENT).filter(|c| *c != '\0').collect();
    let nonce = if text.as_bytes() == opened.bytes { opened.nonce.clone() } else { String::new() };
    (text, nonce)
}

/// Why a bid did not become offers.
enum Fault {
    /// The bidder's.
    Refused(AppError),
    /// Ours: the opening must not go on.
    Ours(AppError),
}

impl Fault {
    /// A line for each thing that is wrong: pointer and code.
    fn lines(&self) -> String {
        let Self::Refused(AppError::Refused(refusal)) = self else { return String::new() };
        if refusal.issues.is_empty() {
            return format!("{} {}", refusal.def.code, refusal.hint).trim().to_owned();
        }
        let line = |issue: &crate::error::FieldIssue| {
            format!("{} {} {}", issue.pointer, issue.def.code, issue.hint).trim().to_owned()
        };
        refusal.issues.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn judge(document: Document<'_>, setting: &Setting) -> Result<CheckedBid, Fault> {
    let opened =
        document.map_err(|reason| Fault::Refused(AppError::refused_with(TenderError::SealUnreadable, reason)))?;
    let bytes = &opened.bytes;
    let mut checks = Checks::default();
    if bytes.len() > LARGEST_DOCUMENT {
        checks.add_with("", CommonError::TooLong, format!("≤ {LARGEST_DOCUMENT} B"));
        return Err(Fault::Refused(checks.finish_with::<()>(None).err().unwrap_or(CommonError::InvalidInput.into())));
    }
    let read = match BidDocument::from_json(bytes) {
        Ok(document) => check::check(&document, setting, &mut checks),
        Err((pointer, why)) => {
            checks.add_with(&pointer, CommonError::WrongShape, why);
            None
        }
    };
    checks.finish_with(read).map_err(Fault::Refused)
}

/// Writes a bid's lines as offers of its bidder, with their terms.
fn admit(
    work: &mut Work<'_>,
    (call, lots): (&Call, &BTreeMap<i64, Lot>),
    bid: &Bid,
    checked: &CheckedBid,
) -> Result<(), AppError> {
    let lot = |number: i64| lots.get(&number).ok_or_else(|| AppError::internal("a checked line without its lot"));
    let new: Vec<NewOffer> = checked
        .lines
        .iter()
        .map(|line| new_offer(call, lot(line.lot)?, bid, checked, line))
        .collect::<Result<_, AppError>>()?;
    let posted = offers::service::post_many(work, call.market_id, &new, &format!("bid on {}", call.number))?;
    let mut offers = BTreeMap::new();
    for (line, offer) in checked.lines.iter().zip(&posted) {
        let lot = lot(line.lot)?;
        bind(work, call, lot, offer, line)?;
        offers.insert(line.lot, offer.id);
    }
    let seller = SellerTerms {
        drop_fee_idr: checked.per_drop_idr,
        trip_fee_idr: checked.per_truck_day_idr,
        capacity_g_per_day: checked.capacity_per_day_g,
        capacity_g: checked.capacity_in_all_g,
        bundles: checked.bundles.iter().map(|bundle| bundle_terms(bundle, &offers)).collect(),
    };
    terms::attach_seller(work, (bid.id, call.market_id, call.round_id, bid.bidder_id), &seller)
}

fn new_offer(
    call: &Call,
    lot: &Lot,
    bid: &Bid,
    checked: &CheckedBid,
    line: &CheckedLine,
) -> Result<NewOffer, AppError> {
    Ok(NewOffer {
        seller_id: bid.bidder_id,
        place_id: checked.place_id,
        commodity_id: lot.terms.commodity_id,
        lot: format!("{}/{}", call.number, lot.number),
        price: UnitPrice::from_e4(line.price_e4).map_err(AppError::internal)?,
        // Abnormally low prices were justified line by line.
        unusual_price: UnusualPrice::Confirmed,
        stock: Quantity::new(line.max_quantity).map_err(AppError::internal)?,
        stock_per_day: None,
        pack: Quantity::new(line.multiple).map_err(AppError::internal)?,
        entered_unit: None,
        min_line: None,
        radius: None,
        days: lot.terms.days,
        certificates: checked.certificates.clone(),
        freight: line.freight,
        // What a bid says of volumes is bound to its round (`bind`).
        volume: offers::VolumeTerms::default(),
    })
}

fn bind(work: &mut Work<'_>, call: &Call, lot: &Lot, offer: &Offer, line: &CheckedLine) -> Result<(), AppError> {
    let bound = Bound {
        offer_id: offer.id,
        market_id: call.market_id,
        round_id: call.round_id,
        seller_id: offer.seller_id,
        lot_id: lot.id,
    };
    let own = OfferTerms {
        area: lot.terms.area.clone(),
        tiers: line.tiers.iter().map(|&(from, price_e4)| TierTerms { from, price_e4 }).collect(),
        incremental: line.tier_kind == BidTierKind::Incremental,
        min_total: line.min_quantity,
    };
    terms::attach(work, &bound, &own)
}

/// A bundle by offers instead of lots; the check saw that each of its lots is bid on.
fn bundle_terms(bundle: &CheckedBundle, offers: &BTreeMap<i64, i64>) -> BundleTerms {
    let ids = |lots: &[i64]| -> Vec<i64> {
        let unique: BTreeSet<i64> = lots.iter().filter_map(|lot| offers.get(lot).copied()).collect();
        unique.into_iter().collect()
    };
    match bundle {
        CheckedBundle::AllOrNothing(lots) => BundleTerms::AllOrNothing { offers: ids(lots) },
        CheckedBundle::Xor(lots) => BundleTerms::Xor { offers: ids(lots) },
        CheckedBundle::Discount { when, at_least, then, off_e4 } => BundleTerms::Discount {
            when: ids(when),
            at_least: *at_least,
            then: offers.get(then).copied().unwrap_or_default(),
            off_e4: *off_e4,
        },
    }
}
