//! On which day: as few visits as the windows of the lines allow.

use crate::candidates::Arc;
use crate::model::Model;
use crate::pipeline::{Component, Trade};
use std::collections::BTreeMap;

/// Lays lines (demand slot, arc, packs) on days. Lines that one visit could serve share a day wherever their windows
/// meet: windows from the latest start to the earliest, each on the day chosen last if it lies inside, else on its own
/// first day, which is the least number of days. Where a supplier's trip costs, its trips are counted, else its drops;
/// where nothing costs, every line comes on its first day.
pub fn lay(model: &Model<'_>, component: &Component, lines: &[(usize, &Arc, i64)]) -> Vec<Trade> {
    let mut visits: BTreeMap<(usize, Option<usize>), Vec<usize>> = BTreeMap::new();
    for (index, (slot, arc, _)) in lines.iter().enumerate() {
        let supplier = model.offers[arc.offer].supplier;
        let place = model.demands[component.demands[*slot]].place;
        let is_trip = model.suppliers[supplier].trip_fee > 0;
        visits.entry((supplier, (!is_trip).then_some(place))).or_default().push(index);
    }
    let mut trades = Vec::with_capacity(lines.len());
    for ((supplier, _), mut members) in visits {
        let costs = model.suppliers[supplier].drop_fee > 0 || model.suppliers[supplier].trip_fee > 0;
        members.sort_by_key(|&index| (std::cmp::Reverse(lines[index].1.day_from), index));
        let mut chosen: Option<i64> = None;
        for index in members {
            let (slot, arc, packs) = lines[index];
            let day = chosen.filter(|day| costs && *day <= arc.day_to).unwrap_or(arc.day_from);
            chosen = Some(day);
            trades.push(Trade { demand: component.demands[slot], offer: arc.offer, day, packs });
        }
    }
    trades.sort_unstable();
    trades
}
