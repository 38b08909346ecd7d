//! Everything a page says, in two languages: sentences from a catalogue, numbers, days and amounts the local way.
//!
//! A template holds no sentence of its own. Sentences live in `templates/messages/{id,en}/*.ftl` (Fluent), one file per
//! subject; a test holds that both languages have the same keys and that every key a page asks for exists.

mod amounts;
mod catalogue;
mod days;
mod hint;
mod in_full;

pub use amounts::{as_typed, number, per, percent, quantity, read_decimal, rupiah, typed_count, unit_price, with_sign};
pub use catalogue::{Value, exists, say};
pub use days::{day, day_short, days, moment};
pub use hint::hint;
pub use in_full::in_words;
