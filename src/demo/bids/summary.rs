//! What the bids came to, for programs and for people.

use crate::reports::words;
use crate::tenders::scenarios::compare::Figures;
use crate::values::decimal::format_scaled;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The figures of the bids and their scenarios.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BidFigures {
    /// Lots put out.
    pub lots: usize,
    /// Wholesalers that bid.
    pub bidders: usize,
    /// Bids opened without fault.
    pub opened: usize,
    /// Officers who opened them together.
    pub officers: usize,
    /// Share of the goods' value awarded to bids, in permille.
    pub bids_permille: i64,
    /// Every scenario, in the order in which they were asked for.
    pub scenarios: Vec<ScenarioRow>,
    /// Name of the one that was proposed and published.
    pub chosen: String,
}

/// One scenario beside the others. Rupiah and permille unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScenarioRow {
    /// Its name.
    pub name: String,
    /// What is paid.
    pub total_idr: i64,
    /// Filled share of the need.
    pub filled_share: String,
    /// Suppliers that deliver.
    pub suppliers: usize,
    /// The largest one's share of the goods.
    pub largest_permille: i64,
    /// Share of the goods by class.
    pub classes: BTreeMap<String, i64>,
    /// Lines that differ from the cheapest plan.
    pub lines_changed: usize,
    /// What its rules cost.
    pub rules_idr: i64,
    /// Whether it is proved to be the best under its rules.
    pub optimal: bool,
    /// What its plan costs more under each scenario than that one's own; none where it is not allowed there.
    pub regret_idr: Vec<Option<i64>>,
}

impl From<Figures> for ScenarioRow {
    fn from(figures: Figures) -> Self {
        Self {
            name: figures.scenario.name,
            total_idr: figures.total_idr,
            filled_share: format_scaled(figures.filled_millionths, 6),
            suppliers: figures.suppliers,
            largest_permille: figures.largest_permille,
            classes: figures.classes,
            lines_changed: figures.changed,
            rules_idr: figures.rules_idr,
            optimal: figures.is_optimal,
            regret_idr: figures.regrets,
        }
    }
}

impl BidFigures {
    /// The table a mayor would understand.
    pub fn write(&self, text: &mut String) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "\n  Lelang tersegel: {} paket, {} grosir menawar, {} penawaran dibuka oleh {} petugas; {} belanja dari lelang.\n",
            self.lots,
            self.bidders,
            self.opened,
            self.officers,
            words::percent(self.bids_permille)
        );
        let _ = writeln!(
            text,
            "  {:<40} {:>18} {:>10} {:>8} {:>10} {:>8} {:>16}",
            "Skenario", "dibayar (Rp)", "terpenuhi", "pemasok", "terbesar", "berubah", "harga aturan"
        );
        for row in &self.scenarios {
            let mark = if row.name == self.chosen { "→ " } else { "" };
            let filled = crate::values::decimal::parse_scaled(&row.filled_share, 6).unwrap_or(0);
            let _ = writeln!(
                text,
                "  {:<40} {:>18} {:>10} {:>8} {:>10} {:>8} {:>16}",
                format!("{mark}{}", row.name),
                words::whole(row.total_idr),
                words::percent(filled / 1_000),
                row.suppliers,
                words::percent(row.largest_permille),
                row.lines_changed,
                words::whole(row.rules_idr)
            );
        }
    }
}
