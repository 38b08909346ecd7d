//! Exact integer network flow: the engines under every plan.
//!
//! * [`mcf`] solves sparse minimum-cost flow: arcs with a lower bound, a capacity and a cost, nodes with a supply.
//! * [`maxflow`] finds the largest flow from supplies to demands and the cut that bounds it;
//! * [`transport`] solves the dense transport problem of matching: every demand may be served by every supply at a
//!   price of its own, shortage is always allowed at a penalty, and arcs are never stored.
//!
//! Both work in integers throughout, give the same bytes for the same input, and return potentials with which anyone
//! can check optimality by complementary slackness. Neither knows what a cooperative or a rupiah is.

pub mod maxflow;
pub mod mcf;
pub mod transport;
