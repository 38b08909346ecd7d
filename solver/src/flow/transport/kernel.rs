//! The inner loop: the least `cost + price` of a row, in SIMD-friendly form.
//!
//! Prices are shifted so that none is positive. Then `FORBIDDEN + price` cannot overflow and stays above every
//! allowed sum, so forbidden pairs need no test inside the loop.

use super::rows::Cost;

/// Narrow sums are exact while costs lie strictly within ±2^30 and prices span less than 2^30.
const NARROW: i64 = 1 << 30;

/// Supply prices, ready for scanning rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Prepared {
    /// Added to every sum.
    offset: i64,
    wide: Vec<i64>,
    narrow: Vec<i32>,
    is_narrow: bool,
}

impl Prepared {
    /// Takes over new prices.
    pub(super) fn load<C: Cost>(&mut self, prices: &[i64], narrow_costs: bool) {
        let (low, high) = prices
            .iter()
            .fold((i64::MAX, i64::MIN), |(low, high), &p| (low.min(p), high.max(p)));
        self.offset = if prices.is_empty() { 0 } else { high };
        self.is_narrow = narrow_costs && (prices.is_empty() || high - low < NARROW);
        if self.is_narrow {
            self.narrow.clear();
            // Exact: the difference lies in (-2^30, 0].
            self.narrow
                .extend(prices.iter().map(|&p| i32::try_from(p - high).unwrap_or(i32::MIN)));
        } else {
            self.wide.clear();
            self.wide.extend(prices.iter().map(|&p| p - high));
        }
    }
}

/// A cost type that knows its own loop.
pub trait Scan: Copy {
    /// The least sum over a row of at least one column, without the offset.
    fn least(row: &[Self], prices: &Prices<'_>) -> i64;
}

/// Shifted prices in the width in which sums are exact.
#[derive(Debug, Clone, Copy)]
pub enum Prices<'a> {
    /// For `i32` costs.
    Narrow(&'a [i32]),
    /// For everything.
    Wide(&'a [i64]),
}

/// The least sum of a row and its column; `None` when nothing is below `limit` or allowed.
pub(super) fn least_below<C: Cost>(row: &[C], prices: &Prepared, limit: i64) -> Option<(i64, usize)> {
    let shifted = if prices.is_narrow {
        Prices::Narrow(&prices.narrow)
    } else {
        Prices::Wide(&prices.wide)
    };
    let least = C::least(row, &shifted);
    let sum = least.saturating_add(prices.offset);
    if sum >= limit {
        return None;
    }
    let column = match shifted {
        Prices::Narrow(prices) => row
            .iter()
            .zip(prices)
            .position(|(c, &p)| c.wide() + i64::from(p) == least),
        Prices::Wide(prices) => row.iter().zip(prices).position(|(c, &p)| c.wide() + p == least),
    };
    column
        .filter(|&column| row[column].is_allowed())
        .map(|column| (sum, column))
}

impl Scan for i32 {
    fn least(row: &[i32], prices: &Prices<'_>) -> i64 {
        match prices {
            Prices::Narrow(prices) => i64::from(least_narrow(row, prices)),
            Prices::Wide(prices) => row
                .iter()
                .zip(*prices)
                .fold(i64::MAX, |least, (c, p)| least.min(c.wide() + p)),
        }
    }
}

impl Scan for i64 {
    fn least(row: &[i64], prices: &Prices<'_>) -> i64 {
        match prices {
            Prices::Narrow(prices) => row
                .iter()
                .zip(*prices)
                .fold(i64::MAX, |least, (c, &p)| least.min(c + i64::from(p))),
            Prices::Wide(prices) => least_wide(row, prices),
        }
    }
}

macro_rules! by_processor {
    ($name:ident, $fast:ident, $plain:ident, $type:ty) => {
        #[inline(always)]
        fn $plain(row: &[$type], prices: &[$type]) -> $type {
            row.iter()
                .zip(prices)
                .fold(<$type>::MAX, |least, (&c, &p)| least.min(c.wrapping_add(p)))
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2")]
        fn $fast(row: &[$type], prices: &[$type]) -> $type {
            $plain(row, prices)
        }

        #[cfg_attr(
            target_arch = "x86_64",
            expect(
                unsafe_code,
                reason = "calling code made for AVX2 halves the time of a scan; see SAFETY"
            )
        )]
        fn $name(row: &[$type], prices: &[$type]) -> $type {
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: the processor has AVX2, the only thing the callee asks for beyond safe Rust.
                return unsafe { $fast(row, prices) };
            }
            $plain(row, prices)
        }
    };
}

by_processor!(least_narrow, least_narrow_avx2, least_narrow_plain, i32);
by_processor!(least_wide, least_wide_avx2, least_wide_plain, i64);
