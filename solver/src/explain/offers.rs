//! Why not me: the highest price at which a losing offer would win something.
//!
//! Found by solving again at other prices of *this* offer: at the price stated it wins, one tick above it does not. The
//! answer holds nothing of anybody else's price, so it can be shown to the supplier.

use serde::Serialize;

use super::{Again, ExplainError, ExplainOptions, scope, taken};
use crate::check::{Book, round_div};
use crate::plan::{Plan, Reason};
use crate::problem::{Bundle, Problem};

/// What a losing offer can know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfferAnswer {
    /// The offer.
    pub offer: String,
    /// Its own price now, ticks per base unit.
    pub price: i64,
    /// The highest price at which it wins something, ticks per base unit; `None` when it would not even for nothing.
    pub wins_at: Option<i64>,
    /// Base units that it wins at that price.
    pub quantity: i64,
    /// Why it may not serve demands for its commodity: reason and number of such demands.
    pub barred: Vec<(Reason, usize)>,
    /// How many demands it may serve as far as everything but price and stock goes.
    pub open_demands: usize,
}

/// Answers for one offer, or for every losing one in the problem's order.
pub fn explain(
    book: &Book,
    plan: &Plan,
    options: &ExplainOptions,
    again: &Again,
    answers: &mut Vec<OfferAnswer>,
) -> Result<(), ExplainError> {
    for (at, offer) in book.problem.offers.iter().enumerate() {
        let is_asked = options.offer.as_ref().is_none_or(|only| *only == offer.id);
        if is_asked && taken(plan, &offer.id) == 0 {
            answers.push(why_not(book, plan, at, again)?);
        }
    }
    Ok(())
}

fn why_not(book: &Book, plan: &Plan, at: usize, again: &Again) -> Result<OfferAnswer, ExplainError> {
    let offer = &book.problem.offers[at];
    let (barred, open_demands) = access(book, at);
    let mut answer =
        OfferAnswer { offer: offer.id.clone(), price: offer.price, wins_at: None, quantity: 0, barred, open_demands };
    if answer.open_demands == 0 {
        return Ok(answer);
    }
    let small = book.demands.len() <= MAX_WHOLE;
    let trial =
        Trial { whole: small.then_some(book.problem), part: scope::around(book, &[at], &[]), offer: &offer.id, again };
    let lowest = offer.price - dearest_cut(book, at);
    if let Some((price, quantity)) = trial.search(lowest, offer.price, guess(book, plan, at))? {
        (answer.wins_at, answer.quantity) = trial.settle((price, quantity), lowest, offer.price)?;
    }
    Ok(answer)
}

/// Most that the price can fall before the lowest tier, less all discounts, falls below nought.
fn dearest_cut(book: &Book, at: usize) -> i64 {
    let offer = &book.problem.offers[at];
    let lowest = offer.tiers.iter().map(|tier| tier.price).fold(offer.price, i64::min);
    let off = |bundle: &Bundle| match bundle {
        Bundle::Discount { then, off, .. } if then.contains(&offer.id) => *off,
        _ => 0,
    };
    lowest - book.problem.bundles.iter().map(off).sum::<i64>()
}

/// Reasons that bar it, with counts, and the number of demands that only price or penalty keep it from.
fn access(book: &Book, at: usize) -> (Vec<(Reason, usize)>, usize) {
    let (mut counts, mut open) = (std::collections::BTreeMap::new(), 0);
    for demand in 0..book.demands.len() {
        let Some(ratio) = book.ratio(demand, at) else { continue };
        match book.arc(demand, at, ratio) {
            Ok(_) | Err(Reason::CostAbovePenalty | Reason::PriceAboveCeiling) => open += 1,
            Err(reason) => *counts.entry(reason).or_default() += 1,
        }
    }
    (counts.into_iter().collect(), open)
}

/// A first guess from the multipliers: the price at which some arc's reduced cost is nought.
fn guess(book: &Book, plan: &Plan, at: usize) -> i64 {
    let (offer, scale) = (&book.problem.offers[at], i128::from(plan.certificate.scale.max(1)));
    let mut best = 0;
    let mut arcs = Vec::new();
    for demand in 0..book.demands.len() {
        let Some(ratio) = book.ratio(demand, at) else { continue };
        let Ok(arc) = book.arc(demand, at, ratio) else { continue };
        book.arcs(demand, &mut arcs);
        let steps = i128::from(arc.weight / book.reach(demand, &arcs).step.max(1));
        let worth = i128::from(plan.certificate.demand_prices.get(demand).copied().unwrap_or(0)) * steps;
        let others = arc.cost - i128::from(offer.price) * i128::from(arc.pack);
        let price = round_div(worth - others * scale, scale * i128::from(arc.pack));
        best = best.max(i64::try_from(price).unwrap_or(0));
    }
    best
}

/// Most demands of a problem on which a price is confirmed as a whole, too.
const MAX_WHOLE: usize = 5_000;

/// Tries prices of one offer.
struct Trial<'a> {
    /// The whole problem, where it is small enough to confirm the price on it.
    whole: Option<&'a Problem>,
    part: Problem,
    offer: &'a str,
    again: &'a Again<'a>,
}

impl Trial<'_> {
    /// Base units won at a price.
    fn won(&self, price: i64) -> Result<i64, ExplainError> {
        self.won_in(&self.part, price)
    }

    /// The same, in a problem that holds the offer; tiers move along.
    fn won_in(&self, problem: &Problem, price: i64) -> Result<i64, ExplainError> {
        let mut part = problem.clone();
        for offer in part.offers.iter_mut().filter(|offer| offer.id == self.offer) {
            let shift = price - offer.price;
            offer.price = price;
            offer.tiers.iter_mut().for_each(|tier| tier.price += shift);
        }
        Ok(taken(&self.again.solve(&part)?, self.offer))
    }

    /// The price where winning ends, between `lowest` and the price now (at which it loses). Starts at a guess and
    /// strides away from it, so that a good guess costs two solves.
    fn search(&self, lowest: i64, now: i64, guess: i64) -> Result<Option<(i64, i64)>, ExplainError> {
        let (mut wins, mut loses) = (None, now);
        let mut probe = guess.clamp(lowest, (now - 1).max(lowest));
        let mut stride = 1;
        loop {
            let quantity = if probe >= now { 0 } else { self.won(probe)? };
            if quantity > 0 {
                wins = Some((probe, quantity));
                probe = probe.saturating_add(stride).min(loses - 1);
            } else {
                loses = loses.min(probe);
                if probe <= lowest {
                    return Ok(None);
                }
                probe = probe.saturating_sub(stride).max(lowest);
            }
            stride = stride.saturating_mul(8);
            if let Some((price, won)) = wins {
                if loses - price <= 1 {
                    return Ok(Some((price, won)));
                }
                if quantity == 0 || probe <= price {
                    return self.bisect((price, won), loses).map(Some);
                }
            }
        }
    }

    /// At the price where winning ends, plans tie, and other parts of the problem may tip the balance. So the last tick
    /// is settled on the whole problem.
    fn settle(&self, found: (i64, i64), lowest: i64, now: i64) -> Result<(Option<i64>, i64), ExplainError> {
        let Some(whole) = self.whole else {
            return Ok((Some(found.0), found.1));
        };
        let mut price = found.0;
        let mut quantity = self.won_in(whole, price)?;
        while quantity == 0 && price > lowest {
            price -= 1;
            quantity = self.won_in(whole, price)?;
        }
        while price >= found.0 && quantity > 0 && price + 1 < now {
            match self.won_in(whole, price + 1)? {
                0 => break,
                more => (price, quantity) = (price + 1, more),
            }
        }
        Ok(if quantity > 0 { (Some(price), quantity) } else { (None, 0) })
    }

    fn bisect(&self, mut wins: (i64, i64), mut loses: i64) -> Result<(i64, i64), ExplainError> {
        while loses - wins.0 > 1 {
            let middle = wins.0 + (loses - wins.0) / 2;
            match self.won(middle)? {
                0 => loses = middle,
                quantity => wins = (middle, quantity),
            }
        }
        Ok(wins)
    }
}

/// Wide numbers as text, as everywhere in the documents.
pub fn as_text<S: serde::Serializer>(value: &i128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
