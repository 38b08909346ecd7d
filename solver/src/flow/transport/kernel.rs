//! The inner loop: the least `cost + price` of a row, in SIMD-friendly form.
//!
//! Prices are shifted so that none is positive. Then `FORBIDDEN + price` cannot overflow and stays above every
//! allowed sum, so forbidden pairs need no test inside the loop.

use super::rows::Cost;

/// Narrow sums are exact while costs lie strictly within ±(2^30 - 1) and prices span less than 2^30.
pub(super) const NARROW: i64 = (1 << 30) - 1;
/// Columns that are compared at once before the least so far is looked at.
const CHUNK: usize = 64;

/// Supply prices, ready for scanning rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Prepared {
    /// Added to every sum; no price is higher.
    offset: i64,
    wide: Vec<i64>,
    narrow: Vec<i32>,
    is_narrow: bool,
}

impl Prepared {
    /// Takes over new prices.
    pub(super) fn load(&mut self, prices: &[i64], narrow_costs: bool) {
        let low = prices.iter().min().copied().unwrap_or(0);
        self.offset = prices.iter().max().copied().unwrap_or(0);
        self.is_narrow = narrow_costs && self.offset - low < NARROW;
        self.fill(prices);
    }

    fn fill(&mut self, prices: &[i64]) {
        let offset = self.offset;
        if self.is_narrow {
            self.narrow.clear();
            self.narrow.extend(prices.iter().map(|&price| shorten(price - offset)));
        } else {
            self.wide.clear();
            self.wide.extend(prices.iter().map(|&price| price - offset));
        }
    }

    /// The least sum of a row and its column, if there is an allowed one below `limit`.
    pub(super) fn least_below<C: Cost>(&self, row: &[C], limit: i64) -> Option<(i64, usize)> {
        let (least, column) =
            if self.is_narrow { C::least_narrow(row, &self.narrow) } else { C::least_wide(row, &self.wide) };
        let sum = least.saturating_add(self.offset);
        (sum < limit && row[column].is_allowed()).then_some((sum, column))
    }
}

/// Exact where narrow prices are allowed; the fallback is never reached.
fn shorten(price: i64) -> i32 {
    i32::try_from(price).unwrap_or(i32::MIN)
}

/// A cost type that knows its own loops. Each gives the least sum and its first column; `MAX` and 0 for an empty row.
pub trait Scan: Copy {
    /// With prices that fit beside narrow costs.
    fn least_narrow(row: &[Self], prices: &[i32]) -> (i64, usize);
    /// With any prices.
    fn least_wide(row: &[Self], prices: &[i64]) -> (i64, usize);
    /// Least and largest allowed cost, at most and at least 0.
    fn bounds(row: &[Self]) -> (i64, i64);
}

impl Scan for i32 {
    fn least_narrow(row: &[i32], prices: &[i32]) -> (i64, usize) {
        let (least, column) = least_of_i32(row, prices);
        (i64::from(least), column)
    }

    fn least_wide(row: &[i32], prices: &[i64]) -> (i64, usize) {
        least_by(row.iter().zip(prices).map(|(c, p)| c.wide() + p))
    }

    fn bounds(row: &[i32]) -> (i64, i64) {
        let (low, high) = bounds_of_i32(row, &[]);
        (i64::from(low), i64::from(high))
    }
}

impl Scan for i64 {
    fn least_narrow(row: &[i64], prices: &[i32]) -> (i64, usize) {
        least_by(row.iter().zip(prices).map(|(c, &p)| c + i64::from(p)))
    }

    fn least_wide(row: &[i64], prices: &[i64]) -> (i64, usize) {
        least_of_i64(row, prices)
    }

    fn bounds(row: &[i64]) -> (i64, i64) {
        bounds_of_i64(row, &[])
    }
}

fn least_by(sums: impl Iterator<Item = i64>) -> (i64, usize) {
    let better = |least: (i64, usize), (at, sum)| if sum < least.0 { (sum, at) } else { least };
    sums.enumerate().fold((i64::MAX, 0), better)
}

/// Makes a function of two slices that runs code made for AVX2 where the processor has it.
macro_rules! by_processor {
    ($name:ident, $fast:ident, $plain:ident, $type:ty, $answer:ty) => {
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2")]
        fn $fast(row: &[$type], prices: &[$type]) -> $answer {
            $plain(row, prices)
        }

        #[cfg_attr(
            target_arch = "x86_64",
            expect(unsafe_code, reason = "calling code made for AVX2 halves the time of a scan; see SAFETY")
        )]
        fn $name(row: &[$type], prices: &[$type]) -> $answer {
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: the processor has AVX2, the only thing the callee asks for beyond safe Rust.
                return unsafe { $fast(row, prices) };
            }
            $plain(row, prices)
        }
    };
}

/// The loops themselves, once per width.
macro_rules! loops {
    ($least:ident, $bounds:ident, $type:ty) => {
        #[inline(always)]
        fn $least(row: &[$type], prices: &[$type]) -> ($type, usize) {
            let (rows, row_rest) = row.as_chunks::<CHUNK>();
            let (columns, price_rest) = prices.as_chunks::<CHUNK>();
            let sum = |(&cost, &price): (&$type, &$type)| cost.wrapping_add(price);
            let (mut least, mut place) = (<$type>::MAX, 0);
            for (at, (row, prices)) in rows.iter().zip(columns).enumerate() {
                let chunk = row.iter().zip(prices).map(sum).fold(<$type>::MAX, <$type>::min);
                if chunk < least {
                    (least, place) = (chunk, at * CHUNK);
                }
            }
            let rest = row_rest.iter().zip(price_rest).map(sum).fold(<$type>::MAX, <$type>::min);
            if rest < least {
                (least, place) = (rest, rows.len() * CHUNK);
            }
            let tail = row[place..].iter().zip(&prices[place..]).map(sum);
            (least, place + tail.take(CHUNK).position(|sum| sum == least).unwrap_or(0))
        }

        #[inline(always)]
        fn $bounds(row: &[$type], _: &[$type]) -> ($type, $type) {
            let allowed = |&cost: &$type| if cost == <$type>::MAX { 0 } else { cost };
            let (low, high) = (<$type>::min, <$type>::max);
            (row.iter().map(allowed).fold(0, low), row.iter().map(allowed).fold(0, high))
        }
    };
}

loops!(least_of_i32_plain, bounds_of_i32_plain, i32);
loops!(least_of_i64_plain, bounds_of_i64_plain, i64);
by_processor!(least_of_i32, least_of_i32_avx2, least_of_i32_plain, i32, (i32, usize));
by_processor!(least_of_i64, least_of_i64_avx2, least_of_i64_plain, i64, (i64, usize));
by_processor!(bounds_of_i32, bounds_of_i32_avx2, bounds_of_i32_plain, i32, (i32, i32));
by_processor!(bounds_of_i64, bounds_of_i64_avx2, bounds_of_i64_plain, i64, (i64, i64));
