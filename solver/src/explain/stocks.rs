//! What one more pack of each used-up stock is worth, by solving again with it.

use serde::Serialize;

use super::{Again, ExplainError, counted, scope, taken};
use crate::check::Book;
use crate::plan::Plan;

/// The worth of one more pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StockAnswer {
    /// The offer.
    pub offer: String,
    /// Base units of the pack that was added.
    pub pack: i64,
    /// Ticks that the plan counts less with it.
    #[serde(serialize_with = "super::offers::as_text")]
    pub worth: i128,
}

/// Answers for every offer with less than a pack left.
pub fn explain(book: &Book, plan: &Plan, again: &Again, answers: &mut Vec<StockAnswer>) -> Result<(), ExplainError> {
    for (at, offer) in book.problem.offers.iter().enumerate() {
        let used = taken(plan, &offer.id);
        if used == 0 || offer.stock - used >= offer.pack {
            continue;
        }
        let part = scope::around(book, &[at], &[]);
        let mut more = part.clone();
        for own in more.offers.iter_mut().filter(|own| own.id == offer.id) {
            own.stock += offer.pack;
        }
        let worth = counted(&again.solve(&part)?.totals) - counted(&again.solve(&more)?.totals);
        answers.push(StockAnswer { offer: offer.id.clone(), pack: offer.pack, worth });
    }
    Ok(())
}
