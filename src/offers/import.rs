//! Offers from a file: checked all together, then posted all together. Rows that are there already change nothing.

use super::entry::OfferEntry;
use super::errors::OfferError;
use super::rules;
use super::service::{enter, revive_from, write};
use super::state::OfferStatus;
use super::store::{self, natural_key};
use super::types::Offer;
use crate::audit::Work;
use crate::error::{AppError, Checks, CommonError};
use crate::markets::Traders;
use crate::parties::Actor;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Offers that were checked and can be posted in the same transaction.
#[derive(Debug)]
pub struct Prepared {
    new: Vec<Offer>,
    unchanged: usize,
}

impl Prepared {
    /// Offers that will be posted, or revived.
    pub fn new_count(&self) -> usize {
        self.new.len()
    }

    /// Rows that say what is posted already.
    pub fn unchanged_count(&self) -> usize {
        self.unchanged
    }
}

/// Checks rows of the actor's organisation, `(pointer, entry)` each, and writes nothing.
///
/// Refuses with what `checks` holds already and everything else that is wrong.
pub fn prepare(
    work: &mut Work<'_>,
    actor: &Actor,
    market_id: i64,
    rows: &[(String, OfferEntry)],
    mut checks: Checks,
) -> Result<Prepared, AppError> {
    let setting = enter(work, actor, market_id)?;
    let created_by = work.principal.member_id.ok_or(CommonError::Forbidden)?;
    let mut drafts = Vec::with_capacity(rows.len());
    for (pointer, entry) in rows {
        checks.within(pointer.clone());
        drafts.push((pointer, entry.read(actor.organisation_id, &setting, &mut checks)));
    }
    let seller = BTreeSet::from([actor.organisation_id]);
    let places = drafts.iter().map(|(_, draft)| draft.place_id).collect();
    let sellers = Traders::load(work.connection, work.scope, market_id, &seller, &places)?;
    let existing = store::list_existing(work.connection, work.scope, market_id, &seller)?;
    let ids: Vec<i64> = existing.values().map(|existing| existing.id).collect();
    let posted = store::list_by_ids(work.connection, work.scope, &ids)?;
    let posted: HashMap<i64, Offer> = posted.into_iter().map(|offer| (offer.id, offer)).collect();
    let mut prepared = Prepared { new: Vec::with_capacity(drafts.len()), unchanged: 0 };
    let mut keys = HashSet::with_capacity(drafts.len());
    for (pointer, draft) in drafts {
        checks.within(pointer.clone());
        let Some(mut offer) = rules::check(draft, &setting, &sellers, created_by, &mut checks) else {
            continue;
        };
        let key = natural_key(&offer);
        let before = existing.get(&key);
        if !keys.insert(key) {
            checks.add("", OfferError::OfferRepeated);
            continue;
        }
        offer.id = work.new_id();
        if let Some(before) = before {
            if posted.get(&before.id).is_some_and(|posted| says_the_same(&offer, posted)) {
                prepared.unchanged += 1;
                continue;
            }
            revive_from(before, &mut offer, &mut checks);
        }
        prepared.new.push(offer);
    }
    checks.finish()?;
    Ok(prepared)
}

/// Posts what was prepared, with one audit entry each that carries the reason.
pub fn commit(work: &mut Work<'_>, prepared: &Prepared, reason: &str) -> Result<(), AppError> {
    write(work, &prepared.new, reason)
}

/// Whether a row says what is posted already, by whomever, in whatever unit, and whatever of it is reserved.
fn says_the_same(row: &Offer, posted: &Offer) -> bool {
    let row = Offer {
        id: posted.id,
        reserved: posted.reserved,
        entered_unit: posted.entered_unit.clone(),
        created_by: posted.created_by,
        version: posted.version,
        ..row.clone()
    };
    posted.status == OfferStatus::Open && row == *posted
}
