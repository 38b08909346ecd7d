//! Scenarios: the frozen problem of a round under several sets of rules, solved side by side and compared.
//!
//! A scenario varies the round's snapshot and nothing else; its problem is a snapshot too, so a plan that is proposed is checked,
//! approved and published like any other. An operator proposes, another person approves; choosing any but the cheapest needs a
//! reason, which goes on record.
//!
//! Three rules hold for the whole market and are kept by leaving supply out (`rules`): at most N suppliers, no supplier above a
//! share, a least share of some classes. What they cost is an upper bound, and the comparison shows what shares came out; as rows of
//! the model over a whole market with tiers and bundles they were beyond the solver's time. The others are terms of the solver's model and proved like every plan.

pub mod choices;
pub mod compare;
pub mod rules;
pub mod service;
pub mod solve;
mod store;
pub mod types;

pub use rules::Rules;
pub use types::{NewScenario, Scenario, ScenarioStatus};
