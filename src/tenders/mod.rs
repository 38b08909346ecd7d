//! Wholesale partners bid, sealed, on aggregated demand.

pub mod seal;
