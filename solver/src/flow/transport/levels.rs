//! A good start: solve a coarse problem first, then finer ones.
//!
//! Demands with similar rows are put side by side ([`order`]). A coarse problem joins runs of them into one demand with
//! the sum of their quantities and the row of the middle one. Its flow carries over to the finer problem as it is,
//! every member served by the suppliers of the whole, so that stock that was used up stays used up and the prices stay
//! meaningful; only what differs between members is left to be mended. Nothing here decides the answer.

use super::{
    Cost, Problem, Rows,
    basis::{Basis, NONE, at},
    crash::{self, Start},
    simplex,
};

/// Members of a coarse demand per demand of the next finer level.
const FACTOR: usize = 4;
/// Columns looked at when a set of demands is split.
const LANDMARKS: usize = 12;
/// Members looked at to judge a column.
const SAMPLE: usize = 24;

/// Solves from coarse to fine; the last level is the problem itself.
pub(super) fn run<R: Rows>(problem: &Problem<'_, R>, narrow: bool) -> Basis {
    let demands = problem.quantity.len();
    let order = order(problem);
    let mut size = 1;
    while demands / (size * FACTOR) >= problem.stock.len().max(64) {
        size *= FACTOR;
    }
    let mut start = Start::default();
    let mut work = 0;
    while size > 1 {
        let level = Level::new(problem, &order, size);
        let coarse = level.problem(problem);
        let mut basis = crash::run(&coarse, start);
        simplex::run(&coarse, &mut basis, narrow);
        work += basis.pivots;
        start = level.refine(problem, &basis);
        size /= FACTOR;
    }
    let mut basis = crash::run(problem, start);
    basis.pivots = work;
    simplex::run(problem, &mut basis, narrow);
    basis
}

/// A coarse problem: demand `i` stands for `order[i * size..][..size]`.
struct Level<'a, R> {
    rows: Members<'a, R>,
    size: usize,
    quantity: Vec<i64>,
    penalty: Vec<i64>,
}

/// Rows of the middle members.
struct Members<'a, R> {
    rows: &'a R,
    order: &'a [u32],
    middle: Vec<u32>,
}

impl<R: Rows> Rows for Members<'_, R> {
    type Cost = R::Cost;

    fn row<'a>(&'a self, demand: usize, scratch: &'a mut Vec<R::Cost>) -> &'a [R::Cost] {
        self.rows.row(at(self.middle[demand]), scratch)
    }
}

impl<'a, R: Rows> Level<'a, R> {
    fn new(problem: &Problem<'a, R>, order: &'a [u32], size: usize) -> Self {
        let sum = |members: &[u32]| members.iter().map(|&demand| problem.quantity[at(demand)]).sum();
        let middle: Vec<u32> = order.chunks(size).map(|members| members[members.len() / 2]).collect();
        Self {
            size,
            quantity: order.chunks(size).map(sum).collect(),
            penalty: middle.iter().map(|&demand| problem.penalty[at(demand)]).collect(),
            rows: Members { rows: problem.costs, order, middle },
        }
    }

    fn problem<'b>(&'b self, problem: &Problem<'b, R>) -> Problem<'b, Members<'a, R>> {
        Problem { quantity: &self.quantity, penalty: &self.penalty, stock: problem.stock, costs: &self.rows }
    }

    /// Hands flow and prices down to the next finer level.
    fn refine(&self, problem: &Problem<'_, R>, basis: &Basis) -> Start {
        let finer = self.size / FACTOR;
        let mut flows = Vec::new();
        basis.for_each_flow(|demand, supply, quantity, _| flows.push((demand, supply, quantity)));
        flows.sort_unstable();
        let mut pieces = Vec::with_capacity(FACTOR * flows.len());
        for mine in flows.chunk_by(|a, b| a.0 == b.0) {
            let group = at(mine[0].0);
            let last = ((group + 1) * self.size).min(self.rows.order.len());
            let members = self.rows.order[group * self.size..last].chunks(finer);
            let mut suppliers = mine.iter().map(|&(_, supply, quantity)| (supply, quantity));
            let mut current = suppliers.next();
            for (child, members) in members.enumerate() {
                let child = u32::try_from(group * FACTOR + child).unwrap_or(NONE);
                // The finest level counts demands by their own index, not by their place in the order.
                let name = if finer == 1 { members[0] } else { child };
                let mut wanted: i64 = members.iter().map(|&demand| problem.quantity[at(demand)]).sum();
                while let Some((supply, left)) = current.filter(|_| wanted > 0) {
                    let part = left.min(wanted);
                    pieces.push((name, supply, part));
                    wanted -= part;
                    current = if part < left { Some((supply, left - part)) } else { suppliers.next() };
                }
            }
        }
        Start { pieces, prices: basis.price[..at(basis.root)].to_vec() }
    }
}

/// Puts demands with similar rows side by side: splits the set in halves by the column that spreads it most, and so on.
fn order<R: Rows>(problem: &Problem<'_, R>) -> Vec<u32> {
    let columns = landmarks(problem);
    let mut order: Vec<u32> = (0..NONE).take(problem.quantity.len()).collect();
    let mut todo = Vec::new();
    todo.push(0..order.len());
    while let Some(range) = todo.pop() {
        if range.len() <= FACTOR {
            continue;
        }
        let members = &mut order[range.clone()];
        let Some(column) = columns.iter().max_by_key(|column| spread(column, members)) else {
            break;
        };
        // A multiple of a power of the factor keeps groups of all levels inside one half.
        let half = (range.len() / 2).next_power_of_two().min(range.len() - 1);
        members.select_nth_unstable_by_key(half, |&demand| (column[at(demand)], demand));
        todo.push(range.start..range.start + half);
        todo.push(range.start + half..range.end);
    }
    order
}

/// Costs from some supplies, evenly spread over the columns, and penalties, as one column each.
fn landmarks<R: Rows>(problem: &Problem<'_, R>) -> Vec<Vec<i64>> {
    let supplies = problem.stock.len();
    let places: Vec<usize> = (0..LANDMARKS.min(supplies)).map(|i| i * supplies / LANDMARKS.min(supplies)).collect();
    let mut columns = vec![Vec::with_capacity(problem.quantity.len()); places.len()];
    let mut scratch = Vec::new();
    for (demand, &penalty) in problem.penalty.iter().enumerate() {
        let row = problem.costs.row(demand, &mut scratch);
        for (&place, column) in places.iter().zip(&mut columns) {
            // A forbidden pair counts as dear, so that those who share it stand together.
            column.push(if row[place].is_allowed() { row[place].wide() } else { penalty });
        }
    }
    columns.push(problem.penalty.to_vec());
    columns
}

/// How far a sample of the members lies apart in a column.
fn spread(column: &[i64], members: &[u32]) -> i64 {
    let step = members.len().div_ceil(SAMPLE);
    let values = members.iter().step_by(step).map(|&demand| column[at(demand)]);
    let (low, high) = values.fold((i64::MAX, i64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    high - low
}
