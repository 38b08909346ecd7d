//! What a certificate states about itself: lengths, signs, order, control sums, bound, gap and status.

use super::book::Book;
use super::report::{Code, Report, Violation};
use crate::plan::{Certificate, Plan, PlanStatus, RowPrice};

/// Largest multiplier that is judged.
pub const MAX_MULTIPLIER: i64 = 100_000_000_000_000_000;
/// Largest scale that is judged.
const MAX_SCALE: i64 = 1_000_000_000;

/// Recomputes the control sums and names the altered multiplier where one alone explains the difference.
pub fn check_control(certificate: &Certificate, report: &mut Report) {
    let (demands, offers) = (certificate.demand_prices.len(), certificate.offer_prices.len());
    let rows = certificate.rows.iter().map(|row| row.price);
    let all = certificate.demand_prices.iter().chain(&certificate.offer_prices).copied().chain(rows);
    let (mut sum, mut weighted, mut count) = (0_i128, 0_i128, 0_usize);
    for price in all {
        count += 1;
        sum += i128::from(price);
        weighted += i128::try_from(count).unwrap_or(0) * i128::from(price);
    }
    let off = sum.saturating_sub(certificate.control.sum);
    let shift = weighted.saturating_sub(certificate.control.weighted);
    if off == 0 && shift == 0 {
        return;
    }
    let place = if off != 0 && shift % off == 0 { usize::try_from(shift / off).unwrap_or(0) } else { 0 };
    let pointer = match place.checked_sub(1).filter(|_| place <= count) {
        None if off == 0 => "/certificate/control/weighted".to_owned(),
        None => "/certificate/control/sum".to_owned(),
        Some(at) if at < demands => format!("/certificate/demand_prices/{at}"),
        Some(at) if at < demands + offers => format!("/certificate/offer_prices/{}", at - demands),
        Some(at) => format!("/certificate/rows/{}/price", at - demands - offers),
    };
    let text = format!("The control sums differ by {off} and {shift}: what stands here was altered.");
    report.add(Violation::new(Code::ControlSum, pointer, &[], text).amounts(sum, certificate.control.sum));
}

/// Lengths and scale.
pub fn check_shape(book: &Book, certificate: &Certificate, report: &mut Report) {
    let lengths = [
        ("demand_prices", certificate.demand_prices.len(), book.demands.len()),
        ("offer_prices", certificate.offer_prices.len(), book.offers.len()),
    ];
    for (name, stated, expected) in lengths {
        if stated != expected {
            let text = format!("{name} has {stated} entries for {expected} records.");
            report.add(Violation::new(Code::CertificateShape, format!("/certificate/{name}"), &[], text));
        }
    }
    // A power of ten and nothing else, so that an altered scale shows even where rounding hides it in the bound.
    let digits = certificate.scale.checked_ilog10().unwrap_or(0);
    if certificate.scale != 10_i64.pow(digits) || certificate.scale > MAX_SCALE {
        let text = format!("The scale {} is not a power of ten up to {MAX_SCALE}.", certificate.scale);
        report.add(Violation::new(Code::CertificateShape, "/certificate/scale".into(), &[], text));
    }
}

/// Sign and size of a list of multipliers.
pub fn check_range(name: &str, prices: &[i64], least: i64, report: &mut Report) {
    for (at, &price) in prices.iter().enumerate() {
        if !(least..=MAX_MULTIPLIER).contains(&price) {
            let text = format!("{price} is not between {least} and {MAX_MULTIPLIER}.");
            let violation = Violation::new(Code::PriceSign, format!("/certificate/{name}/{at}"), &[], text);
            report.add(violation.amounts(price, least));
        }
    }
}

/// Rows stand in order, once, with a price above nought.
pub fn check_row_order(rows: &[RowPrice], report: &mut Report) {
    for (at, row) in rows.iter().enumerate() {
        let pointer = format!("/certificate/rows/{at}");
        if at > 0 && (&rows[at - 1].row, &rows[at - 1].key) >= (&row.row, &row.key) {
            let text = "Rows are ordered by family and key, each at most once.".to_owned();
            report.add(Violation::new(Code::RowOrder, pointer.clone(), &[&row.row], text));
        }
        if row.price == 0 {
            let text = "Rows without price are left out.".to_owned();
            report.add(Violation::new(Code::RowOrder, format!("{pointer}/price"), &[&row.row], text));
        } else if !(0..=MAX_MULTIPLIER).contains(&row.price) {
            let text = format!("{} is not between 0 and {MAX_MULTIPLIER}.", row.price);
            report.add(
                Violation::new(Code::PriceSign, format!("{pointer}/price"), &[&row.row], text).amounts(row.price, 0),
            );
        }
    }
}

/// Compares the stated bound, gap and status with the recomputed ones.
pub fn check(plan: &Plan, report: &mut Report) {
    let certificate = &plan.certificate;
    let Some(bound) = report.bound else { return };
    if certificate.bound != bound {
        let text = format!("The multipliers prove {bound}, the plan states {}.", certificate.bound);
        let violation = Violation::new(Code::Bound, "/certificate/bound".into(), &[], text);
        report.add(violation.amounts(certificate.bound, bound));
    }
    let gap = report.totals.objective.saturating_sub(bound);
    report.gap = Some(gap);
    if certificate.gap != gap || gap < 0 {
        let text = format!("Objective minus bound is {gap}, the plan states {}.", certificate.gap);
        let violation = Violation::new(Code::Gap, "/certificate/gap".into(), &[], text);
        report.add(violation.amounts(certificate.gap, gap));
    }
    if (plan.status == PlanStatus::Optimal) != (gap == 0) {
        let text = format!("A gap of {gap} does not go with status {:?}.", plan.status);
        report.add(Violation::new(Code::Status, "/status".into(), &[], text).amounts(gap, 0));
    }
}
