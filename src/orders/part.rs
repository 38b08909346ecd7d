//! Accepting an order in part: what a seller says it will deliver of each line, read into what is missing in base units and
//! rupiah. Pure: the lines and their awards come in, shortfalls or everything that is wrong come out.
//!
//! What is delivered keeps the awarded price. Goods and freight of the accepted quantity are computed like those of an award,
//! rounded once each; a tier's rebate and the fees in the freight shrink with the quantity. Packs stay whole.

use super::errors::OrderError;
use super::types::{OrderLine, RejectReason, Shortfall};
use crate::error::{AppError, Checks, CommonError};
use crate::values::decimal::div_half_even;
use crate::values::{BaseUnit, Quantity, Rupiah};
use crate::web::text::name_text;
use std::collections::BTreeSet;

/// Longest note, in characters.
pub const LONGEST_NOTE: usize = 500;

/// What is said about one line; lines that nothing is said about are accepted whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartLine {
    /// The line's number in the order.
    pub line_number: i64,
    /// How much will be delivered, as decimal text in the pricing unit; `0` for nothing.
    pub accepted: String,
    /// Why not more: a word of [`RejectReason`].
    pub reason: String,
    /// Why, in words; needed for `OTHER`.
    pub note: String,
}

/// A line with what its amounts were made from.
#[derive(Debug, Clone)]
pub struct Basis {
    /// The line as it was ordered.
    pub line: OrderLine,
    /// The unit it is counted in.
    pub unit: BaseUnit,
    /// Base units in a pack of the offer it takes from.
    pub pack: i64,
    /// Freight in ticks per base unit.
    pub freight_ticks: i64,
    /// What tiers took off the goods.
    pub rebate: Rupiah,
    /// Fees in the freight.
    pub fee: Rupiah,
}

/// What is missing if the order is accepted as said, by line; or every mistake at once.
pub fn read(bases: &[Basis], said: &[PartLine]) -> Result<Vec<Shortfall>, AppError> {
    let mut checks = Checks::default();
    if said.is_empty() {
        checks.add("/lines", CommonError::Required);
    }
    let mut seen = BTreeSet::new();
    let mut missing = Vec::new();
    for (index, part) in said.iter().enumerate() {
        checks.within(format!("/lines/{index}"));
        if !seen.insert(part.line_number) {
            checks.add("/line_number", OrderError::LineRepeated);
        }
        let basis = bases.iter().find(|basis| basis.line.line_number == part.line_number);
        if basis.is_none() {
            checks.add("/line_number", OrderError::LineUnknown);
        }
        let why = read_reason(&part.reason, &part.note, &mut checks);
        let accepted = basis.and_then(|basis| read_accepted(basis, &part.accepted, &mut checks));
        if let Some(((basis, accepted), (reason, note))) = basis.zip(accepted).zip(why) {
            missing.push(shortfall(basis, accepted, reason, note)?);
        }
    }
    checks.within(String::new());
    let ordered: i64 = bases.iter().map(|basis| basis.line.quantity.get()).sum();
    if !missing.is_empty() && missing.iter().map(|one| one.quantity.get()).sum::<i64>() == ordered {
        checks.add("/lines", OrderError::NothingAccepted);
    }
    checks.finish()?;
    missing.sort_by_key(|one| one.line_id);
    Ok(missing)
}

/// A reason and the note beside it: short, and there where the reason is [`RejectReason::Other`].
pub fn read_reason(reason: &str, note: &str, checks: &mut Checks) -> Option<(RejectReason, String)> {
    let reason = RejectReason::parse(reason);
    if reason.is_none() {
        checks.add_with("/reason", CommonError::UnknownChoice, RejectReason::words());
    }
    let note = match (note.trim(), reason) {
        ("", Some(RejectReason::Other)) => {
            checks.add("/note", OrderError::NoteMissing);
            None
        }
        ("", _) => Some(String::new()),
        (note, _) => name_text(checks, "/note", note, LONGEST_NOTE),
    };
    reason.zip(note)
}

/// Base units that will be delivered: fewer than ordered, none or whole packs.
fn read_accepted(basis: &Basis, text: &str, checks: &mut Checks) -> Option<i64> {
    let text = text.trim();
    let is_nothing = text.starts_with('0') && text.chars().all(|c| matches!(c, '0' | '.'));
    let accepted = if is_nothing {
        0
    } else {
        checks.ok("/accepted", Quantity::parse(text, basis.unit.per_pricing_unit()))?.get()
    };
    let ordered = basis.line.quantity.get();
    // An offer whose pack was another one when it won has no say any more.
    let pack = if ordered % basis.pack.max(1) == 0 { basis.pack.max(1) } else { 1 };
    if accepted >= ordered {
        checks.add("/accepted", OrderError::NotShort);
    } else if accepted % pack != 0 {
        let hint = format!("{} {}", basis.unit.in_pricing_units(pack), basis.unit.pricing_name());
        checks.add_with("/accepted", OrderError::NotWholePacks, hint);
    } else {
        return Some(accepted);
    }
    None
}

fn shortfall(basis: &Basis, accepted: i64, reason: RejectReason, note: String) -> Result<Shortfall, AppError> {
    let line = &basis.line;
    let (goods, freight) = match Quantity::new(accepted) {
        Ok(accepted) => kept(basis, accepted)?,
        Err(_) => (0, 0),
    };
    let rupiah = |amount: i64| Rupiah::new(amount).map_err(AppError::internal);
    Ok(Shortfall {
        order_id: line.order_id,
        line_id: line.id,
        quantity: Quantity::new(line.quantity.get() - accepted).map_err(AppError::internal)?,
        goods: rupiah(line.goods.get() - goods)?,
        freight: rupiah(line.freight.get() - freight)?,
        reason,
        note,
    })
}

/// Goods and freight of the accepted quantity, in rupiah: never more than those of the whole line.
fn kept(basis: &Basis, accepted: Quantity) -> Result<(i64, i64), AppError> {
    let line = &basis.line;
    let share = |amount: Rupiah| {
        let part = i128::from(amount.get()) * i128::from(accepted.get());
        i64::try_from(div_half_even(part, i128::from(line.quantity.get()))).map_err(AppError::internal)
    };
    let goods = line.price.amount(accepted, basis.unit).map_err(AppError::internal)?.get() - share(basis.rebate)?;
    let ticks = i128::from(basis.freight_ticks) * i128::from(accepted.get());
    let freight = Rupiah::from_ticks(ticks).map_err(AppError::internal)?.get() + share(basis.fee)?;
    Ok((goods.clamp(0, line.goods.get()), freight.clamp(0, line.freight.get())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Day, UnitPrice};

    /// Line 1: 40 kg at 13,250.5, freight 50 a kilogram and a fee of 1,000, less 400 for a tier; line 2: 20 kg.
    fn bases() -> Vec<Basis> {
        let basis = |line_number: i64, kilograms: i64, goods: i64, freight: i64, rebate: i64, fee: i64| Basis {
            line: OrderLine {
                id: line_number,
                order_id: 7,
                line_number,
                award_id: line_number,
                commodity_id: 1,
                place_id: 1,
                day: Day::parse("2026-01-12").unwrap(),
                quantity: Quantity::new(kilograms * 1_000).unwrap(),
                price: UnitPrice::parse("13250.5").unwrap(),
                goods: Rupiah::new(goods).unwrap(),
                freight: Rupiah::new(freight).unwrap(),
            },
            unit: BaseUnit::Gram,
            pack: 10_000,
            freight_ticks: 500_000,
            rebate: Rupiah::new(rebate).unwrap(),
            fee: Rupiah::new(fee).unwrap(),
        };
        vec![basis(1, 40, 529_620, 3_000, 400, 1_000), basis(2, 20, 265_010, 1_000, 0, 0)]
    }

    fn part(line_number: i64, accepted: &str) -> PartLine {
        PartLine { line_number, accepted: accepted.to_owned(), reason: "OUT_OF_STOCK".to_owned(), note: String::new() }
    }

    #[test]
    fn what_is_kept_is_priced_like_an_award_and_the_rest_is_taken_off() {
        let missing = read(&bases(), &[part(1, "10")]).unwrap();
        // Kept: 132,505 less a quarter of the rebate, 500 freight and a quarter of the fee.
        assert_eq!(missing.len(), 1);
        assert_eq!((missing[0].quantity.get(), missing[0].line_id), (30_000, 1));
        assert_eq!(missing[0].goods.get(), 529_620 - (132_505 - 100));
        assert_eq!(missing[0].freight.get(), 3_000 - (500 + 250));
        let nothing = read(&bases(), &[part(1, "0.0")]).unwrap();
        assert_eq!((nothing[0].goods.get(), nothing[0].freight.get()), (529_620, 3_000));
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        let other = PartLine { reason: "OTHER".to_owned(), ..part(2, "15") };
        let said = [part(1, "40"), part(1, "x"), part(3, "1"), other];
        let Err(AppError::Refused(refusal)) = read(&bases(), &said) else { panic!("accepted") };
        let told: Vec<String> =
            refusal.issues.iter().map(|issue| format!("{} {}", issue.pointer, issue.def.code)).collect();
        assert_eq!(
            told,
            [
                "/lines/0/accepted ORDER_LINE_NOT_SHORT",
                "/lines/1/line_number ORDER_LINE_REPEATED",
                "/lines/1/accepted NOT_A_NUMBER",
                "/lines/2/line_number ORDER_LINE_UNKNOWN",
                "/lines/3/note ORDER_NOTE_MISSING",
                "/lines/3/accepted ORDER_LINE_NOT_WHOLE_PACKS",
            ]
        );
    }

    #[test]
    fn nothing_at_all_is_no_part() {
        for said in [&[][..], &[part(1, "0"), part(2, "0")]] {
            assert_eq!(read(&bases(), said).unwrap_err().code(), "INVALID_INPUT");
        }
    }
}
