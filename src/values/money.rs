//! Money: whole rupiah for amounts, ten-thousandths of a rupiah for unit prices.

use super::decimal::div_half_even;
use super::{BaseUnit, Quantity, ValueError};
use rust_decimal::Decimal;
use std::fmt;

/// Largest amount this system accepts: a thousand trillion rupiah, below 2^53 so that any reader can hold it.
const LARGEST_RUPIAH: i64 = 1_000_000_000_000_000;
/// Largest unit price: ten billion rupiah per pricing unit.
const LARGEST_PRICE_E4: i64 = 10_000_000_000 * 10_000;
/// Digits after the decimal point of a unit price.
const PRICE_DIGITS: u32 = 4;

/// An amount of whole rupiah. May be negative (a credit).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rupiah(i64);

impl Rupiah {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount, if it lies within the accepted range.
    pub fn new(amount: i64) -> Result<Self, ValueError> {
        if amount.abs() > LARGEST_RUPIAH { Err(ValueError::TooLarge) } else { Ok(Self(amount)) }
    }

    /// The whole rupiah.
    pub fn get(self) -> i64 {
        self.0
    }

    /// The sum, or `None` beyond the accepted range.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Self::new(self.0.checked_add(other.0)?).ok()
    }

    /// The sum of many amounts, or `TooLarge`.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, ValueError> {
        let total: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        Self::new(i64::try_from(total).map_err(|_| ValueError::TooLarge)?)
    }

    /// Ticks of the solver (ten-millionths of a rupiah), rounded half to even to whole rupiah.
    pub fn from_ticks(ticks: i128) -> Result<Self, ValueError> {
        let rounded = div_half_even(ticks, i128::from(pasok_solver::problem::TICKS_PER_RUPIAH));
        Self::new(i64::try_from(rounded).map_err(|_| ValueError::TooLarge)?)
    }
}

impl fmt::Display for Rupiah {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A price in rupiah per pricing unit (kilogram, litre or piece), with at most four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitPrice(Decimal);

impl UnitPrice {
    /// Reads decimal text; zero and negative prices are refused.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        Self::from_e4(super::decimal::parse_scaled(text.trim(), PRICE_DIGITS)?)
    }

    /// From ten-thousandths of a rupiah, as stored.
    pub fn from_e4(e4: i64) -> Result<Self, ValueError> {
        match e4 {
            ..=0 => Err(ValueError::NotPositive),
            _ if e4 > LARGEST_PRICE_E4 => Err(ValueError::TooLarge),
            _ => Ok(Self(Decimal::new(e4, PRICE_DIGITS).normalize())),
        }
    }

    /// Ten-thousandths of a rupiah, as stored.
    pub fn e4(self) -> i64 {
        // Exact: the value was made from a scaled i64 within bounds and only trailing zeros were dropped since.
        let mut decimal = self.0;
        decimal.rescale(PRICE_DIGITS);
        i64::try_from(decimal.mantissa()).unwrap_or(LARGEST_PRICE_E4)
    }

    /// The decimal value.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// The solver's price: ticks per base unit.
    pub fn ticks_per_base_unit(self, unit: BaseUnit) -> i64 {
        self.e4() * unit.ticks_per_e4()
    }

    /// Price times quantity, rounded once, half to even, to whole rupiah.
    pub fn amount(self, quantity: Quantity, unit: BaseUnit) -> Result<Rupiah, ValueError> {
        let product = i128::from(self.e4()) * i128::from(quantity.get());
        let rounded = div_half_even(product, 10_000 * i128::from(unit.per_pricing_unit()));
        Rupiah::new(i64::try_from(rounded).map_err(|_| ValueError::TooLarge)?)
    }
}

impl fmt::Display for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Splits `total` in proportion to `weights` so that the shares sum to it exactly.
///
/// Largest remainder: everybody gets the exact share rounded down, and what is left goes one rupiah each to the
/// largest remainders (the earlier one first where they are equal). Weights must not be negative; if all are zero
/// the split is even.
pub fn split_by_largest_remainder(total: Rupiah, weights: &[i64]) -> Result<Vec<Rupiah>, ValueError> {
    if weights.iter().any(|weight| *weight < 0) {
        return Err(ValueError::NotPositive);
    }
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let (weigh, sum): (fn(i64) -> i128, i128) =
        if sum == 0 { (|_| 1, weights.len() as i128) } else { (i128::from, sum) };
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = i128::from(total.get());
    for (index, weight) in weights.iter().enumerate() {
        let exact = i128::from(total.get()) * weigh(*weight);
        let share = exact.div_euclid(sum);
        left -= share;
        shares.push(share);
        remainders.push((std::cmp::Reverse(exact.rem_euclid(sum)), index));
    }
    remainders.sort_unstable();
    for (_, index) in remainders.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some(share) = shares.get_mut(index) {
            *share += 1;
        }
    }
    shares.into_iter().map(|share| Rupiah::new(i64::try_from(share).map_err(|_| ValueError::TooLarge)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_is_rounded_once_half_to_even() {
        let price = UnitPrice::parse("0.5").unwrap();
        let kilograms = |kg: i64| Quantity::new(kg * 1_000).unwrap();
        assert_eq!(price.amount(kilograms(1), BaseUnit::Gram).unwrap().get(), 0);
        assert_eq!(price.amount(kilograms(3), BaseUnit::Gram).unwrap().get(), 2);
        assert_eq!(UnitPrice::parse("13500").unwrap().amount(kilograms(25), BaseUnit::Gram).unwrap().get(), 337_500);
    }

    #[test]
    fn a_hundred_thousand_splits_exactly() {
        for parts in [3, 7, 11] {
            let shares = split_by_largest_remainder(Rupiah(100_000), &vec![1; parts]).unwrap();
            assert_eq!(shares.iter().map(|share| share.0).sum::<i64>(), 100_000);
            let (least, most) = (shares.iter().min().unwrap().0, shares.iter().max().unwrap().0);
            assert!(most - least <= 1);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]
        #[test]
        fn prices_there_and_back(e4 in 1..=LARGEST_PRICE_E4) {
            let price = UnitPrice::from_e4(e4).unwrap();
            prop_assert_eq!(price.e4(), e4);
            prop_assert_eq!(UnitPrice::parse(&price.to_string()).unwrap(), price);
        }

        #[test]
        fn shares_sum(total in -LARGEST_RUPIAH..=LARGEST_RUPIAH, weights in prop::collection::vec(0..=i64::MAX, 1..12)) {
            let shares = split_by_largest_remainder(Rupiah(total), &weights).unwrap();
            prop_assert_eq!(shares.iter().map(|share| i128::from(share.0)).sum::<i128>(), i128::from(total));
        }

        #[test]
        fn amounts_never_overflow(e4 in 1..=LARGEST_PRICE_E4, quantity in 1..=Quantity::LARGEST) {
            let price = UnitPrice::from_e4(e4).unwrap();
            let amount = price.amount(Quantity::new(quantity).unwrap(), BaseUnit::Piece);
            prop_assert!(amount.is_ok() || amount == Err(ValueError::TooLarge));
        }
    }
}
