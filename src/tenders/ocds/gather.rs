//! What a published round came to, read across domains.

use super::store;
use crate::catalog::{self, Commodity};
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::parties::{self, Organisation};
use crate::rounds::types::Award;
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::tenders::bids::{self, Bid};
use crate::tenders::calls::{self, Call, Lot};
use crate::tenders::state::Status;
use crate::values::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Rows read at once.
const PAGE: i64 = 5_000;

/// Everything that the open record states.
#[derive(Debug)]
pub struct Published {
    /// The market.
    pub market: Market,
    /// The round.
    pub round: Round,
    /// When it was published.
    pub at: Timestamp,
    /// Calls that were published in it, with their lots and, once the bids are open, the bids.
    pub calls: Vec<(Call, Vec<Lot>, Vec<Bid>)>,
    /// Awards by id.
    pub awards: Vec<Award>,
    /// The lot behind each offer that came from a bid: number of its call and its own.
    pub lot_of_offer: BTreeMap<i64, (String, i64)>,
    /// Whoever is named.
    pub organisations: BTreeMap<i64, Organisation>,
    /// What is named.
    pub commodities: BTreeMap<i64, Commodity>,
    /// SHA-256 of the plan with its certificate.
    pub plan_sha256: String,
}

/// Reads a published round; any other is answered like a missing one.
pub fn gather(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Published, AppError> {
    let round = rounds::service::get(connection, scope, round_id)?;
    if round.status != rounds::Status::Published {
        return Err(CommonError::NotFound.into());
    }
    let market = markets::service::get(connection, scope, round.market_id)?;
    // The open record is about public money; a class plays with made-up money.
    if market.kind == markets::MarketKind::Training {
        return Err(CommonError::NotFound.into());
    }
    let calls = calls_of(connection, scope, &round)?;
    let awards = awards_of(connection, scope, round.id)?;
    let named: BTreeSet<i64> = awards
        .iter()
        .flat_map(|award| [award.buyer_id, award.seller_id])
        .chain(calls.iter().flat_map(|(_, _, bids)| bids.iter().map(|bid| bid.bidder_id)))
        .chain([market.operator_id])
        .collect();
    let named: Vec<i64> = named.into_iter().collect();
    let mut organisations = BTreeMap::new();
    for part in named.chunks(1_000) {
        let found = parties::service::list_by_ids(connection, scope, part)?;
        organisations.extend(found.into_iter().map(|organisation| (organisation.id, organisation)));
    }
    let lots = store::list_lots_of_offers(connection, scope, round.id)?;
    Ok(Published {
        at: store::find_published_at(connection, scope, round.id)?.unwrap_or(round.closes_at),
        lot_of_offer: lots.into_iter().map(|(offer, call, lot)| (offer, (call, lot))).collect(),
        plan_sha256: rounds::service::get_plan(connection, scope, round.id)?.sha256,
        commodities: catalog::service::load_all(connection)?,
        market,
        round,
        calls,
        awards,
        organisations,
    })
}

type CallWithBids = (Call, Vec<Lot>, Vec<Bid>);

fn calls_of(connection: &mut DbConnection, scope: &Scope, round: &Round) -> Result<Vec<CallWithBids>, AppError> {
    let mut found = Vec::new();
    for call in calls::service::list_of_round(connection, scope, round.id, 0, i64::MAX)? {
        if call.status == Status::Draft {
            continue;
        }
        let lots = calls::service::lots(connection, scope, call.id)?;
        let is_open = matches!(call.status, Status::Opened | Status::Evaluated | Status::Awarded);
        let bids = if is_open { bids::service::list_of_call(connection, scope, call.id)? } else { Vec::new() };
        found.push((call, lots, bids));
    }
    Ok(found)
}

fn awards_of(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Vec<Award>, AppError> {
    let mut all: Vec<Award> = Vec::new();
    loop {
        let after = all.last().map_or(0, |award| award.id);
        let mut page = rounds::service::list_awards(connection, scope, round_id, after, PAGE)?;
        let is_last = i64::try_from(page.len()).unwrap_or(i64::MAX) < PAGE;
        all.append(&mut page);
        if is_last {
            return Ok(all);
        }
    }
}
