//! Words that every domain shares: money, quantity, ids, time, place. Pure values, no I/O.
//!
//! Invariants: no float; every value is checked when it is made (`parse`, `new`) and cannot be wrong afterwards; every
//! operation that could overflow says so in its type.

pub mod certificate;
pub mod days;
pub mod decimal;
pub(crate) mod draw;
pub mod hex;
pub mod ids;
pub mod money;
pub mod place;
pub mod quantity;
pub mod time;

pub use certificate::{Certificate, CertificateSet};
pub use days::DayRange;
pub use ids::IdSource;
pub use money::{Rupiah, UnitPrice, split_by_largest_remainder};
pub use place::{Coordinates, Distance, RiceZone};
pub use quantity::{BaseUnit, Quantity};
pub use time::{Clock, Day, Timestamp};

/// A value that could not be made from what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// The text is not a plain decimal number.
    #[error("not a plain decimal number")]
    NotANumber,
    /// More digits after the point than the value can hold.
    #[error("too many digits after the decimal point")]
    TooPrecise,
    /// Below zero, or zero where something is needed.
    #[error("must be more than zero")]
    NotPositive,
    /// Beyond the stated bound.
    #[error("larger than this system accepts")]
    TooLarge,
    /// Not a whole number of base units.
    #[error("not a whole number of the smallest unit")]
    NotWhole,
    /// Not a calendar date or instant in the expected form.
    #[error("not a date of the form YYYY-MM-DD")]
    NotADate,
    /// The last day of a range comes before its first.
    #[error("the last day comes before the first")]
    DaysReversed,
    /// Not an identifier.
    #[error("not an identifier")]
    NotAnId,
    /// Outside the range of the Earth's coordinates.
    #[error("not a place on Earth")]
    NotOnEarth,
}
