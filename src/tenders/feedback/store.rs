//! Rows of `bid_answers` and `complaints`.

use super::answers::{Answer, BidLine};
use super::complaints::{Complaint, Verdict};
use crate::db::DbConnection;
use crate::db::schema::{bid_answers, bids, complaints, lots, offer_terms, offers, rounds, solve_runs};
use crate::error::AppError;
use crate::scope::Scope;
use crate::values::Timestamp;
use crate::within;
use diesel::prelude::*;

/// Rounds with opened bids and a plan under which nobody was answered yet.
pub fn list_planned(connection: &mut DbConnection, scope: &Scope) -> QueryResult<Vec<i64>> {
    let answered = bid_answers::table
        .filter(bid_answers::round_id.eq(rounds::id))
        .filter(bid_answers::plan_sha256.eq(solve_runs::plan_sha256))
        .select(bid_answers::bid_id);
    rounds::table
        .inner_join(offer_terms::table.on(offer_terms::round_id.eq(rounds::id)))
        .inner_join(solve_runs::table.on(solve_runs::round_id.eq(rounds::id)))
        .filter(solve_runs::snapshot_sha256.eq(rounds::snapshot_sha256))
        .filter(solve_runs::status.eq("succeeded"))
        .filter(diesel::dsl::not(diesel::dsl::exists(answered)))
        .filter(rounds::status.eq_any(["proposed", "approved", "published"]))
        .filter(within!(scope, own: [], markets: [rounds::market_id => scope.reads_whole()]))
        .select(rounds::id)
        .distinct()
        .order(rounds::id)
        .load(connection)
}

/// Whether a round's bidders were answered under this plan.
pub fn has_answers(connection: &mut DbConnection, scope: &Scope, round_id: i64, plan: &str) -> QueryResult<bool> {
    let found: i64 = bid_answers::table
        .filter(bid_answers::round_id.eq(round_id))
        .filter(bid_answers::plan_sha256.eq(plan))
        .filter(within!(scope, own: [], markets: [bid_answers::market_id => scope.reads_whole()]))
        .count()
        .get_result(connection)?;
    Ok(found > 0)
}

/// What was bid in a round and became an offer.
pub fn list_lines(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> QueryResult<Vec<BidLine>> {
    type Row = (i64, i64, i64, i64, i64, i64, i64);
    let rows: Vec<Row> = offer_terms::table
        .inner_join(lots::table.on(lots::id.eq(offer_terms::lot_id)))
        .inner_join(offers::table.on(offers::id.eq(offer_terms::offer_id)))
        .inner_join(bids::table.on(bids::call_id.eq(lots::call_id).and(bids::bidder_id.eq(offer_terms::seller_id))))
        .filter(offer_terms::round_id.eq(round_id))
        .filter(within!(scope, own: [], markets: [offer_terms::market_id => scope.reads_whole()]))
        .order(offer_terms::offer_id)
        .select((
            bids::id,
            bids::call_id,
            bids::bidder_id,
            lots::number,
            offer_terms::offer_id,
            lots::commodity_id,
            offers::price_e4,
        ))
        .load(connection)?;
    let line = |(bid_id, call_id, bidder_id, lot, offer_id, commodity_id, price_e4)| BidLine {
        bid_id,
        call_id,
        bidder_id,
        lot,
        offer_id,
        commodity_id,
        price_e4,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Where answers belong.
pub struct Of<'a> {
    pub market_id: i64,
    pub round_id: i64,
    pub plan_sha256: &'a str,
}

pub fn insert_answer(
    connection: &mut DbConnection,
    of: &Of<'_>,
    (bid_id, bidder_id): (i64, i64),
    answer: &Answer,
    now: Timestamp,
) -> QueryResult<()> {
    use bid_answers as a;
    let values = (
        a::bid_id.eq(bid_id),
        a::lot.eq(answer.lot),
        a::plan_sha256.eq(of.plan_sha256),
        a::market_id.eq(of.market_id),
        a::round_id.eq(of.round_id),
        a::bidder_id.eq(bidder_id),
        a::awarded.eq(answer.awarded),
        a::wins_at_e4.eq(answer.wins_at_e4),
        a::rules.eq(answer.rules.join(" ")),
        a::answered_at.eq(now.as_micros()),
    );
    diesel::insert_into(a::table).values(values).execute(connection).map(|_| ())
}

/// The newest answers to a bid, by lot: the bidder's own, or those of a market that one runs or observes.
pub fn list_answers(connection: &mut DbConnection, scope: &Scope, bid_id: i64) -> QueryResult<Vec<Answer>> {
    use bid_answers as a;
    let visible = || within!(scope, own: [a::bidder_id], markets: [a::market_id => scope.reads_whole()]);
    let newest: Option<String> = a::table
        .filter(a::bid_id.eq(bid_id))
        .filter(visible())
        .order(a::answered_at.desc())
        .select(a::plan_sha256)
        .first(connection)
        .optional()?;
    let Some(newest) = newest else { return Ok(Vec::new()) };
    let rows: Vec<(i64, i64, Option<i64>, String)> = a::table
        .filter(a::bid_id.eq(bid_id))
        .filter(a::plan_sha256.eq(newest))
        .filter(visible())
        .order(a::lot)
        .select((a::lot, a::awarded, a::wins_at_e4, a::rules))
        .load(connection)?;
    let answer = |(lot, awarded, wins_at_e4, rules): (i64, i64, Option<i64>, String)| Answer {
        lot,
        awarded,
        wins_at_e4,
        rules: rules.split_ascii_whitespace().map(str::to_owned).collect(),
    };
    Ok(rows.into_iter().map(answer).collect())
}

pub fn insert_complaint(connection: &mut DbConnection, new: &Complaint, by: i64) -> QueryResult<()> {
    use complaints as c;
    let values = (
        c::id.eq(new.id),
        c::market_id.eq(new.market_id),
        c::round_id.eq(new.round_id),
        c::call_id.eq(new.call_id),
        c::lot.eq(new.lot),
        c::bidder_id.eq(new.bidder_id),
        c::status.eq(new.status.word()),
        c::words.eq(&new.words),
        c::created_by.eq(by),
        c::created_at.eq(new.created_at.as_micros()),
    );
    diesel::insert_into(c::table).values(values).execute(connection).map(|_| ())
}

type Row = (i64, i64, i64, i64, Option<i64>, i64, String, String, String, i64, i64);

fn into_complaint(row: Row) -> Result<Complaint, AppError> {
    let (id, market_id, round_id, call_id, lot, bidder_id, status, words, answer, created_at, version) = row;
    Ok(Complaint {
        status: Verdict::parse(&status).ok_or_else(|| AppError::unknown_stored(&status))?,
        created_at: Timestamp::from_micros(created_at),
        id,
        market_id,
        round_id,
        call_id,
        lot,
        bidder_id,
        words,
        answer,
        version,
    })
}

macro_rules! columns {
    () => {{
        use complaints as c;
        (
            c::id,
            c::market_id,
            c::round_id,
            c::call_id,
            c::lot,
            c::bidder_id,
            c::status,
            c::words,
            c::answer,
            c::created_at,
            c::version,
        )
    }};
}

/// Complaints about a call in sight, by id: a bidder's own, or all of a market that one runs or observes.
pub fn list_complaints(connection: &mut DbConnection, scope: &Scope, call_id: i64) -> Result<Vec<Complaint>, AppError> {
    use complaints as c;
    let rows: Vec<Row> = c::table
        .filter(c::call_id.eq(call_id))
        .filter(within!(scope, own: [c::bidder_id], markets: [c::market_id => scope.reads_whole()]))
        .order(c::id)
        .select(columns!())
        .load(connection)?;
    rows.into_iter().map(into_complaint).collect()
}

/// One complaint in sight.
pub fn find_complaint(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Complaint>, AppError> {
    use complaints as c;
    let row: Option<Row> = c::table
        .filter(c::id.eq(id))
        .filter(within!(scope, own: [c::bidder_id], markets: [c::market_id => scope.reads_whole()]))
        .select(columns!())
        .first(connection)
        .optional()?;
    row.map(into_complaint).transpose()
}

/// Open complaints about a round's calls: call and lot of each.
pub fn list_open(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> QueryResult<Vec<(i64, Option<i64>)>> {
    use complaints as c;
    c::table
        .filter(c::round_id.eq(round_id))
        .filter(c::status.eq(Verdict::Open.word()))
        .filter(within!(scope, own: [], markets: [c::market_id => scope.reads_whole()]))
        .order(c::id)
        .select((c::call_id, c::lot))
        .load(connection)
}

/// Answers a complaint if it is still as it was read; false otherwise.
pub fn update_complaint(
    connection: &mut DbConnection,
    scope: &Scope,
    complaint: &Complaint,
    (verdict, answer): (Verdict, &str),
    (by, now): (i64, Timestamp),
) -> QueryResult<bool> {
    use complaints as c;
    let row = c::table
        .filter(c::id.eq(complaint.id))
        .filter(c::status.eq(Verdict::Open.word()))
        .filter(c::version.eq(complaint.version))
        .filter(within!(scope, own: [], markets: [c::market_id => scope.operates()]));
    diesel::update(row)
        .set((
            c::status.eq(verdict.word()),
            c::answer.eq(answer),
            c::answered_by.eq(by),
            c::answered_at.eq(now.as_micros()),
            c::version.eq(complaint.version + 1),
        ))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// The status of a complaint, and who answered it when.
type About = (String, Option<(i64, Timestamp)>);

/// Complaints about some lots, by id.
pub fn list_about(connection: &mut DbConnection, scope: &Scope, lot_ids: &[i64]) -> QueryResult<Vec<About>> {
    use complaints as c;
    let rows: Vec<(String, Option<i64>, Option<i64>)> = c::table
        .inner_join(lots::table.on(lots::call_id.eq(c::call_id)))
        .filter(lots::id.eq_any(lot_ids))
        .filter(c::lot.is_null().or(c::lot.eq(lots::number.nullable())))
        .filter(within!(scope, own: [], markets: [c::market_id => scope.reads_whole()]))
        .order(c::id)
        .select((c::status, c::answered_by, c::answered_at))
        .load(connection)?;
    let answered = |by: Option<i64>, at: Option<i64>| by.zip(at.map(Timestamp::from_micros));
    Ok(rows.into_iter().map(|(status, by, at)| (status, answered(by, at))).collect())
}
