//! What a demonstration came to: one object for programs, one table for a mayor.

use super::bids::BidFigures;
use super::scenario::{OrganisationKind, Scenario};
use crate::error::AppError;
use crate::reports::baseline::Outcome;
use crate::reports::words;
use crate::reports::{CommodityFigures, RoundReport};
use crate::values::Rupiah;
use crate::values::decimal::{div_half_even, format_scaled};
use pasok_solver::plan::{Plan, PlanStatus};
use pasok_solver::problem::Problem;
use serde::Serialize;
use std::fmt::Write as _;

/// How long one step took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Phase {
    /// The step.
    pub name: &'static str,
    /// Wall time.
    pub ms: u64,
    /// Most memory that this process has held so far; none where the system does not say. The solver is another process.
    pub peak_mib: Option<u64>,
}

/// What is missing of one commodity for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Indonesian name of the commodity.
    pub commodity: String,
    /// Code of the reason.
    pub reason: String,
    /// Missing kilograms, litres or pieces.
    pub quantity: String,
    /// Lines of demand concerned.
    pub lines: i64,
}

/// The figures of a demonstration. Amounts in whole rupiah; shares are decimal text.
///
/// `total_idr` is what buyers pay. A baseline that leaves more need unserved would look cheap, so its comparable total
/// (`baseline_*_total_idr`) adds what it is short beyond our plan, priced at the demands' own shortage penalty (and
/// takes it off if it is short less); `baseline_*_paid_idr` is what its buyers pay as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Name of the market.
    pub market: String,
    /// Seed number.
    pub seed: u64,
    /// Cooperatives.
    pub coops: usize,
    /// Kitchens that posted demand.
    pub kitchens: i64,
    /// Suppliers with an order.
    pub suppliers: i64,
    /// Lines of demand.
    pub demand_lines: i64,
    /// Offers in the frozen problem.
    pub offers: usize,
    /// Share of the need that is filled, each commodity weighed with its shortage penalty.
    pub filled_share: String,
    /// Goods.
    pub goods_idr: i64,
    /// Freight.
    pub freight_idr: i64,
    /// Goods and freight.
    pub total_idr: i64,
    /// Every buyer alone, cheapest landed offer first, first come first served: paid, plus its extra shortage.
    pub baseline_fcfs_total_idr: i64,
    /// The same without pricing the difference in fill.
    pub baseline_fcfs_paid_idr: i64,
    /// Its filled share.
    pub baseline_fcfs_filled_share: String,
    /// Every buyer alone, from the nearest supplier: paid, plus its extra shortage.
    pub baseline_nearest_total_idr: i64,
    /// The same without pricing the difference in fill.
    pub baseline_nearest_paid_idr: i64,
    /// Its filled share.
    pub baseline_nearest_filled_share: String,
    /// Purchase orders.
    pub orders: i64,
    /// Their lines.
    pub order_lines: i64,
    /// What is missing and why.
    pub shortages: Vec<Missing>,
    /// Wall time of the solver's child process.
    pub solve_ms: i64,
    /// `verified, optimal`, or `verified` with the gap to the proven bound.
    pub certificate: String,
    /// SHA-256 of the frozen problem.
    pub snapshot_sha256: String,
    /// Wall time by step.
    pub phases: Vec<Phase>,
    /// Sealed bids and scenarios, where there were some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bids: Option<BidFigures>,
    /// Gap to the proven bound in per cent of the objective; none when the plan is optimal.
    #[serde(skip)]
    gap_percent: Option<String>,
    #[serde(skip)]
    rows: Vec<CommodityFigures>,
}

/// What the figures are taken from.
pub(super) struct Sources<'a> {
    pub scenario: &'a Scenario,
    pub report: &'a RoundReport,
    pub problem: &'a Problem,
    pub plan: &'a Plan,
    pub snapshot_sha256: &'a str,
    pub first_come: &'a Outcome,
    pub nearest: &'a Outcome,
    pub solve_ms: i64,
    pub phases: Vec<Phase>,
    pub bids: Option<BidFigures>,
}

impl Sources<'_> {
    /// What a baseline pays, the same made comparable with our plan's fill, and its filled share.
    fn alone(&self, outcome: &Outcome) -> Result<(i64, i64, String), AppError> {
        let rupiah = |ticks| Rupiah::from_ticks(ticks).map(Rupiah::get).map_err(AppError::internal);
        let comparable = rupiah(outcome.total() - self.plan.totals.shortage)?;
        Ok((rupiah(outcome.paid())?, comparable, filled_share(self.problem, outcome.shortage_penalty)))
    }
}

impl Summary {
    pub(super) fn new(sources: Sources<'_>) -> Result<Self, AppError> {
        let (fcfs_paid, fcfs_total, fcfs_filled) = sources.alone(sources.first_come)?;
        let (nearest_paid, nearest_total, nearest_filled) = sources.alone(sources.nearest)?;
        let Sources { scenario, report, problem, plan, .. } = sources;
        let (goods_idr, freight_idr) = (report.goods(), report.freight());
        let gap_percent = gap_percent(plan);
        Ok(Self {
            market: scenario.market.name.clone(),
            seed: scenario.seed,
            coops: scenario.count(OrganisationKind::Cooperative),
            kitchens: report.kitchens,
            suppliers: report.suppliers,
            demand_lines: report.demand_lines,
            offers: problem.offers.len(),
            filled_share: filled_share(problem, plan.totals.shortage),
            goods_idr,
            freight_idr,
            total_idr: goods_idr + freight_idr,
            baseline_fcfs_total_idr: fcfs_total,
            baseline_fcfs_paid_idr: fcfs_paid,
            baseline_fcfs_filled_share: fcfs_filled,
            baseline_nearest_total_idr: nearest_total,
            baseline_nearest_paid_idr: nearest_paid,
            baseline_nearest_filled_share: nearest_filled,
            orders: report.orders,
            order_lines: report.order_lines,
            shortages: report.shortages.iter().map(missing).collect(),
            solve_ms: sources.solve_ms,
            certificate: gap_percent.as_ref().map_or_else(
                || "verified, optimal".to_owned(),
                |gap| format!("verified, at most {gap} % above the proven bound"),
            ),
            gap_percent,
            snapshot_sha256: sources.snapshot_sha256.to_owned(),
            phases: sources.phases,
            bids: sources.bids,
            rows: report.commodities.clone(),
        })
    }

    /// The table a mayor would understand.
    pub fn table(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n{} · belanja satu pekan\n", self.market);
        let _ = writeln!(
            text,
            "  {} koperasi dan {} dapur meminta {} baris barang; {} pemasok terpilih dari {} penawaran.\n",
            words::whole(i64::try_from(self.coops).unwrap_or(i64::MAX)),
            words::whole(self.kitchens),
            words::whole(self.demand_lines),
            words::whole(self.suppliers),
            words::whole(i64::try_from(self.offers).unwrap_or(i64::MAX)),
        );
        self.write_commodities(text);
        self.write_shortages(text);
        self.write_comparison(text);
        if let Some(bids) = &self.bids {
            bids.write(text);
        }
        let _ = writeln!(
            text,
            "\n  Pesanan pembelian   {} ({} baris)",
            words::whole(self.orders),
            words::whole(self.order_lines)
        );
        let _ = writeln!(text, "  Dihitung dalam      {},{:03} detik", self.solve_ms / 1_000, self.solve_ms % 1_000);
        self.write_phases(text);
        let _ = writeln!(text, "  Sertifikat          {}", self.certificate_in_words());
        let _ = writeln!(text, "  Sidik jari soal     {}", self.snapshot_sha256);
    }

    fn write_phases(&self, text: &mut String) {
        for (place, phase) in self.phases.iter().enumerate() {
            let title = if place == 0 { "Waktu, memori" } else { "" };
            let memory = phase.peak_mib.map(|mib| format!(", sampai {mib} MiB")).unwrap_or_default();
            let _ = writeln!(
                text,
                "  {title:<19} {:<10} {},{:03} detik{memory}",
                phase.name,
                phase.ms / 1_000,
                phase.ms % 1_000
            );
        }
    }

    fn certificate_in_words(&self) -> String {
        match &self.gap_percent {
            None => "terverifikasi: tidak ada pembagian yang lebih murah".to_owned(),
            Some(gap) => {
                format!("terverifikasi: paling banyak {} % di atas batas yang terbukti", gap.replace('.', ","))
            }
        }
    }

    fn write_commodities(&self, text: &mut String) {
        let cell = |value: Option<i64>| words::whole_or_dash(value);
        let _ = writeln!(
            text,
            "  {:<32} {:>18} {:>10} {:>10} {:>9} {:>16} {:>14}",
            "Barang", "diminta", "terpenuhi", "harga rata", "HET", "barang (Rp)", "ongkos (Rp)"
        );
        for row in &self.rows {
            let name: String = row.name.chars().take(32).collect();
            let _ = writeln!(
                text,
                "  {:<32} {:>18} {:>10} {:>10} {:>9} {:>16} {:>14}",
                name,
                words::quantity(row.demanded, row.unit),
                words::percent(row.filled_permille()),
                cell(row.average_price()),
                cell(row.ceiling()),
                words::whole(row.goods.get()),
                words::whole(row.freight.get()),
            );
        }
        let _ = writeln!(
            text,
            "  {:<32} {:>18} {:>10} {:>10} {:>9} {:>16} {:>14}",
            "Jumlah",
            "",
            share(&self.filled_share),
            "",
            "",
            words::whole(self.goods_idr),
            words::whole(self.freight_idr)
        );
    }

    fn write_shortages(&self, text: &mut String) {
        if self.shortages.is_empty() {
            let _ = writeln!(text, "\n  Semua permintaan terpenuhi.");
            return;
        }
        let _ = writeln!(text, "\n  Belum terpenuhi:");
        for row in &self.shortages {
            let _ = writeln!(
                text,
                "    {:<30} {:>16}  {} ({} permintaan)",
                row.commodity,
                row.quantity,
                words::reason(&row.reason),
                words::whole(row.lines)
            );
        }
    }

    fn write_comparison(&self, text: &mut String) {
        let _ = writeln!(
            text,
            "\n  {:<44} {:>18} {:>10} {:>20}",
            "Cara belanja", "dibayar (Rp)", "terpenuhi", "setara penuh (Rp)"
        );
        let rows = [
            ("Pasok: bersama, termurah sampai tempat", self.total_idr, &self.filled_share, self.total_idr),
            (
                "Sendiri-sendiri, termurah, siapa cepat",
                self.baseline_fcfs_paid_idr,
                &self.baseline_fcfs_filled_share,
                self.baseline_fcfs_total_idr,
            ),
            (
                "Sendiri-sendiri, pemasok terdekat",
                self.baseline_nearest_paid_idr,
                &self.baseline_nearest_filled_share,
                self.baseline_nearest_total_idr,
            ),
        ];
        for (name, paid, filled, total) in rows {
            let (paid, total) = (words::whole(paid), words::whole(total));
            let _ = writeln!(text, "  {name:<44} {paid:>18} {:>10} {total:>20}", share(filled));
        }
        let _ = writeln!(
            text,
            "  (setara penuh: selisih yang tidak terpenuhi dihargai tiga kali batas harga wajar barangnya)"
        );
        let saved = self.baseline_fcfs_total_idr - self.total_idr;
        let permille = saved.checked_mul(1_000).and_then(|n| n.checked_div(self.baseline_fcfs_total_idr)).unwrap_or(0);
        let _ = writeln!(
            text,
            "  Hemat terhadap belanja sendiri-sendiri: {} ({})",
            words::rupiah(saved),
            words::percent(permille)
        );
    }
}

fn missing(row: &crate::reports::ShortageFigures) -> Missing {
    Missing {
        commodity: row.name.clone(),
        reason: row.reason.clone(),
        quantity: words::quantity(row.quantity, row.unit),
        lines: row.lines,
    }
}

/// Filled share with six decimals, each base unit weighed with its shortage penalty so that goods of all units add up.
fn filled_share(problem: &Problem, shortage_ticks: i128) -> String {
    let all: i128 = problem.demands.iter().map(|d| i128::from(d.quantity) * i128::from(d.shortage_penalty)).sum();
    let millionths = if all == 0 { 1_000_000 } else { 1_000_000 - div_half_even(shortage_ticks * 1_000_000, all) };
    format_scaled(i64::try_from(millionths).unwrap_or(0), 6)
}

/// A decimal share as per cent.
fn share(text: &str) -> String {
    let millionths = crate::values::decimal::parse_scaled(text, 6).unwrap_or(0);
    words::percent(millionths / 1_000)
}

/// Gap to the proven bound in per cent of the objective, four decimals; none when there is none.
fn gap_percent(plan: &Plan) -> Option<String> {
    if plan.status == PlanStatus::Optimal {
        return None;
    }
    let millionths = div_half_even(plan.certificate.gap * 1_000_000, plan.totals.objective.max(1));
    Some(format_scaled(i64::try_from(millionths).unwrap_or(i64::MAX), 4))
}
