//! Where an organisation stands in its market: the market, its goods, its recent rounds. Most pages begin here.

use crate::catalog::{Catalogue, Commodity, Unit};
use crate::db::DbConnection;
use crate::error::AppError;
use crate::markets::{self, Market};
use crate::parties::Actor;
use crate::rounds::state::Status;
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::values::ids::first_of;
use crate::values::{Day, Timestamp};
use crate::web::problem::Language;
use std::collections::BTreeSet;

/// How far back rounds, demands and orders are shown: eight weeks.
pub const MEMORY_S: i64 = 56 * 24 * 3600;
/// For so long what was just sent can be taken back on the page that confirms it.
pub const UNDO_S: i64 = 600;
/// Most rounds looked at.
const MOST_ROUNDS: i64 = 500;

/// A market as one of its members sees it.
#[derive(Debug, Clone)]
pub struct Stand {
    /// The market.
    pub market: Market,
    /// Its goods and ceilings.
    pub catalogue: Catalogue,
    /// Its recent rounds, the newest first.
    pub rounds: Vec<Round>,
    /// The present.
    pub now: Timestamp,
}

impl Stand {
    /// The market that the organisation belongs to: one that is collecting where there are several. `None` if none.
    pub fn load(
        connection: &mut DbConnection,
        scope: &Scope,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Option<Self>, AppError> {
        let mut found: Option<Self> = None;
        for market_id in &actor.standing.belongs {
            let market = markets::service::get(connection, scope, *market_id)?;
            let since = first_of(now.plus_seconds(-MEMORY_S));
            let mut rounds = rounds::service::list(connection, scope, *market_id, since, MOST_ROUNDS)?;
            rounds.reverse();
            let catalogue = Catalogue::load(connection, market.rice_zone)?;
            let stand = Self { market, catalogue, rounds, now };
            let is_better = found.as_ref().is_none_or(|best| best.collecting().is_none());
            if is_better && (found.is_none() || stand.collecting().is_some()) {
                found = Some(stand);
            }
        }
        Ok(found)
    }

    /// The round that takes entries now: the one that closes first.
    pub fn collecting(&self) -> Option<&Round> {
        let open = self.rounds.iter().filter(|round| round.status == Status::Collecting && round.closes_at > self.now);
        open.min_by_key(|round| round.closes_at)
    }

    /// One of the recent rounds.
    pub fn round(&self, id: i64) -> Option<&Round> {
        self.rounds.iter().find(|round| round.id == id)
    }

    /// Today, in the market's zone.
    pub fn today(&self) -> Day {
        Day::of(self.now, self.market.time_zone.iana())
    }

    /// The goods of a round, the ones of everyday first.
    pub fn goods(
        &self,
        connection: &mut DbConnection,
        scope: &Scope,
        round_id: i64,
    ) -> Result<Vec<Commodity>, AppError> {
        let codes: BTreeSet<String> = rounds::service::commodities(connection, scope, round_id)?.into_iter().collect();
        let is_covered = |commodity: &&Commodity| codes.is_empty() || codes.contains(&commodity.code);
        let mut goods: Vec<Commodity> = self.catalogue.all().filter(is_covered).cloned().collect();
        goods.sort_by_key(|commodity| (commodity.category, commodity.id));
        Ok(goods)
    }
}

/// The name of a unit in the reader's language.
pub fn unit_name(unit: &Unit, language: Language) -> String {
    match language {
        Language::Indonesian => unit.name_id.clone(),
        Language::English => unit.name_en.clone(),
    }
}

/// The name of a commodity in the reader's language.
pub fn name_of(commodity: &Commodity, language: Language) -> String {
    match language {
        Language::Indonesian => commodity.name_id.clone(),
        Language::English => commodity.name_en.clone(),
    }
}
