//! Demands from a file: checked all together, then posted all together. Rows that are there already change nothing.

use super::entry::DemandEntry;
use super::errors::DemandError;
use super::rules;
use super::service::{enter, write};
use super::state::{DemandEvent, DemandStatus, next};
use super::store::{self, natural_key};
use super::types::Demand;
use crate::audit::Work;
use crate::error::{AppError, Checks, CommonError};
use crate::markets::Traders;
use crate::parties::Actor;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Demands that were checked and can be posted in the same transaction.
#[derive(Debug)]
pub struct Prepared {
    new: Vec<Demand>,
    unchanged: usize,
}

impl Prepared {
    /// Demands that will be posted, or revived.
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
    round_id: i64,
    rows: &[(String, DemandEntry)],
    mut checks: Checks,
) -> Result<Prepared, AppError> {
    let setting = enter(work, actor, round_id)?;
    let created_by = work.principal.member_id.ok_or(CommonError::Forbidden)?;
    let mut drafts = Vec::with_capacity(rows.len());
    for (pointer, entry) in rows {
        checks.within(pointer.clone());
        drafts.push((pointer, entry.read(actor.organisation_id, &setting, &mut checks)));
    }
    let buyer = BTreeSet::from([actor.organisation_id]);
    let places = drafts.iter().map(|(_, draft)| draft.place_id).collect();
    let buyers = Traders::load(work.connection, work.scope, setting.market.id, &buyer, &places)?;
    let existing = store::list_existing(work.connection, work.scope, round_id, &buyer)?;
    let ids: Vec<i64> = existing.values().map(|existing| existing.id).collect();
    let posted = store::list_by_ids(work.connection, work.scope, &ids)?;
    let posted: HashMap<i64, Demand> = posted.into_iter().map(|demand| (demand.id, demand)).collect();
    let mut prepared = Prepared { new: Vec::with_capacity(drafts.len()), unchanged: 0 };
    let mut keys = HashSet::with_capacity(drafts.len());
    for (pointer, draft) in drafts {
        checks.within(pointer.clone());
        let Some(mut demand) = rules::check(draft, &setting, &buyers, created_by, &mut checks) else {
            continue;
        };
        let key = natural_key(&demand);
        if !keys.insert(key) {
            checks.add("", DemandError::DemandRepeated);
            continue;
        }
        match existing.get(&key).and_then(|existing| posted.get(&existing.id)) {
            Some(before) if says_the_same(&demand, before) => prepared.unchanged += 1,
            Some(before) => {
                if let Err(error) = next(before.status, DemandEvent::Revive) {
                    checks.add_with("", error, before.id.to_string());
                }
                (demand.id, demand.version) = (before.id, before.version + 1);
                prepared.new.push(demand);
            }
            None => {
                demand.id = work.new_id();
                prepared.new.push(demand);
            }
        }
    }
    checks.finish()?;
    Ok(prepared)
}

/// Posts what was prepared, with one audit entry each that carries the reason.
pub fn commit(work: &mut Work<'_>, prepared: &Prepared, reason: &str) -> Result<(), AppError> {
    write(work, &prepared.new, reason)
}

/// Whether a row says what is posted already, by whomever and in whatever unit.
fn says_the_same(row: &Demand, posted: &Demand) -> bool {
    let row = Demand {
        id: posted.id,
        entered_unit: posted.entered_unit.clone(),
        created_by: posted.created_by,
        version: posted.version,
        ..row.clone()
    };
    posted.status == DemandStatus::Open && row == *posted
}
