//! Exact allocation of demand to offers.
//!
//! A problem document goes in, a plan document comes out; see `solver/README.md` for both and for the model.
//!
//! ```no_run
//! use pasok_solver::{SolveOptions, problem::Problem, solve, validate};
//! let bytes = std::fs::read("problem.json")?;
//! let problem = Problem::from_json(&bytes)?;
//! assert!(validate(&problem).is_empty());
//! let plan = solve(&problem, &pasok_solver::problem_sha256(&bytes), &SolveOptions::default(), &mut |_| ())?;
//! println!("{}", String::from_utf8_lossy(&plan.to_json()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod candidates;
pub mod check;
pub mod compare;
pub mod dimacs;
pub mod engines;
pub mod explain;
pub mod fair;
pub mod flow;
pub mod generate;
pub mod instances;
pub mod model;
pub mod pipeline;
pub mod plan;
pub mod problem;
pub mod reasons;
pub mod ties;
pub mod validate;

pub use pipeline::{Engine, Progress, SolveError, SolveOptions, Start, solve, solve_from};
pub use problem::problem_sha256;
pub use validate::{Issue, validate};
