//! Where costs come from: one row per demand, borrowed from a matrix or filled when asked for.

mod sealed {
    pub trait Sealed {}
    impl Sealed for i32 {}
    impl Sealed for i64 {}
}

/// A cost per unit: `i32` where costs lie within ±2^30 (twice as fast), else `i64`.
pub trait Cost: Copy + Ord + Send + Sync + std::fmt::Debug + sealed::Sealed + super::kernel::Scan + 'static {
    /// Marks a pair that must not be used.
    const FORBIDDEN: Self;
    /// Nothing.
    const ZERO: Self;

    /// The cost as `i64`; [`i64::MAX`] when forbidden.
    fn wide(self) -> i64;

    /// Whether the pair may be used.
    fn is_allowed(self) -> bool {
        self != Self::FORBIDDEN
    }
}

impl Cost for i32 {
    const FORBIDDEN: Self = i32::MAX;
    const ZERO: Self = 0;

    fn wide(self) -> i64 {
        if self == i32::MAX { i64::MAX } else { i64::from(self) }
    }
}

impl Cost for i64 {
    const FORBIDDEN: Self = i64::MAX;
    const ZERO: Self = 0;

    fn wide(self) -> i64 {
        self
    }
}

/// Costs by demand. Must give the same row every time it is asked; rows may be computed, so that a problem larger
/// than memory can be solved.
pub trait Rows: Sync {
    /// How a cost is stored.
    type Cost: Cost;

    /// Costs of one demand from every supply: borrowed, or written into `scratch`.
    fn row<'a>(&'a self, demand: usize, scratch: &'a mut Vec<Self::Cost>) -> &'a [Self::Cost];
}

/// Costs in memory, row after row.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a, C> {
    costs: &'a [C],
    supplies: usize,
}

impl<'a, C: Cost> Matrix<'a, C> {
    /// A matrix of rows of length `supplies`. A demand beyond the end has an empty row, which the engine refuses.
    pub fn new(costs: &'a [C], supplies: usize) -> Self {
        Self { costs, supplies }
    }
}

impl<C: Cost> Rows for Matrix<'_, C> {
    type Cost = C;

    fn row<'a>(&'a self, demand: usize, _scratch: &'a mut Vec<C>) -> &'a [C] {
        let start = demand.saturating_mul(self.supplies);
        self.costs.get(start..start.saturating_add(self.supplies)).unwrap_or(&[])
    }
}
