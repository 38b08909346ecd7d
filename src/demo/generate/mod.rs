//! From facts and a seed number to a scenario.
//!
//! The steps are the files: `goods` chooses packs, prices and penalties; `freight` the vehicles; `cooperatives` and
//! `kitchens` post needs; `suppliers` seats suppliers at real places; `offers` writes what they offer; `coverage` makes
//! supply plausible; `province` does the same for a whole province. All rules are told for people in `docs/demo.md`.
//!
//! Invariants: the same seed gives the same scenario on every machine and with every number of threads; no float; no
//! iteration over a hash map; no price above a binding ceiling.

mod cooperatives;
mod coverage;
mod freight;
mod goods;
mod kitchens;
mod market;
mod names;
mod offers;
mod province;
mod suppliers;
#[cfg(test)]
mod tests;

use super::Scenario;
use crate::seed::{SeedError, SeedFacts};
use market::CITIES;

pub use province::generate_province;

/// Why a scenario could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// Not one of the cities with wards in the facts.
    #[error("there is no demonstration for `{0}`; choose kupang, bogor or jakarta-utara")]
    UnknownCity(String),
    /// The facts cannot be read.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// A code that the rules here name is not among the facts.
    #[error("the seed facts have no {0}")]
    MissingFact(String),
}

impl GenerateError {
    fn missing(what: &str, code: &str) -> Self {
        Self::MissingFact(format!("{what} `{code}`"))
    }
}

/// The week of a city: `kupang`, `bogor` or `jakarta-utara`.
pub fn generate(city: &str, seed: u64) -> Result<Scenario, GenerateError> {
    let rules = CITIES.iter().find(|rules| rules.slug == city);
    let rules = rules.ok_or_else(|| GenerateError::UnknownCity(city.to_owned()))?;
    let facts = SeedFacts::read()?;
    let mut scenario = market::open_city(&facts, rules, seed)?;
    cooperatives::add_city(&facts, rules, &mut scenario)?;
    kitchens::add(&facts, rules, &mut scenario)?;
    suppliers::add_city(&facts, rules, &mut scenario)?;
    Ok(scenario)
}

/// Position of a commodity in the scenario.
fn commodity_index(scenario: &Scenario, code: &str) -> Option<usize> {
    scenario.commodities.iter().position(|commodity| commodity.code == code)
}
