//! Quantity: whole base units (gram, millilitre, piece), entered in units and packs, never rounded.

use super::ValueError;
use super::decimal::{format_scaled, parse_scaled};
use std::fmt;

/// Most digits after the point that a person may enter for a number of units (0.001 kg = 1 g).
const ENTRY_DIGITS: u32 = 6;

/// The smallest unit a commodity is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BaseUnit {
    /// Gram; priced per kilogram (UN/ECE Rec 20: GRM, KGM).
    Gram,
    /// Millilitre; priced per litre (MLT, LTR).
    Millilitre,
    /// Piece; priced per piece (H87).
    Piece,
}

impl BaseUnit {
    /// Base units in one pricing unit (kilogram, litre, piece).
    pub fn per_pricing_unit(self) -> i64 {
        match self {
            Self::Gram | Self::Millilitre => 1_000,
            Self::Piece => 1,
        }
    }

    /// Ticks per base unit in one ten-thousandth of a rupiah per pricing unit: one rupiah is 10^7 ticks.
    pub fn ticks_per_e4(self) -> i64 {
        1_000 / self.per_pricing_unit()
    }

    /// Decimals of a number of pricing units that is a whole number of base units.
    pub fn digits(self) -> u32 {
        self.per_pricing_unit().ilog10()
    }

    /// Base units as decimal text in pricing units ("12.5" kilograms); may be zero.
    pub fn in_pricing_units(self, base_units: i64) -> String {
        format_scaled(base_units, self.digits())
    }

    /// UN/ECE Rec 20 code of the pricing unit.
    pub fn pricing_code(self) -> &'static str {
        match self {
            Self::Gram => "KGM",
            Self::Millilitre => "LTR",
            Self::Piece => "H87",
        }
    }

    /// Short name of the pricing unit for people.
    pub fn pricing_name(self) -> &'static str {
        match self {
            Self::Gram => "kg",
            Self::Millilitre => "liter",
            Self::Piece => "buah",
        }
    }

    /// From the UN/ECE Rec 20 code of the pricing unit.
    pub fn from_pricing_code(code: &str) -> Option<Self> {
        [Self::Gram, Self::Millilitre, Self::Piece].into_iter().find(|unit| unit.pricing_code() == code)
    }
}

/// A positive number of base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

impl Quantity {
    /// Most that one record may hold: a million tonnes in grams.
    pub const LARGEST: i64 = 1_000_000_000_000;

    /// So many base units.
    pub fn new(base_units: i64) -> Result<Self, ValueError> {
        match base_units {
            ..=0 => Err(ValueError::NotPositive),
            _ if base_units > Self::LARGEST => Err(ValueError::TooLarge),
            _ => Ok(Self(base_units)),
        }
    }

    /// `text` units (decimal) of `unit_size` base units each, exactly; a fraction of a base unit is refused.
    pub fn parse(text: &str, unit_size: i64) -> Result<Self, ValueError> {
        let scaled = parse_scaled(text.trim(), ENTRY_DIGITS)?;
        let product = i128::from(scaled) * i128::from(unit_size);
        let scale = 10_i128.pow(ENTRY_DIGITS);
        if product % scale != 0 {
            return Err(ValueError::NotWhole);
        }
        Self::new(i64::try_from(product / scale).map_err(|_| ValueError::TooLarge)?)
    }

    /// Base units.
    pub fn get(self) -> i64 {
        self.0
    }

    /// Whole packs of `pack_size` base units, and the base units left over.
    pub fn packs(self, pack_size: i64) -> (i64, i64) {
        let size = pack_size.max(1);
        (self.0 / size, self.0 % size)
    }

    /// In pricing units as decimal text ("12.5" kilograms).
    pub fn in_pricing_units(self, unit: BaseUnit) -> String {
        unit.in_pricing_units(self.0)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn five_boxes_of_twelve_are_sixty() {
        assert_eq!(Quantity::parse("5", 12).unwrap().get(), 60);
        assert_eq!(Quantity::parse("1.5", 12).unwrap().get(), 18);
        assert_eq!(Quantity::parse("0.1", 12), Err(ValueError::NotWhole));
        assert_eq!(Quantity::parse("0.0005", 1_000), Err(ValueError::NotWhole));
        assert_eq!(Quantity::parse("-1", 1_000), Err(ValueError::NotPositive));
        assert_eq!(Quantity::parse("1000000001", 1_000), Err(ValueError::TooLarge));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]
        #[test]
        fn there_and_back(base in 1..=Quantity::LARGEST, piece in any::<bool>()) {
            let unit = if piece { BaseUnit::Piece } else { BaseUnit::Gram };
            let quantity = Quantity::new(base).unwrap();
            let text = quantity.in_pricing_units(unit);
            prop_assert_eq!(Quantity::parse(&text, unit.per_pricing_unit()).unwrap(), quantity);
        }

        #[test]
        fn packs_conserve(base in 1..=Quantity::LARGEST, size in 1i64..1_000_000) {
            let (packs, rest) = Quantity::new(base).unwrap().packs(size);
            prop_assert_eq!(packs * size + rest, base);
        }
    }
}
