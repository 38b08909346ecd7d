//! The division: who gets how many units, and a flow that delivers them.
//!
//! Units are handed out one by one to whoever is served least so far, lower priority classes first, the smaller need
//! first where two are served alike; the canonical order settles the rest. On a flow network this greedy order gives the
//! lexicographically largest fill (Federgruen and Groenevelt 1986). It is not walked unit by unit: hand out in this
//! order as many units as there is stock, as if all could draw on everything; a maximum flow shows who cannot be served
//! so, and its cut falls into two parts that have nothing to do with one another any more. Each is divided again.

use super::pool::Pool;
use crate::flow::maxflow;
use std::cmp::Ordering;

/// Fill is cut into 2^40 parts to search in; within one part units are compared exactly.
const PARTS: i128 = 1 << 40;

/// Who gets what of a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Units of each taker.
    pub units: Vec<i64>,
    /// Units on each arc of the pool.
    pub flow: Vec<Vec<i64>>,
}

/// Takers and offers that only have to do with one another. `least` of every taker can be met together.
struct Block {
    takers: Vec<usize>,
    offers: Vec<usize>,
    least: Vec<i64>,
    most: Vec<i64>,
}

/// Divides a pool.
pub fn divide(pool: &Pool) -> Division {
    let mut out = Division {
        units: vec![0; pool.takers.len()],
        flow: pool.arcs.iter().map(|arcs| vec![0; arcs.len()]).collect(),
    };
    let whole = Block {
        takers: (0..pool.takers.len()).collect(),
        offers: (0..pool.offers.len()).collect(),
        least: vec![0; pool.takers.len()],
        most: pool.takers.iter().map(|taker| taker.most).collect(),
    };
    let mut open = vec![whole];
    let mut local = vec![usize::MAX; pool.offers.len()];
    while let Some(block) = open.pop() {
        open.extend(block.divide(pool, &mut local, &mut out));
    }
    out
}

/// Orders two units of two takers: which is handed out first.
pub fn before(pool: &Pool, (a, unit_a): (usize, i64), (b, unit_b): (usize, i64)) -> Ordering {
    let (one, other) = (&pool.takers[a], &pool.takers[b]);
    let fill =
        |taker: &super::pool::Taker, unit: i64| i128::from(taker.base) + i128::from(unit - 1) * i128::from(pool.unit);
    let served = |own: i128, need: i64| own * i128::from(need);
    one.class
        .cmp(&other.class)
        .then_with(|| served(fill(one, unit_a), other.need).cmp(&served(fill(other, unit_b), one.need)))
        .then_with(|| one.need.cmp(&other.need))
}

impl Block {
    /// Settles the block, or returns the two parts that it falls into.
    fn divide(&self, pool: &Pool, local: &mut [usize], out: &mut Division) -> Vec<Self> {
        for (slot, &offer) in self.offers.iter().enumerate() {
            local[offer] = slot;
        }
        let inside = |&offer: &usize| local[offer] != usize::MAX;
        let arcs: Vec<Vec<usize>> = self
            .takers
            .iter()
            .map(|&taker| pool.arcs[taker].iter().filter(|offer| inside(offer)).map(|&offer| local[offer]).collect())
            .collect();
        let mut is_used = vec![false; self.offers.len()];
        arcs.iter().flatten().for_each(|&offer| is_used[offer] = true);
        let supply: Vec<i64> = self.offers.iter().map(|&offer| pool.supply[offer]).collect();
        let stock = supply.iter().zip(&is_used).filter(|(_, used)| **used).map(|(units, _)| i128::from(*units)).sum();
        let units = self.hand_out(pool, stock);
        let found = maxflow::solve(&maxflow::Problem { supply: &supply, most: &units, arcs: &arcs });
        let parts = if found.scarce_demands.contains(&true) {
            let part = |is_scarce: bool| self.part(&units, &found, is_scarce);
            vec![part(true), part(false)]
        } else {
            self.settle(pool, local, &units, &found, out);
            Vec::new()
        };
        self.offers.iter().for_each(|&offer| local[offer] = usize::MAX);
        parts
    }

    fn settle(&self, pool: &Pool, local: &[usize], units: &[i64], found: &maxflow::Solution, out: &mut Division) {
        for (slot, &taker) in self.takers.iter().enumerate() {
            out.units[taker] = units[slot];
            let mut flows = found.flow[slot].iter();
            for (place, &offer) in pool.arcs[taker].iter().enumerate() {
                if local[offer] != usize::MAX {
                    out.flow[taker][place] = flows.next().copied().unwrap_or(0);
                }
            }
        }
    }

    /// The scarce side keeps at most what was handed out, the other side at least that.
    fn part(&self, units: &[i64], found: &maxflow::Solution, is_scarce: bool) -> Self {
        let takers: Vec<usize> = (0..self.takers.len()).filter(|&at| found.scarce_demands[at] == is_scarce).collect();
        let offers = (0..self.offers.len()).filter(|&at| found.scarce_supplies[at] == is_scarce);
        let (least, most) = if is_scarce { (&self.least[..], units) } else { (units, &self.most[..]) };
        Self {
            offers: offers.map(|at| self.offers[at]).collect(),
            least: takers.iter().map(|&at| least[at]).collect(),
            most: takers.iter().map(|&at| most[at]).collect(),
            takers: takers.into_iter().map(|at| self.takers[at]).collect(),
        }
    }

    /// The first `stock` units in order; all there are when stock is plenty.
    fn hand_out(&self, pool: &Pool, stock: i128) -> Vec<i64> {
        let total = |units: &[i64]| units.iter().map(|&units| i128::from(units)).sum::<i128>();
        if total(&self.most) <= stock {
            return self.most.clone();
        }
        let mut classes: Vec<i64> = self.takers.iter().map(|&taker| pool.takers[taker].class).collect();
        classes.sort_unstable();
        classes.dedup();
        let up_to = |class: i64, parts: i128| self.up_to(pool, class, parts);
        let last = classes.iter().find(|&&class| total(&up_to(class, PARTS)) >= stock).copied().unwrap_or(0);
        let (mut low, mut high) = (0, PARTS);
        while high - low > 1 {
            let middle = i128::midpoint(low, high);
            if total(&up_to(last, middle)) <= stock { low = middle } else { high = middle }
        }
        let (mut units, next) = (up_to(last, low), up_to(last, low + 1));
        let mut left = stock - total(&units);
        let mut rest: Vec<(usize, i64)> = Vec::new();
        for (slot, (&from, &to)) in units.iter().zip(&next).enumerate() {
            rest.extend((from + 1..=to).map(|unit| (slot, unit)));
        }
        let taker = |&(slot, unit): &(usize, i64)| (self.takers[slot], unit);
        rest.sort_by(|a, b| before(pool, taker(a), taker(b)).then_with(|| a.cmp(b)));
        for (slot, unit) in rest {
            if left == 0 {
                break;
            }
            units[slot] = unit;
            left -= 1;
        }
        units
    }

    /// Units before which a taker is served less than `parts` / [`PARTS`], all in classes before `class`, least after it.
    fn up_to(&self, pool: &Pool, class: i64, parts: i128) -> Vec<i64> {
        let units = |(slot, &taker): (usize, &usize)| {
            let own = &pool.takers[taker];
            let (least, most) = (self.least[slot], self.most[slot]);
            match own.class.cmp(&class) {
                Ordering::Less => most,
                Ordering::Greater => least,
                Ordering::Equal => {
                    let open = parts * i128::from(own.need) - PARTS * i128::from(own.base);
                    let count = -(-open).div_euclid(PARTS * i128::from(pool.unit));
                    crate::model::narrow(count).clamp(least, most)
                }
            }
        };
        self.takers.iter().enumerate().map(units).collect()
    }
}
