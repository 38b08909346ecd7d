//! A dual simplex for small linear programs with bounds on every column, by an explicit inverse.
//!
//! Made for branch and bound: a few dozen rows, thousands of columns, bounds that change from case to case. A basis that
//! was best for other bounds stays dual feasible, so every case starts where its parent ended. Floats only: what comes out
//! are proposals, and `relaxation` proves in integers what they prove. Nothing here depends on anything but its input.

/// Primal infeasibility below which a value counts as within its bounds.
const PRIMAL: f64 = 1e-8;
/// Reduced cost below which a column counts as free to enter.
const DUAL: f64 = 1e-9;
/// Least pivot.
const PIVOT: f64 = 1e-7;
/// Pivots after which the inverse is computed anew.
const REFRESH: usize = 64;

/// Pivots without a gain after which rows leave in turn, so that no circle goes on for ever.
const STALL: usize = 60;

/// Columns over rows, all rows equalities: slack columns are columns too, the last ones, one per row.
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    starts: Vec<usize>,
    rows: Vec<usize>,
    values: Vec<f64>,
    /// Of every column.
    pub costs: Vec<f64>,
    /// Right-hand sides.
    pub limits: Vec<f64>,
}

impl Matrix {
    /// No columns yet.
    pub fn new(limits: Vec<f64>) -> Self {
        Self { starts: vec![0], limits, ..Self::default() }
    }

    /// Adds a column.
    pub fn column(&mut self, cost: f64, terms: impl IntoIterator<Item = (usize, f64)>) {
        for (row, value) in terms {
            self.rows.push(row);
            self.values.push(value);
        }
        self.costs.push(cost);
        self.starts.push(self.rows.len());
    }

    fn terms(&self, column: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[column]..self.starts[column + 1];
        self.rows[range.clone()].iter().copied().zip(self.values[range].iter().copied())
    }

    fn dot(&self, column: usize, weights: &[f64]) -> f64 {
        self.terms(column).map(|(row, value)| weights[row] * value).sum()
    }
}

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Basic,
    Lower,
    Upper,
}

/// How a search ended.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// At the optimum.
    Optimal,
    /// The cost has risen to what was asked for.
    Cutoff,
    /// Along this direction of multipliers the bound rises to what was asked for, so much per unit.
    Beyond(Vec<f64>, f64),
    /// After the pivots that were allowed.
    Stopped,
}

/// A basis with bounds, cloned for every case.
#[derive(Debug, Clone)]
pub struct State {
    lower: Vec<f64>,
    upper: Vec<f64>,
    basis: Vec<usize>,
    places: Vec<Place>,
    inverse: Vec<f64>,
    values: Vec<f64>,
    reduced: Vec<f64>,
    /// Cost of the current point, a bound on every point within the bounds.
    pub cost: f64,
    age: usize,
    /// Pivots so far.
    pub pivots: usize,
}

impl State {
    /// The basis of slack columns.
    pub fn new(matrix: &Matrix, lower: Vec<f64>, upper: Vec<f64>) -> Self {
        let (rows, columns) = (matrix.limits.len(), matrix.costs.len());
        let mut state = Self {
            lower,
            upper,
            basis: (columns - rows..columns).collect(),
            places: vec![Place::Lower; columns],
            inverse: vec![0.0; rows * rows],
            values: vec![0.0; rows],
            reduced: vec![0.0; columns],
            cost: 0.0,
            age: 0,
            pivots: 0,
        };
        state.basis.iter().for_each(|&column| state.places[column] = Place::Basic);
        state.refresh(matrix);
        state
    }

    /// Changes the bounds of a column; [`State::settle`] must follow.
    pub fn bound(&mut self, column: usize, lower: f64, upper: f64) {
        (self.lower[column], self.upper[column]) = (lower, upper);
    }

    /// Upper bound of a column.
    pub fn most(&self, column: usize) -> f64 {
        self.upper[column]
    }

    /// Lower bound of a column.
    pub fn least(&self, column: usize) -> f64 {
        self.lower[column]
    }

    /// Value of every column.
    pub fn point(&self) -> Vec<f64> {
        let mut point: Vec<f64> = (0..self.places.len()).map(|column| self.resting(column)).collect();
        self.basis.iter().zip(&self.values).for_each(|(&column, &value)| point[column] = value);
        point
    }

    /// Columns of the basis.
    pub fn basic(&self) -> &[usize] {
        &self.basis
    }

    /// Multipliers of all rows: what a unit of each right-hand side costs.
    pub fn multipliers(&self, matrix: &Matrix) -> Vec<f64> {
        let costs: Vec<f64> = self.basis.iter().map(|&column| matrix.costs[column]).collect();
        self.spread(&costs)
    }

    /// weights × inverse: from amounts by basic column to amounts by row.
    pub fn spread(&self, weights: &[f64]) -> Vec<f64> {
        let count = self.basis.len();
        let mut out = vec![0.0; count];
        for (row, &weight) in self.inverse.chunks_exact(count.max(1)).zip(weights) {
            if weight != 0.0 {
                out.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
            }
        }
        out
    }

    fn resting(&self, column: usize) -> f64 {
        match self.places[column] {
            Place::Upper if self.upper[column].is_finite() => self.upper[column],
            _ => self.lower[column],
        }
    }

    /// Puts columns outside of the basis to the bound that their reduced cost asks for, and computes values anew.
    pub fn settle(&mut self, matrix: &Matrix) {
        let count = self.basis.len();
        let mut rest = matrix.limits.clone();
        self.cost = 0.0;
        for column in 0..self.places.len() {
            if self.places[column] == Place::Basic {
                continue;
            }
            let at_upper =
                self.reduced[column] < -DUAL || (self.reduced[column] <= DUAL && self.places[column] == Place::Upper);
            self.places[column] = if at_upper && self.upper[column].is_finite() { Place::Upper } else { Place::Lower };
            let value = self.resting(column);
            if value != 0.0 {
                matrix.terms(column).for_each(|(row, c)| rest[row] -= c * value);
                self.cost += matrix.costs[column] * value;
            }
        }
        for (place, row) in self.inverse.chunks_exact(count.max(1)).enumerate() {
            self.values[place] = row.iter().zip(&rest).map(|(a, b)| a * b).sum();
            self.cost += matrix.costs[self.basis[place]] * self.values[place];
        }
    }

    /// Computes the inverse, reduced costs and values anew.
    fn refresh(&mut self, matrix: &Matrix) {
        self.invert(matrix);
        let multipliers = self.multipliers(matrix);
        for column in 0..self.places.len() {
            let is_basic = self.places[column] == Place::Basic;
            self.reduced[column] = if is_basic { 0.0 } else { matrix.costs[column] - matrix.dot(column, &multipliers) };
        }
        self.settle(matrix);
        self.age = 0;
    }

    /// Gauss-Jordan on the basis, with row exchange.
    fn invert(&mut self, matrix: &Matrix) {
        let count = self.basis.len();
        let wide = 2 * count;
        let mut work = vec![0.0; count * wide];
        for (place, &column) in self.basis.iter().enumerate() {
            matrix.terms(column).for_each(|(row, value)| work[row * wide + place] = value);
            work[place * wide + count + place] = 1.0;
        }
        for place in 0..count {
            let size = |row: &usize| work[row * wide + place].abs();
            let Some(best) = (place..count).max_by(|a, b| size(a).total_cmp(&size(b))) else { return };
            if best != place {
                (0..wide).for_each(|at| work.swap(best * wide + at, place * wide + at));
            }
            let pivot = work[place * wide + place];
            if pivot.abs() < 1e-12 {
                // Not a basis any more: keep the inverse that was carried along.
                return;
            }
            let (before, rest) = work.split_at_mut(place * wide);
            let (own, after) = rest.split_at_mut(wide);
            own.iter_mut().for_each(|value| *value /= pivot);
            for row in before.chunks_exact_mut(wide).chain(after.chunks_exact_mut(wide)) {
                let factor = row[place];
                if factor != 0.0 {
                    row.iter_mut().zip(own.iter()).for_each(|(value, o)| *value -= factor * o);
                }
            }
        }
        for (row, source) in self.inverse.chunks_exact_mut(count.max(1)).zip(work.chunks_exact(wide.max(1))) {
            row.copy_from_slice(&source[count..]);
        }
    }

    /// Searches on to the optimum, or until the cost reaches `cutoff`, or so many pivots are made.
    pub fn solve(&mut self, matrix: &Matrix, cutoff: f64, most: usize) -> End {
        // Closed columns stay closed below this case, so what they would cost is not kept up.
        let active: Vec<usize> =
            (0..self.places.len()).filter(|&column| self.lower[column] < self.upper[column]).collect();
        let mut alphas = vec![0.0; active.len()];
        let (mut reached, mut stalled) = (self.cost, 0);
        for _ in 0..most {
            if self.cost >= cutoff {
                return End::Cutoff;
            }
            stalled = if self.cost > reached + 1e-9 * reached.abs() { 0 } else { stalled + 1 };
            reached = self.cost.max(reached);
            let turn = if stalled > STALL { self.pivots } else { 0 };
            let Some((leaving, excess)) = self.leaving(turn) else {
                if self.age == 0 {
                    return End::Optimal;
                }
                self.refresh(matrix);
                if self.leaving(0).is_none() {
                    return End::Optimal;
                }
                continue;
            };
            let count = self.basis.len();
            let direction = self.inverse[leaving * count..(leaving + 1) * count].to_vec();
            self.fill_alphas(matrix, &direction, &active, &mut alphas);
            let entering = self.entering(&active, &alphas, excess);
            let rise = entering.map_or(f64::INFINITY, |(column, alpha)| self.reduced[column] / alpha * excess);
            let Some((entering, alpha)) = entering.filter(|_| self.cost + rise < cutoff) else {
                if self.age > 0 {
                    self.refresh(matrix);
                    continue;
                }
                // No farther than needed: near the edge of what is possible multipliers grow without end.
                let sign = if excess < 0.0 { -1.0 } else { 1.0 };
                return End::Beyond(direction.iter().map(|value| sign * value).collect(), excess.abs());
            };
            let theta = self.reduced[entering] / alpha;
            active.iter().zip(&alphas).for_each(|(&column, alpha)| self.reduced[column] -= theta * alpha);
            self.pivot(matrix, leaving, entering, excess, theta);
            if self.age >= REFRESH {
                self.refresh(matrix);
            }
        }
        End::Stopped
    }

    /// The row whose value is farthest beyond a bound, measured along its direction; how far (below 0: too low). With a
    /// turn other than 0 the first such row from there on.
    fn leaving(&self, turn: usize) -> Option<(usize, f64)> {
        let count = self.basis.len();
        let mut best: Option<(f64, usize, f64)> = None;
        for at in 0..count {
            let place = (at + turn) % count;
            let (column, value) = (self.basis[place], self.values[place]);
            let scale = PRIMAL * (1.0 + value.abs());
            let excess = if value < self.lower[column] - scale {
                value - self.lower[column]
            } else if value > self.upper[column] + scale {
                value - self.upper[column]
            } else {
                continue;
            };
            if turn > 0 {
                return Some((place, excess));
            }
            let row = &self.inverse[place * count..(place + 1) * count];
            let length: f64 = row.iter().map(|value| value * value).sum();
            let merit = excess * excess / length.max(1e-30);
            if best.is_none_or(|(known, ..)| merit > known) {
                best = Some((merit, place, excess));
            }
        }
        best.map(|(_, place, excess)| (place, excess))
    }

    /// The leaving row over the columns that can move.
    fn fill_alphas(&self, matrix: &Matrix, direction: &[f64], active: &[usize], alphas: &mut [f64]) {
        for (&column, alpha) in active.iter().zip(alphas) {
            *alpha = if self.places[column] == Place::Basic { 0.0 } else { matrix.dot(column, direction) };
        }
    }

    /// The column whose reduced cost reaches 0 first, with its alpha; among those nearly so the one with the largest pivot.
    fn entering(&self, active: &[usize], alphas: &[f64], excess: f64) -> Option<(usize, f64)> {
        // As if the value were too low, so that it must rise.
        let sign = if excess < 0.0 { 1.0 } else { -1.0 };
        let is_open = |&(column, alpha): &(usize, f64)| match self.places[column] {
            Place::Basic => false,
            Place::Lower => sign * alpha < -PIVOT,
            Place::Upper => sign * alpha > PIVOT,
        };
        let open: Vec<(usize, f64)> = active.iter().copied().zip(alphas.iter().copied()).filter(is_open).collect();
        let limit = open
            .iter()
            .map(|&(column, alpha)| (self.reduced[column].abs() + DUAL) / alpha.abs())
            .fold(f64::INFINITY, f64::min);
        let mut best: Option<(usize, f64)> = None;
        for &(column, alpha) in &open {
            let is_near = self.reduced[column].abs() <= limit * alpha.abs();
            if is_near && best.is_none_or(|(_, known)| alpha.abs() > known.abs()) {
                best = Some((column, alpha));
            }
        }
        best
    }

    fn pivot(&mut self, matrix: &Matrix, leaving: usize, entering: usize, excess: f64, theta: f64) {
        let count = self.basis.len();
        let left = self.basis[leaving];
        self.reduced[left] = -theta;
        self.reduced[entering] = 0.0;
        self.cost += theta * excess;
        let mut spike = vec![0.0; count];
        for (place, row) in self.inverse.chunks_exact(count).enumerate() {
            spike[place] = matrix.dot(entering, row);
        }
        let step = excess / spike[leaving];
        let start = self.resting(entering);
        self.values.iter_mut().zip(&spike).for_each(|(value, w)| *value -= step * w);
        self.values[leaving] = start + step;
        let pivot = spike[leaving];
        let (before, rest) = self.inverse.split_at_mut(leaving * count);
        let (own, after) = rest.split_at_mut(count);
        own.iter_mut().for_each(|value| *value /= pivot);
        let rows = before.chunks_exact_mut(count).chain(after.chunks_exact_mut(count));
        let weights = spike.iter().enumerate().filter(|(place, _)| *place != leaving).map(|(_, w)| *w);
        for (row, weight) in rows.zip(weights) {
            if weight != 0.0 {
                row.iter_mut().zip(own.iter()).for_each(|(value, o)| *value -= weight * o);
            }
        }
        self.places[left] = if excess < 0.0 { Place::Lower } else { Place::Upper };
        self.places[entering] = Place::Basic;
        self.basis[leaving] = entering;
        self.age += 1;
        self.pivots += 1;
    }
}
