//! Pasok.
