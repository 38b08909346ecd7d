//! What the rows of a certificate speak of besides the packs on arcs: variables, and rows of one pair of demand and offer.

/// A variable of the formulation besides the packs on arcs. Positions in the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variable {
    /// Demand, offer, day: the line is used.
    Line(usize, usize, i64),
    /// Supplier, place, day: a drop is made.
    Drop(usize, usize, i64),
    /// Supplier, day: a trip is made.
    Trip(usize, i64),
    /// Supplier, buyer: there is an order.
    Order(usize, usize),
    /// Offer: something of it is taken.
    Used(usize),
    /// Offer, tier: the tier is reached.
    TierReached(usize, usize),
    /// Offer, tier: packs at the tier.
    TierPacks(usize, usize),
    /// Bundle: it is taken.
    Taken(usize),
    /// Bundle: the discount is reached.
    Reached(usize),
    /// Bundle, offer: packs with the discount.
    Discounted(usize, usize),
    /// Buyer: buys anything.
    Buys(usize),
    /// Incumbent line: kept.
    Kept(usize),
}

/// Rows that belong to one pair of demand and offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairFamily {
    LineLink,
    LineMin,
    DropLink,
    TripLink,
    OrderLink,
    OfferLink,
    BundleLink(usize),
    KeepLow(usize),
    KeepHigh(usize),
}

/// The price of one such row.
#[derive(Debug, Clone, Copy)]
pub struct PairRow {
    /// Place among the certificate's rows.
    pub at: usize,
    pub family: PairFamily,
    pub offer: usize,
    /// `None` for rows over all days.
    pub day: Option<i64>,
    pub price: i128,
}
