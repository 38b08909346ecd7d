//! What fair shares cost and the totals that they must not cost: judged beside the plan without the rule.

use super::book::Book;
use super::report::{Code, Report, Violation};
use super::rows::Prices;
use crate::plan::{FairShares, Floor, RowPrice, Totals};

/// Judges the least totals and the stated cost, given what the plan without the rule amounts to.
pub fn check_cost(book: &Book, stated: &FairShares, served: &[i128], without: &[i128], report: &mut Report) {
    let permille = book.problem.fairness.as_ref().map_or(0, |rule| i128::from(rule.min_total_permille));
    let total = |served: &[i128]| {
        let mut totals: Vec<Option<i128>> = vec![None; book.problem.commodities.len()];
        for (links, units) in book.demands.iter().zip(served) {
            *totals[links.commodity].get_or_insert(0) += units;
        }
        totals
    };
    let (own, free) = (total(served), total(without));
    let asked = own.iter().zip(&free).zip(&book.problem.commodities);
    let mut expected = asked.filter_map(|((own, free), goods)| Some((goods.id.as_str(), (*own)?, (*free)?)));
    for (at, floor) in stated.floors.iter().enumerate() {
        let pointer = format!("/fairness/floors/{at}");
        let Some((goods, shipped, free)) = expected.next().filter(|(goods, ..)| *goods == floor.commodity) else {
            let text = "Totals stand in the order of the commodities that are asked for.".to_owned();
            return report.add(Violation::new(Code::FairTotal, pointer, &[&floor.commodity], text));
        };
        let least = -(-free * permille).div_euclid(1000);
        let numbers =
            [("without", floor.without, free), ("least", floor.least, least), ("shipped", floor.shipped, shipped)];
        for (name, stated, expected) in numbers.into_iter().filter(|(_, stated, expected)| stated != expected) {
            let text = format!("'{name}' is {expected}, the plan states {stated}.");
            let violation = Violation::new(Code::FairTotal, format!("{pointer}/{name}"), &[goods], text);
            report.add(violation.amounts(stated, expected));
        }
        if shipped < least {
            let text = format!("{shipped} of '{goods}' is delivered, the rule leaves at least {least}.");
            report.add(Violation::new(Code::FairTotal, pointer, &[goods], text).amounts(shipped, least));
        }
    }
    if let Some((goods, ..)) = expected.next() {
        let text = format!("The total of '{goods}' is not stated.");
        report.add(Violation::new(Code::FairTotal, "/fairness/floors".into(), &[goods], text));
    }
}

/// The cost of the rule is the difference of the two plans, without what missed shares count.
pub fn check_difference(stated: &FairShares, without: i128, report: &mut Report) {
    let cost = report.totals.objective.saturating_sub(report.totals.fairness).saturating_sub(without);
    if stated.cost != cost {
        let text = format!("The two plans differ by {cost} ticks, the plan states {}.", stated.cost);
        let violation = Violation::new(Code::Total, "/fairness/cost".into(), &[], text);
        report.add(violation.amounts(stated.cost, cost));
    }
}

/// The same shares beside another plan: what is delivered and what the rule costs are added up anew.
pub fn restate(book: &Book, mut given: FairShares, served: &[i128], totals: &Totals) -> FairShares {
    for floor in &mut given.floors {
        let asks = |links: &super::book::DemandLinks| book.problem.commodities[links.commodity].id == floor.commodity;
        floor.shipped = book.demands.iter().zip(served).filter(|(links, _)| asks(links)).map(|(_, units)| units).sum();
    }
    given.cost = totals.objective - totals.fairness - given.without.totals.objective;
    given
}

impl Prices<'_> {
    /// The least total of a commodity; the number itself is judged beside the plan without the rule.
    pub(super) fn add_floor(&mut self, book: &Book, row: &RowPrice, floors: &[Floor]) -> Result<(), Code> {
        let [id] = &row.key[..] else { return Err(Code::CertificateShape) };
        let floor = floors.iter().find(|floor| floor.commodity == *id).ok_or(Code::CertificateShape)?;
        let goods = book.problem.commodities.iter().position(|goods| goods.id == *id).ok_or(Code::CertificateShape)?;
        self.right_hand_side = self.right_hand_side.saturating_sub(floor.least.saturating_mul(row.price.into()));
        self.per_unit.insert(goods, row.price.into());
        Ok(())
    }
}
