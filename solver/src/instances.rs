//! Seeded test instances for the flow engines: integers only, so that every machine makes the same bytes.
//!
//! Transport: villages in clusters over an area like Jawa Timur's (400 × 150 km), suppliers partly beside them, stocks
//! roughly log-normal, prices spread by a tenth, freight by distance. Sparse networks: a grid-like skeleton that
//! guarantees a flow, plus random arcs, in the manner of NETGEN.

use crate::flow::mcf::{Arc, Network};
use std::io::Read;

/// `SplitMix64` (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A stream of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included (high < 2^31, so the bias is below 2^-32).
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = i128::from(high - low + 1);
        low + i64::try_from((i128::from(self.bits() >> 1) * span) >> 63).unwrap_or(0)
    }

    /// Roughly normal with mean 0 and the given deviation: the sum of twelve uniform numbers.
    pub fn normal(&mut self, deviation: i64) -> i64 {
        (0..12).map(|_| self.between(-deviation, deviation)).sum::<i64>() / 2
    }

    /// 1000 × 2^(normal/1000), the exponential drawn as a straight line between powers of two.
    pub fn log_normal(&mut self, deviation_permille: i64) -> i64 {
        let exponent = self.normal(deviation_permille).clamp(-9_000, 9_000) + 10_000;
        let (whole, part) = (exponent / 1000, exponent % 1000);
        ((1000 + part) << whole) >> 10
    }
}

/// A transport instance held in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// Grams wanted.
    pub quantity: Vec<i64>,
    /// Ticks per gram of shortage.
    pub penalty: Vec<i64>,
    /// Grams on offer.
    pub stock: Vec<i64>,
    /// Ticks per gram, one row per demand.
    pub costs: Vec<i32>,
}

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct TransportSize {
    /// Number of demands.
    pub demands: usize,
    /// Number of supplies.
    pub supplies: usize,
    /// Total stock per total demand, in permille.
    pub stock_permille: i64,
    /// Names the instance.
    pub seed: u64,
}

const WIDTH_M: i64 = 400_000;
const HEIGHT_M: i64 = 150_000;

/// Makes a transport instance.
pub fn transport(size: TransportSize) -> Transport {
    let mut random = Random::new(size.seed);
    let anywhere = |random: &mut Random| (random.between(0, WIDTH_M), random.between(0, HEIGHT_M));
    let centres: Vec<_> = (0..=size.demands / 220).map(|_| anywhere(&mut random)).collect();
    let near = |random: &mut Random, deviation: i64| {
        let last = i64::try_from(centres.len()).unwrap_or(1) - 1;
        let (x, y) = centres[usize::try_from(random.between(0, last)).unwrap_or(0)];
        (x + random.normal(deviation), y + random.normal(deviation))
    };
    let villages: Vec<_> = (0..size.demands).map(|_| near(&mut random, 8_000)).collect();
    let quantity: Vec<_> = (0..size.demands).map(|_| 1000 * random.between(50, 2_500)).collect();
    let mut sellers = Vec::with_capacity(size.supplies);
    let mut stock = Vec::with_capacity(size.supplies);
    for _ in 0..size.supplies {
        let place = if random.between(0, 9) < 6 { near(&mut random, 15_000) } else { anywhere(&mut random) };
        // 12,500 rupiah per kilogram, give or take 8 %; freight 0.8 to 2 rupiah per kilogram and kilometre.
        sellers.push((place, random.between(115_000_000, 135_000_000), random.between(8, 20)));
        stock.push(random.log_normal(1_400));
    }
    let (weight, wanted) = (stock.iter().sum::<i64>().max(1), quantity.iter().sum::<i64>());
    let share = |weight_of: &i64| {
        let exact = i128::from(*weight_of) * i128::from(wanted) * i128::from(size.stock_permille);
        i64::try_from(exact / i128::from(weight) / 1000).unwrap_or(i64::MAX)
    };
    let stock = stock.iter().map(share).collect();
    let mut costs = Vec::with_capacity(size.demands * size.supplies);
    for (x, y) in &villages {
        costs.extend(sellers.iter().map(|((a, b), price, freight)| {
            let road = ((x - a).pow(2) + (y - b).pow(2)).isqrt() * 1450 / 1000;
            i32::try_from(price + freight * road).unwrap_or(i32::MAX - 1)
        }));
    }
    Transport { quantity, penalty: vec![250_000_000; size.demands], stock, costs }
}

impl Transport {
    /// Little-endian: `PSKT`, demands and supplies as u32, quantities, penalties and stocks as i64, costs as i32.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = b"PSKT".to_vec();
        for length in [self.quantity.len(), self.stock.len()] {
            bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        }
        for values in [&self.quantity, &self.penalty, &self.stock] {
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        bytes.extend(self.costs.iter().flat_map(|cost| cost.to_le_bytes()));
        bytes
    }

    /// Reads what [`Transport::to_bytes`] writes, without holding the file in memory; `None` when it is not that.
    pub fn read(mut input: impl Read) -> Option<Self> {
        let mut head = [0; 12];
        input.read_exact(&mut head).ok()?;
        let lengths = head.strip_prefix(b"PSKT")?.as_chunks::<4>().0;
        let length = |at: usize| usize::try_from(u32::from_le_bytes(lengths[at])).ok();
        let (demands, supplies) = (length(0)?, length(1)?);
        let mut column = |count: usize| {
            let mut bytes = Vec::new();
            let most = u64::try_from(count).ok()?.checked_mul(8)?;
            input.by_ref().take(most).read_to_end(&mut bytes).ok()?;
            let values: Vec<i64> = bytes.as_chunks::<8>().0.iter().map(|value| i64::from_le_bytes(*value)).collect();
            (values.len() == count).then_some(values)
        };
        let (quantity, penalty, stock) = (column(demands)?, column(demands)?, column(supplies)?);
        let mut costs = Vec::new();
        let mut row = vec![0; supplies.checked_mul(4)?];
        for demand in 0..demands {
            input.read_exact(&mut row).ok()?;
            if demand == 0 {
                // Only once there is a first row: a length that is made up must not cost memory.
                costs.reserve_exact(demands.checked_mul(supplies)?);
            }
            costs.extend(row.as_chunks::<4>().0.iter().map(|cost| i32::from_le_bytes(*cost)));
        }
        Some(Self { quantity, penalty, stock, costs })
    }

    /// The same problem as a sparse network: demands, supplies, and a root that serves shortages and takes unused stock.
    pub fn to_network(&self) -> Network {
        let (demands, root) = (self.quantity.len(), self.quantity.len() + self.stock.len());
        let balance = self.quantity.iter().sum::<i64>() - self.stock.iter().sum::<i64>();
        let supplies = self.quantity.iter().map(|q| -q).chain(self.stock.iter().copied()).chain([balance]).collect();
        let arc = |from, to, cost| Arc { from, to, lower: 0, upper: None, cost };
        let mut arcs = Vec::with_capacity(self.costs.len() + root);
        for (demand, row) in self.costs.chunks_exact(self.stock.len().max(1)).enumerate() {
            arcs.extend(row.iter().enumerate().map(|(s, &cost)| arc(demands + s, demand, i64::from(cost))));
        }
        arcs.extend(self.penalty.iter().enumerate().map(|(demand, &penalty)| arc(root, demand, penalty)));
        arcs.extend((demands..root).map(|supply| arc(supply, root, 0)));
        Network { supplies, arcs }
    }
}

/// Makes a sparse network of `nodes` nodes and `nodes × degree` arcs that has a flow.
pub fn sparse(nodes: usize, degree: usize, seed: u64) -> Network {
    let mut random = Random::new(seed);
    let last = i64::try_from(nodes).unwrap_or(1) - 1;
    let pick = |random: &mut Random| usize::try_from(random.between(0, last)).unwrap_or(0);
    let mut network = Network { supplies: vec![0; nodes], arcs: Vec::with_capacity(nodes * degree) };
    // A dear ring with room for everything guarantees a flow; sources and sinks are a tenth of the nodes each.
    let moved = i64::try_from(nodes / 10).unwrap_or(0) * 1_000;
    for from in 0..nodes {
        let cost = random.between(5_000, 10_000);
        network.arcs.push(Arc { from, to: (from + 1) % nodes, lower: 0, upper: Some(moved), cost });
    }
    for _ in 0..nodes / 10 {
        let (source, sink, quantity) = (pick(&mut random), pick(&mut random), random.between(1, 1_000));
        network.supplies[source] += quantity;
        network.supplies[sink] -= quantity;
    }
    while network.arcs.len() < nodes * degree {
        let (from, to) = (pick(&mut random), pick(&mut random));
        let (upper, cost) = (Some(random.between(1, 1_000)), random.between(1, 10_000));
        network.arcs.push(Arc { from, to, lower: 0, upper, cost });
    }
    network
}

/// Largest capacity on a torus, as a power of two; costs reach a little less.
const TORUS_CAPACITY_BITS: i64 = 14;
const TORUS_COST: i64 = 4_096;
/// Costs across the torus are small beside those along it.
const TORUS_CROSS_COST: i64 = 8;

/// Makes a network in the manner of GOTO (grid on torus, Goldberg 1991), which is hard for simplex methods: one source
/// and one sink on a long torus, more flow than its cheap arcs carry, and a dear way back through every node.
///
/// About `nodes` nodes (a torus as long as its width squared) and `nodes × degree` arcs.
pub fn torus(nodes: usize, degree: usize, seed: u64) -> Network {
    let width = (2..2_000_000).take_while(|w| w * w * w <= nodes.max(8)).last().unwrap_or(2);
    let length = nodes.max(8) / width;
    let across = (degree / 3).clamp(1, width - 1);
    let along = degree.saturating_sub(across + 1).clamp(1, length - 1);
    let node = |x: usize, y: usize| (y % width) * length + x % length;
    let mut torus = Torus {
        random: Random::new(seed),
        supply: 1 << (TORUS_CAPACITY_BITS / 2),
        arcs: Vec::new(),
        last: width * length - 1,
    };
    for (x, y) in (0..length).flat_map(|x| (0..width).map(move |y| (x, y))) {
        for step in 1..=along {
            let thin =
                TORUS_CAPACITY_BITS * i64::try_from(step - 1).unwrap_or(0) / i64::try_from(along + 2).unwrap_or(1);
            let capacity = torus.random.between(1, 1 << TORUS_CAPACITY_BITS) >> thin;
            torus.add_along(node(x, y), node(x + step, y), x + step >= length, capacity.max(1));
        }
        for step in 1..=across {
            let (capacity, cost) =
                (torus.random.between(1, 1 << TORUS_CAPACITY_BITS), torus.random.between(0, TORUS_CROSS_COST));
            torus.add(node(x, y), node(x, y + step), capacity, cost);
        }
    }
    let way_back = |at: usize| node(at / width, at % width);
    for at in 0..torus.last {
        torus.add(way_back(at), way_back(at + 1), torus.supply, TORUS_COST / i64::try_from(width).unwrap_or(1));
    }
    let mut supplies = vec![0; width * length];
    supplies[0] = torus.supply;
    supplies[torus.last] = -torus.supply;
    Network { supplies, arcs: torus.arcs }
}

/// A torus being built. Its first node is the source, its last one the sink.
struct Torus {
    random: Random,
    supply: i64,
    arcs: Vec<Arc>,
    last: usize,
}

impl Torus {
    fn add(&mut self, from: usize, to: usize, upper: i64, cost: i64) {
        self.arcs.push(Arc { from, to, lower: 0, upper: Some(upper), cost });
    }

    /// An arc along the torus; one over the seam is cut: what comes there goes to the sink, and the source begins anew.
    fn add_along(&mut self, from: usize, to: usize, over_seam: bool, capacity: i64) {
        let cost = self.random.between(0, TORUS_COST);
        if !over_seam {
            return self.add(from, to, capacity, cost);
        }
        self.supply += capacity;
        if from != self.last {
            self.add(from, self.last, capacity, cost);
        }
        if to != 0 {
            self.add(0, to, capacity, cost);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_survive_writing_and_depend_on_the_seed() {
        let size = TransportSize { demands: 30, supplies: 7, stock_permille: 1250, seed: 1 };
        let made = transport(size);
        assert_eq!(Transport::read(&made.to_bytes()[..]), Some(made.clone()));
        assert_eq!(Transport::read(&made.to_bytes()[1..]), None);
        assert_eq!(transport(size), made);
        assert_ne!(transport(TransportSize { seed: 2, ..size }), made);
        assert_eq!(sparse(50, 4, 1).arcs.len(), 200);
    }

    #[test]
    fn a_torus_has_a_flow_that_needs_more_than_its_cheap_arcs() {
        for (nodes, degree) in [(8, 1), (60, 6), (500, 9)] {
            let network = torus(nodes, degree, 3);
            assert!(network.supplies.len().abs_diff(nodes) < nodes / 2, "{}", network.supplies.len());
            assert!(matches!(crate::flow::mcf::solve(&network), Ok(crate::flow::mcf::Outcome::Optimal(_))));
        }
    }
}
