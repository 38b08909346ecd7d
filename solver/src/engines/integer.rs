//! Components that are not pure flow.

use crate::model::Model;
use crate::pipeline::{Component, PartAnswer, SolveError, SolveOptions};
use std::time::Instant;

/// Solves a component that is not pure flow.
///
/// # Errors
/// [`SolveError::Engine`].
pub fn solve(
    _model: &Model<'_>,
    _component: &Component,
    _options: &SolveOptions,
    _deadline: Option<Instant>,
) -> Result<PartAnswer, SolveError> {
    Err(SolveError::Engine("integer terms are not built in yet".into()))
}
