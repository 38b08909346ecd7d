//! Costs of all pairs of a group, in as little memory as they fit.
//!
//! A row is stored less its own least cost, which moves every plan's cost by the same amount and so decides nothing. What
//! is left fits 32 bits unless prices of one commodity lie some Rp 100,000 a kilogram apart.

use crate::candidates::{self, Columns, FORBIDDEN};
use crate::flow::transport::{Cost, Matrix, Rows};
use crate::model::Model;
use crate::pipeline::Group;
use rayon::prelude::*;

/// Rows of relative costs per base unit or, times the factor, in the engine's unit.
#[derive(Debug)]
pub(super) enum Store {
    /// In the engine's unit.
    Narrow(Vec<i32>),
    /// Per base unit: the factor is applied row by row when one is asked for.
    Compact(Vec<i32>),
    /// In the engine's unit.
    Wide(Vec<i64>),
}

/// Costs of all pairs: `(offset + relative) × factor`, one row per demand of the group.
#[derive(Debug)]
pub(super) struct Costs {
    pub(super) store: Store,
    /// Least cost of each demand in ticks per base unit; `None` where no pair may trade.
    pub(super) offsets: Vec<Option<i64>>,
}

impl Costs {
    /// Judges every pair. `factor` turns ticks per base unit into the engine's unit.
    pub(super) fn of(model: &Model<'_>, group: &Group, factor: i64) -> Self {
        let columns = Columns::new(model, &group.demands, &group.offers);
        let maker = Maker { model, group, columns };
        let small = |cost: i64| i32::try_from(cost).ok().filter(|&cost| cost < (1 << 30) - 1);
        if let Some((costs, offsets)) = maker.fill(|cost| cost.checked_mul(factor).and_then(small)) {
            return Self { store: Store::Narrow(costs), offsets };
        }
        if factor > 1
            && let Some((costs, offsets)) = maker.fill(small)
        {
            return Self { store: Store::Compact(costs), offsets };
        }
        let (costs, offsets) = maker.fill(|cost| cost.checked_mul(factor)).unwrap_or_default();
        Self { store: Store::Wide(costs), offsets }
    }
}

struct Maker<'a> {
    model: &'a Model<'a>,
    group: &'a Group,
    columns: Option<Columns<'a>>,
}

/// Room for one row, kept from row to row.
#[derive(Default)]
struct Room {
    metres: Vec<u32>,
    costs: Vec<i64>,
}

impl Maker<'_> {
    /// All rows, `None` as soon as a cost does not fit.
    fn fill<C: Cost>(&self, fit: impl Fn(i64) -> Option<C> + Sync) -> Option<(Vec<C>, Vec<Option<i64>>)> {
        let (height, width) = (self.group.demands.len(), self.group.offers.len());
        if width == 0 {
            return Some((Vec::new(), vec![None; height]));
        }
        let mut matrix = vec![C::ZERO; height.checked_mul(width)?];
        let offsets: Option<Vec<Option<i64>>> = matrix
            .par_chunks_mut(width)
            .zip(&self.group.demands)
            .map_init(Room::default, |room, (row, &demand)| {
                let least = self.row(demand, room);
                for (place, &cost) in row.iter_mut().zip(&room.costs) {
                    *place = if cost == FORBIDDEN { C::FORBIDDEN } else { fit(cost - least.unwrap_or(0))? };
                }
                Some(least)
            })
            .collect();
        Some((matrix, offsets?))
    }

    fn row(&self, demand: usize, room: &mut Room) -> Option<i64> {
        if let Some(columns) = &self.columns {
            return columns.costs(demand, &mut room.metres, &mut room.costs);
        }
        let cost = |&offer: &usize| {
            let judged = candidates::judge(self.model, demand, offer);
            judged.map_or(FORBIDDEN, |arc| arc.cost / self.model.offers[offer].pack)
        };
        room.costs.clear();
        room.costs.extend(self.group.offers.iter().map(cost));
        room.costs.iter().copied().min().filter(|&least| least != FORBIDDEN)
    }
}

/// The engine's rows: a demand's costs, some of them repeated.
pub(in crate::engines) struct Repeated<'a, C> {
    pub(in crate::engines) matrix: Matrix<'a, C>,
    /// Demand of each row.
    pub(in crate::engines) slots: &'a [usize],
}

impl<C: Cost> Rows for Repeated<'_, C> {
    type Cost = C;

    fn row<'a>(&'a self, demand: usize, scratch: &'a mut Vec<C>) -> &'a [C] {
        self.slots.get(demand).map_or(&[], |&slot| self.matrix.row(slot, scratch))
    }
}

/// Rows that are widened when they are asked for.
pub(super) struct Widened<'a> {
    pub(super) rows: Repeated<'a, i32>,
    pub(super) factor: i64,
}

impl Rows for Widened<'_> {
    type Cost = i64;

    fn row<'a>(&'a self, demand: usize, scratch: &'a mut Vec<i64>) -> &'a [i64] {
        let widen = |&cost: &i32| if cost.is_allowed() { i64::from(cost) * self.factor } else { i64::FORBIDDEN };
        scratch.clear();
        // The narrow rows are borrowed from memory, so this stays empty.
        let mut unused = Vec::new();
        scratch.extend(self.rows.row(demand, &mut unused).iter().map(widen));
        scratch
    }
}
