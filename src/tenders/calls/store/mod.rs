//! Rows of `calls`; those of `lots` have their own file.

mod lots;

pub use lots::{delete_lots, find_last_complaint, insert_lots, list_lots};

use super::super::state::Status;
use super::types::{Call, Terms};
use crate::db::DbConnection;
use crate::db::schema::calls;
use crate::error::AppError;
use crate::parties::Class;
use crate::scope::Scope;
use crate::values::{CertificateSet, Timestamp};
use crate::within;
use diesel::prelude::*;

#[derive(Queryable, Selectable)]
#[diesel(table_name = calls)]
struct CallRow {
    id: i64,
    market_id: i64,
    round_id: i64,
    number: String,
    title: String,
    status: String,
    terms_version: i64,
    terms_changed_at: Option<i64>,
    terms_change: String,
    closes_at: i64,
    min_bids: i64,
    partial_awards: i32,
    who_may_bid: String,
    certificates: String,
    documents: String,
    notes: String,
    cloned_from: Option<i64>,
    bids_received: Option<i64>,
    reason: String,
    created_by: i64,
    created_at: i64,
    opened_at: Option<i64>,
    version: i64,
    complaint_hours: i64,
    complaints_until: Option<i64>,
}

impl CallRow {
    fn into_domain(self) -> Result<Call, AppError> {
        let class = |word: &str| Class::parse(word).ok_or_else(|| AppError::unknown_stored(word));
        Ok(Call {
            status: Status::parse(&self.status).ok_or_else(|| AppError::unknown_stored(&self.status))?,
            terms: Terms {
                closes_at: Timestamp::from_micros(self.closes_at),
                partial_awards: self.partial_awards == 1,
                who_may_bid: self.who_may_bid.split_ascii_whitespace().map(class).collect::<Result<_, _>>()?,
                certificates: certificates(&self.certificates)?,
                documents: self.documents.lines().map(str::to_owned).collect(),
                title: self.title,
                min_bids: self.min_bids,
                notes: self.notes,
                complaint_hours: self.complaint_hours,
            },
            terms_changed_at: self.terms_changed_at.map(Timestamp::from_micros),
            created_at: Timestamp::from_micros(self.created_at),
            opened_at: self.opened_at.map(Timestamp::from_micros),
            complaints_until: self.complaints_until.map(Timestamp::from_micros),
            id: self.id,
            market_id: self.market_id,
            round_id: self.round_id,
            number: self.number,
            terms_version: self.terms_version,
            terms_change: self.terms_change,
            cloned_from: self.cloned_from,
            bids_received: self.bids_received,
            reason: self.reason,
            created_by: self.created_by,
            version: self.version,
        })
    }
}

fn certificates(text: &str) -> Result<CertificateSet, AppError> {
    CertificateSet::parse(text).ok_or_else(|| AppError::unknown_stored(text))
}

fn words(classes: &[Class]) -> String {
    classes.iter().map(|class| class.word()).collect::<Vec<_>>().join(" ")
}

/// Who and where a new call is.
pub struct CallIdentity {
    pub id: i64,
    pub market_id: i64,
    pub round_id: i64,
    pub number: String,
    pub serial: i64,
    pub cloned_from: Option<i64>,
    pub created_by: i64,
}

pub fn insert(
    connection: &mut DbConnection,
    identity: &CallIdentity,
    terms: &Terms,
    now: Timestamp,
) -> QueryResult<()> {
    use calls as c;
    let values = (
        (
            c::id.eq(identity.id),
            c::market_id.eq(identity.market_id),
            c::round_id.eq(identity.round_id),
            c::number.eq(&identity.number),
            c::serial.eq(identity.serial),
            c::status.eq(Status::Draft.word()),
            c::cloned_from.eq(identity.cloned_from),
            c::created_by.eq(identity.created_by),
            c::created_at.eq(now.as_micros()),
        ),
        (
            c::title.eq(&terms.title),
            c::closes_at.eq(terms.closes_at.as_micros()),
            c::min_bids.eq(terms.min_bids),
            c::partial_awards.eq(i32::from(terms.partial_awards)),
            c::who_may_bid.eq(words(&terms.who_may_bid)),
            c::certificates.eq(terms.certificates.to_string()),
            c::documents.eq(terms.documents.join("\n")),
            c::notes.eq(&terms.notes),
            c::complaint_hours.eq(terms.complaint_hours),
        ),
    );
    diesel::insert_into(c::table).values(values).execute(connection).map(|_| ())
}

/// What a step changes besides the status; `None` leaves a column as it is.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    pub terms: Option<&'a Terms>,
    pub terms_version: Option<i64>,
    pub terms_changed: Option<(Timestamp, &'a str)>,
    pub bids_received: Option<i64>,
    pub reason: Option<&'a str>,
    pub opened_at: Option<Timestamp>,
    pub complaints_until: Option<Timestamp>,
}

#[derive(AsChangeset)]
#[diesel(table_name = calls)]
struct ChangeRow<'a> {
    status: &'static str,
    version: i64,
    terms_version: Option<i64>,
    terms_changed_at: Option<i64>,
    terms_change: Option<&'a str>,
    bids_received: Option<i64>,
    reason: Option<&'a str>,
    opened_at: Option<i64>,
    title: Option<&'a str>,
    closes_at: Option<i64>,
    min_bids: Option<i64>,
    partial_awards: Option<i32>,
    who_may_bid: Option<String>,
    certificates: Option<String>,
    documents: Option<String>,
    notes: Option<&'a str>,
    complaint_hours: Option<i64>,
    complaints_until: Option<i64>,
}

/// Moves a call on if it is still as it was read; false otherwise.
pub fn update(
    connection: &mut DbConnection,
    scope: &Scope,
    call: &Call,
    status: Status,
    changes: &Changes<'_>,
) -> QueryResult<bool> {
    let row = calls::table
        .filter(calls::id.eq(call.id))
        .filter(within!(scope, own: [], markets: [calls::market_id => scope.operates()]))
        .filter(calls::status.eq(call.status.word()))
        .filter(calls::version.eq(call.version));
    let terms = changes.terms;
    let changed = ChangeRow {
        status: status.word(),
        version: call.version + 1,
        terms_version: changes.terms_version,
        terms_changed_at: changes.terms_changed.map(|(at, _)| at.as_micros()),
        terms_change: changes.terms_changed.map(|(_, why)| why),
        bids_received: changes.bids_received,
        reason: changes.reason,
        opened_at: changes.opened_at.map(Timestamp::as_micros),
        title: terms.map(|terms| terms.title.as_str()),
        closes_at: terms.map(|terms| terms.closes_at.as_micros()),
        min_bids: terms.map(|terms| terms.min_bids),
        partial_awards: terms.map(|terms| i32::from(terms.partial_awards)),
        who_may_bid: terms.map(|terms| words(&terms.who_may_bid)),
        certificates: terms.map(|terms| terms.certificates.to_string()),
        documents: terms.map(|terms| terms.documents.join("\n")),
        notes: terms.map(|terms| terms.notes.as_str()),
        complaint_hours: terms.map(|terms| terms.complaint_hours),
        complaints_until: changes.complaints_until.map(Timestamp::as_micros),
    };
    diesel::update(row).set(changed).execute(connection).map(|changed| changed == 1)
}

/// Calls in sight: a draft is its operator's affair.
macro_rules! visible {
    ($scope:expr) => {
        within!($scope, own: [], markets: [calls::market_id => $scope.reads_whole()])
            .or(calls::status.ne(Status::Draft.word()).and(calls::market_id.eq_any($scope.markets())))
    };
}
use visible;

pub fn find(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Call>, AppError> {
    let row: Option<CallRow> = calls::table
        .filter(calls::id.eq(id))
        .filter(visible!(scope))
        .select(CallRow::as_select())
        .first(connection)
        .optional()?;
    row.map(CallRow::into_domain).transpose()
}

/// A call, held so that it cannot close before this transaction ends. On SQLite the transaction has the only write lock
/// anyway; on PostgreSQL a shared lock makes the closing wait, so that a bid is either counted or refused.
pub fn hold(connection: &mut DbConnection, scope: &Scope, id: i64) -> Result<Option<Call>, AppError> {
    if let DbConnection::Postgres(inner) = connection {
        calls::table.find(id).select(calls::id).for_share().first::<i64>(inner).optional()?;
    }
    find(connection, scope, id)
}

/// Calls of a round after an id, by id.
pub fn list_of_round(
    connection: &mut DbConnection,
    scope: &Scope,
    round_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Call>, AppError> {
    let rows: Vec<CallRow> = calls::table
        .filter(calls::round_id.eq(round_id))
        .filter(visible!(scope))
        .filter(calls::id.gt(after))
        .order(calls::id)
        .limit(limit)
        .select(CallRow::as_select())
        .load(connection)?;
    rows.into_iter().map(CallRow::into_domain).collect()
}

/// Whether a round has a call of this title that was not cancelled.
pub fn has_same(connection: &mut DbConnection, scope: &Scope, round_id: i64, title: &str) -> QueryResult<bool> {
    let found: Option<i64> = calls::table
        .filter(calls::round_id.eq(round_id))
        .filter(calls::title.eq(title))
        .filter(calls::status.ne(Status::Cancelled.word()))
        .filter(visible!(scope))
        .select(calls::id)
        .first(connection)
        .optional()?;
    Ok(found.is_some())
}

/// The newest call of a market.
pub fn find_last(connection: &mut DbConnection, scope: &Scope, market_id: i64) -> Result<Option<Call>, AppError> {
    let row: Option<CallRow> = calls::table
        .filter(calls::market_id.eq(market_id))
        .filter(visible!(scope))
        .order(calls::serial.desc())
        .select(CallRow::as_select())
        .first(connection)
        .optional()?;
    row.map(CallRow::into_domain).transpose()
}

/// A call and those before it in its market whose bids are open, newest first.
pub fn list_opened_until(
    connection: &mut DbConnection,
    scope: &Scope,
    call: &Call,
    most: i64,
) -> Result<Vec<Call>, AppError> {
    let open = [Status::Opened, Status::Evaluated, Status::Awarded].map(Status::word);
    let rows: Vec<CallRow> = calls::table
        .filter(calls::market_id.eq(call.market_id))
        .filter(calls::id.le(call.id))
        .filter(calls::status.eq_any(open))
        .filter(visible!(scope))
        .order(calls::id.desc())
        .limit(most)
        .select(CallRow::as_select())
        .load(connection)?;
    rows.into_iter().map(CallRow::into_domain).collect()
}

/// Published calls whose time has come, by id.
pub fn list_due(connection: &mut DbConnection, scope: &Scope, now: Timestamp) -> QueryResult<Vec<i64>> {
    calls::table
        .filter(calls::status.eq(Status::Published.word()))
        .filter(calls::closes_at.le(now.as_micros()))
        .filter(within!(scope, own: [], markets: [calls::market_id => scope.operates()]))
        .order(calls::id)
        .select(calls::id)
        .load(connection)
}
