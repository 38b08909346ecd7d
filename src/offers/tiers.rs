//! Tiers one after another, each beginning at a larger total and costing less than the one before: what is wrong with them.

use crate::error::{Checks, ErrorDef};
use crate::values::decimal::format_scaled;

/// Decimals of a price that is told.
pub const DIGITS: u32 = 4;

/// The codes of what can be wrong.
#[derive(Debug, Clone, Copy)]
pub struct TierErrors {
    /// A tier begins where another one does already, or before it.
    pub overlap: &'static ErrorDef,
    /// A tier begins beyond all that there is.
    pub beyond: &'static ErrorDef,
    /// A tier begins inside a pack.
    pub inside_pack: &'static ErrorDef,
    /// A tier is not cheaper than what comes before it.
    pub rises: &'static ErrorDef,
}

/// A walk over tiers in the order in which they are written.
#[derive(Debug)]
pub struct TierWalk {
    before: i64,
    dearer_e4: Option<i64>,
    most_and_pack: Option<(i64, i64)>,
    errors: TierErrors,
}

impl TierWalk {
    /// From the price without tiers, and the most there is with the pack it comes in, both in base units; where one of them
    /// could not be read, nothing is said against it.
    pub fn new(price_e4: Option<i64>, most_and_pack: Option<(i64, i64)>, errors: TierErrors) -> Self {
        Self { before: 0, dearer_e4: price_e4, most_and_pack, errors }
    }

    /// The next tier's start, in base units.
    pub fn start(&mut self, at: &str, from: i64, checks: &mut Checks) {
        if from <= self.before {
            checks.add_with(at, self.errors.overlap, format!("> {}", self.before));
        }
        if let Some((most, pack)) = self.most_and_pack {
            if from > most {
                checks.add_with(at, self.errors.beyond, format!("≤ {most}"));
            } else if from % pack != 0 {
                checks.add_with(at, self.errors.inside_pack, pack.to_string());
            }
        }
        self.before = self.before.max(from);
    }

    /// The same tier's price, in ten-thousandths of a rupiah per pricing unit.
    pub fn price(&mut self, at: &str, price_e4: i64, checks: &mut Checks) {
        if let Some(dearer) = self.dearer_e4.filter(|dearer| price_e4 >= *dearer) {
            checks.add_with(at, self.errors.rises, format!("< {}", format_scaled(dearer, DIGITS)));
        }
        self.dearer_e4 = Some(price_e4);
    }
}
