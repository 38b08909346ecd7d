//! Training markets: a class plays whole rounds with made-up money, and the computer plays whoever is missing.
//!
//! A class is a code. Its market is of the kind `training` and is named after the code and the run: `latihan-7KQ2MX-1`.
//! Everybody in it (office, assistants, cooperatives, kitchens, suppliers) is made anew for each run, so nothing of it touches a real
//! organisation, price or figure, and nobody real can be a member. A reset erases nothing: the run's market is closed, its
//! people leave, and the next run begins with fresh organisations of the same kind; the record keeps both.
//!
//! Whoever knows the code may take a seat under any name, without a password: what can be done there moves no real goods.

pub mod class;
pub mod computer;
pub mod errors;
mod helpers;
mod scenario;
pub mod seats;

pub use class::Class;
pub use computer::Stage;
pub use errors::TrainingError;
pub use seats::Seat;

use crate::scope::Scope;

/// What is read to find a class and its seats, for whoever shows its code.
const SYSTEM: Scope = Scope::system("training");
