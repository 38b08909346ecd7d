//! Changes to a problem that can be tried out, and how to say them in plain words.

use serde::Serialize;

use crate::problem::{Bundle, Offer, Problem, Supplier, TierKind};

/// One change of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// The offer has more.
    RaiseStock {
        /// The offer.
        offer: String,
        /// Base units now.
        from: i64,
        /// Base units then.
        to: i64,
    },
    /// The offer can give more on one day.
    RaiseStockPerDay {
        /// The offer.
        offer: String,
        /// Base units a day now.
        from: i64,
        /// Base units a day then.
        to: i64,
    },
    /// The offer is delivered farther.
    RaiseRadius {
        /// The offer.
        offer: String,
        /// Metres now.
        from: i64,
        /// Metres then.
        to: i64,
    },
    /// The buyer allows a higher price.
    RaiseCeiling {
        /// The demand.
        demand: String,
        /// Ticks per base unit now.
        from: i64,
        /// Ticks per base unit then.
        to: i64,
    },
    /// The supplier obtains certificates.
    AddCertificates {
        /// The offer.
        offer: String,
        /// Those that are missing.
        certificates: Vec<String>,
    },
    /// The offer is delivered on other days as well.
    WidenOfferWindow {
        /// The offer.
        offer: String,
        /// First day then.
        day_from: i64,
        /// Last day then.
        day_to: i64,
    },
    /// The supplier is admitted again.
    Activate {
        /// The supplier.
        supplier: String,
    },
    /// An exclusion is lifted.
    LiftExclusion {
        /// Its place among the problem's exclusions, counted from 0.
        exclusion: usize,
        /// The demand it stands in the way of.
        demand: String,
        /// The offer that it keeps away.
        offer: String,
    },
    /// The buyer accepts more, so that packs come out whole.
    AcceptUpTo {
        /// The demand.
        demand: String,
        /// Base units now.
        from: i64,
        /// Base units then.
        to: i64,
    },
    /// The supplier delivers smaller lines.
    LowerMinLine {
        /// The offer.
        offer: String,
        /// Base units now.
        from: i64,
        /// Base units then.
        to: i64,
    },
    /// The supplier gives less in total than its minimum.
    LowerMinTotal {
        /// The offer.
        offer: String,
        /// Base units now.
        from: i64,
        /// Base units then.
        to: i64,
    },
    /// The supplier accepts smaller orders.
    LowerOrderMinimum {
        /// The supplier.
        supplier: String,
        /// Ticks now.
        from: i64,
        /// Ticks then.
        to: i64,
    },
    /// The buyer may spend more.
    RaiseBudget {
        /// The buyer.
        buyer: String,
        /// Ticks now.
        from: i64,
        /// Ticks then.
        to: i64,
    },
    /// The shortage is taken more seriously.
    RaisePenalty {
        /// The demand.
        demand: String,
        /// Ticks per base unit now.
        from: i64,
        /// Ticks per base unit then.
        to: i64,
    },
    /// The supplier carries more on one day.
    RaiseCapacity {
        /// The supplier.
        supplier: String,
        /// Grams a day now.
        from: i64,
        /// Grams a day then.
        to: i64,
    },
    /// The supplier carries more over all days.
    RaiseCapacityInAll {
        /// The supplier.
        supplier: String,
        /// Grams in all now.
        from: i64,
        /// Grams in all then.
        to: i64,
    },
    /// The rules on numbers and shares of suppliers do not hold for this buyer.
    FreeSuppliers {
        /// The buyer.
        buyer: String,
    },
    /// A bundle is dissolved.
    DropBundle {
        /// The bundle.
        bundle: String,
    },
    /// A class share is not asked for.
    DropClassShare {
        /// The rule.
        share: String,
    },
    /// Somebody new offers what nobody offers, where it is needed.
    AddOffer {
        /// Id of the new offer and of its supplier.
        offer: String,
        /// The demand that it is for.
        demand: String,
        /// Base units.
        quantity: i64,
        /// The most that a base unit may cost delivered, in ticks.
        price: i64,
    },
    /// A pin is removed.
    DropPin {
        /// The demand that is pinned.
        demand: String,
        /// The offer that is pinned.
        offer: String,
    },
}

impl Change {
    /// Makes the change.
    pub fn apply(&self, problem: &mut Problem) {
        match self {
            Self::RaiseStock { offer, to, .. } => on_offer(problem, offer, |o| o.stock = *to),
            Self::RaiseStockPerDay { offer, to, .. } => on_offer(problem, offer, |o| o.stock_per_day = Some(*to)),
            Self::RaiseRadius { offer, to, .. } => on_offer(problem, offer, |o| o.radius_m = Some(*to)),
            Self::AddCertificates { offer, certificates } => {
                on_offer(problem, offer, |o| o.certificates.extend(certificates.iter().cloned()));
            }
            Self::WidenOfferWindow { offer, day_from, day_to } => {
                on_offer(problem, offer, |o| (o.day_from, o.day_to) = (*day_from, *day_to));
            }
            Self::LowerMinLine { offer, to, .. } => on_offer(problem, offer, |o| o.min_line = *to),
            Self::LowerMinTotal { offer, to, .. } => on_offer(problem, offer, |o| o.min_total = *to),
            Self::RaiseCeiling { demand, to, .. } => on_demand(problem, demand, |d| d.price_ceiling = Some(*to)),
            Self::AcceptUpTo { demand, to, .. } => on_demand(problem, demand, |d| d.accept_up_to = Some(*to)),
            Self::RaisePenalty { demand, to, .. } => on_demand(problem, demand, |d| d.shortage_penalty = *to),
            Self::Activate { supplier } => on_supplier(problem, supplier, |s| s.active = true),
            Self::LowerOrderMinimum { supplier, to, .. } => on_supplier(problem, supplier, |s| s.min_order_value = *to),
            Self::RaiseCapacity { supplier, to, .. } => {
                on_supplier(problem, supplier, |s| s.capacity_g_per_day = Some(*to));
            }
            Self::RaiseCapacityInAll { supplier, to, .. } => {
                on_supplier(problem, supplier, |s| s.capacity_g = Some(*to));
            }
            Self::RaiseBudget { buyer, to, .. } => on_buyer(problem, buyer, |b| b.budget = Some(*to)),
            Self::FreeSuppliers { buyer } => on_buyer(problem, buyer, |b| {
                (b.min_suppliers, b.max_suppliers, b.max_supplier_share_permille) = (None, None, None);
            }),
            Self::LiftExclusion { demand, offer, .. } => lift(problem, demand, offer),
            Self::AddOffer { offer, demand, quantity, price } => add_offer(problem, offer, demand, [*quantity, *price]),
            Self::DropBundle { bundle } => problem.bundles.retain(|own| bundle_id(own) != bundle),
            Self::DropClassShare { share } => problem.class_shares.retain(|own| own.id != *share),
            Self::DropPin { demand, offer } => {
                problem.pins.retain(|pin| (&pin.demand, &pin.offer) != (demand, offer));
            }
        }
    }

    /// One sentence in plain Indonesian.
    pub fn text(&self) -> String {
        match self {
            Self::RaiseStock { offer, from, to } => format!("Stok penawaran {offer} naik dari {from} menjadi {to}."),
            Self::RaiseStockPerDay { offer, from, to } => {
                format!("Stok per hari penawaran {offer} naik dari {from} menjadi {to}.")
            }
            Self::RaiseRadius { offer, from, to } => {
                format!("Jarak antar penawaran {offer} diperluas dari {from} m menjadi {to} m.")
            }
            Self::RaiseCeiling { demand, from, to } => {
                let (from, to) = (price_text(*from), price_text(*to));
                format!("Batas harga kebutuhan {demand} naik dari {from} menjadi {to}.")
            }
            Self::AddCertificates { offer, certificates } => {
                format!("Penawaran {offer} melengkapi sertifikat: {}.", certificates.join(", "))
            }
            Self::WidenOfferWindow { offer, day_from, day_to } => {
                format!("Penawaran {offer} diantar mulai hari {day_from} sampai hari {day_to}.")
            }
            Self::AddOffer { demand, quantity, price, .. } => {
                let price = price_text(*price);
                format!("Ada penawaran baru {quantity} untuk kebutuhan {demand}, paling mahal {price} di tempat.")
            }
            Self::Activate { supplier } => format!("Pemasok {supplier} diaktifkan lagi."),
            Self::LiftExclusion { demand, offer, .. } => {
                format!("Larangan penawaran {offer} untuk kebutuhan {demand} dicabut.")
            }
            Self::AcceptUpTo { demand, from, to } => {
                format!("Kebutuhan {demand} menerima sampai {to} (sekarang {from}), supaya kemasan utuh.")
            }
            Self::LowerMinLine { offer, from, to } => {
                format!("Jumlah minimum per pengiriman penawaran {offer} turun dari {from} menjadi {to}.")
            }
            Self::LowerMinTotal { offer, from, to } => {
                format!("Jumlah minimum seluruhnya penawaran {offer} turun dari {from} menjadi {to}.")
            }
            Self::LowerOrderMinimum { supplier, .. } => {
                format!("Pemasok {supplier} melayani pesanan yang lebih kecil.")
            }
            Self::RaiseBudget { buyer, .. } => format!("Anggaran pembeli {buyer} ditambah."),
            Self::RaisePenalty { demand, .. } => {
                format!("Kekurangan kebutuhan {demand} dinilai lebih berat daripada biaya pemenuhannya.")
            }
            Self::RaiseCapacity { supplier, from, to } => {
                format!("Daya angkut pemasok {supplier} naik dari {from} g menjadi {to} g per hari.")
            }
            Self::RaiseCapacityInAll { supplier, from, to } => {
                format!("Daya angkut pemasok {supplier} seluruhnya naik dari {from} g menjadi {to} g.")
            }
            Self::FreeSuppliers { buyer } => format!("Aturan jumlah dan porsi pemasok bagi pembeli {buyer} dilepas."),
            Self::DropBundle { bundle } => format!("Paket {bundle} dilepas."),
            Self::DropClassShare { share } => format!("Aturan porsi {share} dilepas."),
            Self::DropPin { demand, offer } => format!("Penetapan {offer} untuk {demand} dihapus."),
        }
    }
}

/// A unit price in ticks per base unit as rupiah per 1,000 base units (a kilogram of grams, a litre of millilitres).
pub fn price_text(ticks: i64) -> String {
    let (whole, rest) = (ticks / 10_000, (ticks % 10_000).abs());
    let digits = format!("{rest:04}");
    let decimals = digits.trim_end_matches('0');
    let comma = if decimals.is_empty() { "" } else { "," };
    format!("Rp {}{comma}{decimals} per 1.000 satuan", grouped(whole.into()))
}

/// A sum in ticks as whole rupiah, to the nearest, ties to even.
pub fn money_text(ticks: i128) -> String {
    format!("Rp {}", grouped(crate::check::round_div(ticks, crate::problem::TICKS_PER_RUPIAH.into())))
}

/// Thousands parted by points, as in Indonesian.
fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// The id of a bundle.
pub fn bundle_id(bundle: &Bundle) -> &str {
    match bundle {
        Bundle::AllOrNothing { id, .. } | Bundle::Xor { id, .. } | Bundle::Discount { id, .. } => id,
    }
}

fn on_offer(problem: &mut Problem, id: &str, change: impl FnMut(&mut crate::problem::Offer)) {
    problem.offers.iter_mut().filter(|offer| offer.id == id).for_each(change);
}

fn on_demand(problem: &mut Problem, id: &str, change: impl FnMut(&mut crate::problem::Demand)) {
    problem.demands.iter_mut().filter(|demand| demand.id == id).for_each(change);
}

fn on_supplier(problem: &mut Problem, id: &str, change: impl FnMut(&mut crate::problem::Supplier)) {
    problem.suppliers.iter_mut().filter(|supplier| supplier.id == id).for_each(change);
}

fn on_buyer(problem: &mut Problem, id: &str, change: impl FnMut(&mut crate::problem::Buyer)) {
    problem.buyers.iter_mut().filter(|buyer| buyer.id == id).for_each(change);
}

/// A supplier at the place of the demand who fulfils whatever it asks for.
fn add_offer(problem: &mut Problem, id: &str, demand: &str, [quantity, price]: [i64; 2]) {
    let Some(demand) = problem.demands.iter().find(|own| own.id == demand) else { return };
    problem.suppliers.push(Supplier {
        id: id.to_owned(),
        class: String::new(),
        active: true,
        min_order_value: 0,
        drop_fee: 0,
        trip_fee: 0,
        capacity_g_per_day: None,
        capacity_g: None,
    });
    problem.offers.push(Offer {
        id: id.to_owned(),
        supplier: id.to_owned(),
        place: demand.place.clone(),
        commodity: demand.commodity.clone(),
        stock: quantity,
        stock_per_day: None,
        price,
        tiers: Vec::new(),
        tier_kind: TierKind::AllUnit,
        pack: 1,
        min_line: 0,
        min_total: 0,
        radius_m: None,
        day_from: demand.day_from,
        day_to: demand.day_to,
        certificates: demand.requirements.clone(),
        freight_per_km: 0,
        freight_base: 0,
    });
}

/// Removes every exclusion that keeps this offer from this demand.
fn lift(problem: &mut Problem, demand: &str, offer: &str) {
    let buyer = problem.demands.iter().find(|own| own.id == demand).map(|own| own.buyer.clone());
    let supplier = problem.offers.iter().find(|own| own.id == offer).map(|own| own.supplier.clone());
    problem.exclusions.retain(|rule| {
        let who = rule.demand.as_deref() == Some(demand) || (rule.buyer.is_some() && rule.buyer == buyer);
        let whom = rule.offer.as_deref() == Some(offer) || (rule.supplier.is_some() && rule.supplier == supplier);
        !(who && whom)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_as_indonesians_write_it() {
        assert_eq!(price_text(155_000_000), "Rp 15.500 per 1.000 satuan");
        assert_eq!(price_text(155_000_250), "Rp 15.500,025 per 1.000 satuan");
        assert_eq!(money_text(-12_345_670_000_000), "Rp -1.234.567");
        assert_eq!(money_text(9_990_000_000), "Rp 999");
    }
}
