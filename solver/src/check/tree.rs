//! A proof by cases: a tree of splits whose leaves each carry multipliers of their own.
//!
//! Every case is judged by weak duality over the packages still open in it, in whole numbers; nothing about how the tree
//! was found has to be trusted. Formula: `solver/README.md`, "Proof by cases".

use super::arith::{ceil_to, floor_to, gcd};
use super::book::Book;
use super::items::{Item, Items, Rule};
use super::report::{Code, Report, Violation};
use crate::plan::{Certificate, ControlSums, Split, Tree, TreeNode};

/// Largest price that is judged.
const MAX_PRICE: i64 = 1_000_000_000_000_000_000;
/// Largest denominator of prices in money.
const MAX_SCALE: i64 = 100_000_000_000_000_000;

/// What is still to be shown: packages that may be taken, and sets of which at least one is.
#[derive(Clone)]
struct Case {
    open: Vec<usize>,
    with: Vec<Vec<usize>>,
}

/// The bound that the tree proves, which is the one stated; `None` with violations where it does not.
pub fn prove(book: &Book, certificate: &Certificate, tree: &Tree, report: &mut Report) -> Option<i128> {
    let before = report.count();
    check_control(tree, report);
    let judge = Judge::of(book, certificate, tree, report)?;
    judge.check_nodes(tree, report);
    (report.count() == before).then_some(certificate.bound)
}

fn fault(report: &mut Report, code: Code, at: &str, text: String) {
    report.add(Violation::new(code, format!("/certificate/tree{at}"), &[], text));
}

/// Recomputes the control sums and names the altered price where one alone explains the difference.
fn check_control(tree: &Tree, report: &mut Report) {
    let found = ControlSums::over(tree.nodes.iter().flat_map(TreeNode::prices).copied());
    let (off, shift) =
        (found.sum.saturating_sub(tree.control.sum), found.weighted.saturating_sub(tree.control.weighted));
    if off == 0 && shift == 0 {
        return;
    }
    let mut place = if off != 0 && shift % off == 0 { usize::try_from(shift / off).unwrap_or(0) } else { 0 };
    let mut pointer = "/control".to_owned();
    for (at, node) in tree.nodes.iter().enumerate() {
        let kind = match node {
            TreeNode::Split(_) | TreeNode::Fix(_) => "fix",
            TreeNode::Leaf(_) => "leaf",
            TreeNode::Empty(_) => "empty",
        };
        if (1..=node.prices().len()).contains(&place) {
            pointer = format!("/nodes/{at}/{kind}/{}", place - 1);
            break;
        }
        place = place.saturating_sub(node.prices().len());
    }
    fault(report, Code::ControlSum, &pointer, format!("The control sums differ by {off} and {shift}."));
}

/// The problem as packages, with what the tree is measured by.
struct Judge<'a> {
    book: &'a Book<'a>,
    items: Vec<Item>,
    found: Items,
    rules: Vec<Rule>,
    /// Coefficients of each package by rule.
    coefficients: Vec<Vec<i128>>,
    scale: i128,
    /// The bound to be shown.
    target: i128,
    /// What the cost of every plan is a multiple of.
    grain: i128,
}

/// What prices say about a case: its least cost, and what each open package adds at least.
struct Verdict {
    value: i128,
    reduced: Vec<i128>,
}

impl<'a> Judge<'a> {
    fn of(book: &'a Book<'a>, certificate: &Certificate, tree: &Tree, report: &mut Report) -> Option<Self> {
        let before = report.count();
        let digits = tree.scale.checked_ilog10().unwrap_or(0);
        if tree.scale != 10_i64.pow(digits) || tree.scale > MAX_SCALE {
            fault(report, Code::CertificateShape, "/scale", format!("{} is no power of ten up to 10^17.", tree.scale));
        }
        let Some(mut found) = Items::of(book) else {
            fault(
                report,
                Code::CertificateShape,
                "",
                "Only a tender of packages can have a proof by cases.".to_owned(),
            );
            return None;
        };
        let mut rules = Vec::with_capacity(tree.rows.len());
        for (at, name) in tree.rows.iter().enumerate() {
            if at > 0 && tree.rows[at - 1] >= *name {
                let text = "Rows are ordered by family and key, each at most once.".to_owned();
                fault(report, Code::RowOrder, &format!("/rows/{at}"), text);
            }
            match found.rule(book, name) {
                Ok(rule) => rules.push(rule),
                Err(code) => {
                    let text = format!("Row '{}' {:?} is not one of this problem's.", name.row, name.key);
                    fault(report, code, &format!("/rows/{at}"), text);
                }
            }
        }
        let row = |item: &Item| rules.iter().map(|rule| item.coefficient(book, rule)).collect::<Option<Vec<_>>>();
        let coefficients: Option<Vec<_>> = found.items.iter().map(row).collect();
        if coefficients.is_none() {
            fault(report, Code::CertificateShape, "/rows", "Numbers are beyond what can be judged.".to_owned());
        }
        let items = std::mem::take(&mut found.items);
        let grain = grain(book, &items, &found);
        let (scale, target) = (tree.scale.into(), certificate.bound);
        let coefficients = coefficients.filter(|_| report.count() == before)?;
        Some(Self { book, items, found, rules, coefficients, scale, target, grain })
    }

    fn check_nodes(&self, tree: &Tree, report: &mut Report) {
        let mut cases = vec![Case { open: (0..self.items.len()).collect(), with: Vec::new() }];
        for (at, node) in tree.nodes.iter().enumerate() {
            let Some(case) = cases.pop() else {
                let text = "The tree is complete before this node.".to_owned();
                fault(report, Code::CertificateShape, &format!("/nodes/{at}"), text);
                return;
            };
            if let Err((code, text)) = self.check_node(node, case, &mut cases) {
                fault(report, code, &format!("/nodes/{at}"), text.to_owned());
            }
        }
        if !cases.is_empty() {
            let text = format!("{} cases are left without a node.", cases.len());
            fault(report, Code::CertificateShape, "/nodes", text);
        }
    }

    /// Judges a node and puts the cases below it on the stack, the one that comes next last.
    fn check_node(&self, node: &TreeNode, mut case: Case, cases: &mut Vec<Case>) -> Result<(), (Code, &'static str)> {
        match node {
            TreeNode::Split(split) => {
                let named = self.named(split)?;
                let (some, others): (Vec<usize>, Vec<usize>) =
                    case.open.iter().partition(|&&item| named(&self.items[item]));
                let without = Case { open: others, with: case.with.clone() };
                case.with.push(some);
                cases.extend([case, without]);
            }
            TreeNode::Fix(prices) => {
                let verdict = self.verdict(&case, prices, 1)?;
                let is_open = |reduced: i128| !self.reaches(verdict.value, reduced);
                let open = case.open.iter().zip(&verdict.reduced);
                case.open = open.filter(|(_, reduced)| is_open(**reduced)).map(|(item, _)| *item).collect();
                cases.push(case);
            }
            TreeNode::Leaf(prices) => {
                let verdict = self.verdict(&case, prices, 1)?;
                if !self.reaches(verdict.value, 0) {
                    return Err((Code::Bound, "These prices do not reach the bound."));
                }
            }
            TreeNode::Empty(prices) => {
                // Without costs the least is 0 or less wherever there is a plan.
                if self.verdict(&case, prices, 0)?.value <= 0 {
                    return Err((Code::Bound, "These prices do not show that the case is empty."));
                }
            }
        }
        Ok(())
    }

    /// Whether no plan of at least this cost (in ticks / scale) is below the target.
    fn reaches(&self, value: i128, more: i128) -> bool {
        let Some(value) = value.checked_add(more.max(0)) else { return false };
        let ticks = -(-value).div_euclid(self.scale);
        let whole = -(-ticks).div_euclid(self.grain);
        whole.checked_mul(self.grain).is_some_and(|least| least >= self.target)
    }

    fn named(&self, split: &Split) -> Result<impl Fn(&Item) -> bool + use<>, (Code, &'static str)> {
        let Split { supplier, demand, offer } = split;
        let find = |id: &Option<String>, index: &std::collections::HashMap<&str, usize>| match id {
            None => Ok(None),
            Some(id) => index.get(id.as_str()).map(|&at| Some(at)).ok_or((Code::CertificateShape, "No such record.")),
        };
        let supplier = find(supplier, &self.book.supplier_at)?;
        let demand = find(demand, &self.book.demand_at)?;
        let offer = find(offer, &self.book.offer_at)?;
        if supplier.or(demand).or(offer).is_none() {
            return Err((Code::CertificateShape, "A split names a supplier, a demand or an offer."));
        }
        Ok(move |item: &Item| {
            supplier.is_none_or(|supplier| item.supplier == supplier)
                && demand.is_none_or(|demand| item.pieces.iter().any(|piece| piece.demand == demand))
                && offer.is_none_or(|offer| item.pieces.iter().any(|piece| piece.offer == offer))
        })
    }

    fn verdict(&self, case: &Case, prices: &[i64], costs: i128) -> Result<Verdict, (Code, &'static str)> {
        let (demands, rules) = (self.book.demands.len(), self.rules.len());
        if prices.len() != demands + rules + case.with.len() {
            return Err((Code::CertificateShape, "Prices: one for each demand, row, and split answered with."));
        }
        let (demands, others) = prices.split_at(demands);
        let is_sized = |price: &i64| (-MAX_PRICE..=MAX_PRICE).contains(price);
        if !prices.iter().all(is_sized) || others.iter().any(|price| *price < 0) {
            return Err((Code::PriceSign, "A price has the wrong sign or size."));
        }
        let (rows, with) = others.split_at(rules);
        self.lagrangian(case, [demands, rows, with], costs)
            .ok_or((Code::Bound, "Numbers are beyond what can be judged."))
    }

    /// `costs`: 1, or 0 where costs and shortages count nothing. `None` where a sum is beyond 128 bits.
    fn lagrangian(&self, case: &Case, [demands, rows, with]: [&[i64]; 3], costs: i128) -> Option<Verdict> {
        let mut value = 0_i128;
        for (demand, &price) in demands.iter().enumerate() {
            value = value.checked_add(self.need(demand, price.into(), costs)?.checked_mul(self.scale)?)?;
        }
        let factor = |rule: &Rule| if rule.is_money() { 1 } else { self.scale };
        let priced: Vec<(usize, i128)> = rows
            .iter()
            .enumerate()
            .filter(|(_, price)| **price != 0)
            .map(|(at, &price)| Some((at, i128::from(price).checked_mul(factor(&self.rules[at]))?)))
            .collect::<Option<_>>()?;
        for &(at, price) in &priced {
            value = value.checked_sub(price.checked_mul(self.rules[at].limit(self.book))?)?;
        }
        let mut bonus = vec![0_i128; self.items.len()];
        for (items, &price) in case.with.iter().zip(with) {
            value = value.checked_add(i128::from(price).checked_mul(self.scale)?)?;
            items.iter().for_each(|&item| bonus[item] += i128::from(price));
        }
        let mut reduced = Vec::with_capacity(case.open.len());
        for &at in &case.open {
            let item = &self.items[at];
            let mut own = item.cost.checked_mul(costs)?.checked_sub(bonus[at])?;
            for piece in &item.pieces {
                own = own.checked_sub(i128::from(demands[piece.demand]).checked_mul(piece.steps)?)?;
            }
            own = own.checked_mul(self.scale)?;
            for &(row, price) in &priced {
                own = own.checked_add(price.checked_mul(self.coefficients[at][row])?)?;
            }
            value = value.checked_add(own.min(0))?;
            reduced.push(own);
        }
        Some(Verdict { value, reduced })
    }

    /// The least of shortage and price × steps over all quantities in reach.
    fn need(&self, demand: usize, price: i128, costs: i128) -> Option<i128> {
        let reach = self.found.reach[demand];
        let wish = &self.book.problem.demands[demand];
        let penalty = i128::from(wish.shortage_penalty).checked_add(self.book.premium(demand))?.checked_mul(costs)?;
        let value = |served: i64| {
            let steps = i128::from(served.checked_div(reach.step).unwrap_or(0));
            penalty.checked_mul((wish.quantity - served).max(0).into())?.checked_add(price.checked_mul(steps)?)
        };
        let points = [0, floor_to(wish.quantity, reach.step), ceil_to(wish.quantity, reach.step), reach.most];
        let values: Option<Vec<i128>> = points.into_iter().filter(|&served| served <= reach.most).map(value).collect();
        values?.into_iter().min()
    }
}

/// Greatest common divisor of all that a plan can cost; at least 1.
fn grain(book: &Book, items: &[Item], found: &Items) -> i128 {
    let mut grain = items.iter().fold(0, |grain, item| gcd(grain, item.cost.abs()));
    for (demand, wish) in book.problem.demands.iter().enumerate() {
        let penalty = i128::from(wish.shortage_penalty).saturating_add(book.premium(demand));
        grain = gcd(grain, penalty.saturating_mul(wish.quantity.into()));
        grain = gcd(grain, penalty.saturating_mul(found.reach[demand].step.into()));
    }
    grain.max(1)
}
