//! Sessions: opened at sign-in, used by every request, ended by time or by hand.

use super::secrets::{self, SESSION_PREFIX};
use super::store::sessions::{self as store, LiveAt};
use super::types::Session;
use crate::audit::{Change, Work};
use crate::config::Limits;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::parties::people;
use crate::values::Timestamp;

/// How precisely the last use is noted; each note is a write.
const TOUCH_EVERY_S: i64 = 60;

/// How a session begins.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The role to act in.
    pub member_id: i64,
    /// What signed in, as it named itself.
    pub client: String,
    /// Whether a one-time code was given.
    pub second_factor: bool,
}

/// A new session, and its secret, which is never stored.
pub type Opened = (Session, String);

/// Opens a session.
pub fn open(work: &mut Work<'_>, opening: &Opening, limits: &Limits) -> Result<Opened, AppError> {
    let expires_at = end_of_life(work.now, limits)?;
    open_until(work, opening, expires_at)
}

fn end_of_life(now: Timestamp, limits: &Limits) -> Result<Timestamp, AppError> {
    Ok(now.plus_seconds(i64::try_from(limits.session_life.as_secs()).map_err(AppError::internal)?))
}

fn open_until(work: &mut Work<'_>, opening: &Opening, expires_at: Timestamp) -> Result<Opened, AppError> {
    let member = people::get_member(work.connection, opening.member_id)?;
    let secret = secrets::fresh(SESSION_PREFIX);
    let session = Session {
        id: work.new_id(),
        account_id: member.account_id,
        member_id: member.id,
        client: opening.client.clone(),
        second_factor_at: opening.second_factor.then_some(work.now),
        created_at: work.now,
        last_used_at: work.now,
        expires_at,
    };
    store::insert(work.connection, &session, &secrets::hash(&secret))?;
    work.record(Change { subject: "sessions", subject_id: session.id, event: "opened", ..Change::default() })?;
    Ok((session, secret))
}

/// The live session with this secret.
pub fn find(
    connection: &mut DbConnection,
    secret: &str,
    now: Timestamp,
    limits: &Limits,
) -> Result<Option<Session>, AppError> {
    Ok(store::find_live(connection, &secrets::hash(secret), live_at(now, limits)?)?)
}

/// Whether the last use should be noted again.
pub fn is_stale(session: &Session, now: Timestamp) -> bool {
    session.last_used_at.plus_seconds(TOUCH_EVERY_S) <= now
}

/// Notes that a session was used. No change that anybody could want to look up, hence no audit entry.
pub fn touch(work: &mut Work<'_>, id: i64) -> Result<(), AppError> {
    Ok(store::touch(work.connection, id, work.now)?)
}

/// A person's live sessions, by id.
pub fn list(
    connection: &mut DbConnection,
    account_id: i64,
    now: Timestamp,
    limits: &Limits,
) -> Result<Vec<Session>, AppError> {
    Ok(store::list_live(connection, account_id, live_at(now, limits)?)?)
}

/// Ends one of a person's sessions.
pub fn end(work: &mut Work<'_>, account_id: i64, id: i64) -> Result<(), AppError> {
    if !store::revoke(work.connection, account_id, id, work.now)? {
        return Err(CommonError::NotFound.into());
    }
    work.record(Change { subject: "sessions", subject_id: id, event: "ended", ..Change::default() })
}

/// Ends all of a person's sessions: whoever holds one must sign in again.
pub fn end_all(work: &mut Work<'_>, account_id: i64) -> Result<(), AppError> {
    if store::revoke_all(work.connection, account_id, work.now)? > 0 {
        work.record(Change {
            subject: "accounts",
            subject_id: account_id,
            event: "sessions_ended",
            ..Change::default()
        })?;
    }
    Ok(())
}

/// Ends all of a person's sessions but this one.
pub fn end_others(work: &mut Work<'_>, session: &Session) -> Result<(), AppError> {
    let at = LiveAt { now: work.now, idle_since: Timestamp::from_micros(0) };
    for other in store::list_live(work.connection, session.account_id, at)? {
        if other.id != session.id {
            end(work, session.account_id, other.id)?;
        }
    }
    Ok(())
}

/// Ends a session and opens another in its place, with a new secret: after any change of what it may do. It ends no later
/// than the old one.
pub fn rotate(work: &mut Work<'_>, old: &Session, opening: &Opening, limits: &Limits) -> Result<Opened, AppError> {
    end(work, old.account_id, old.id)?;
    open_until(work, opening, old.expires_at.min(end_of_life(work.now, limits)?))
}

fn live_at(now: Timestamp, limits: &Limits) -> Result<LiveAt, AppError> {
    let idle_s = i64::try_from(limits.session_idle.as_secs()).map_err(AppError::internal)?;
    Ok(LiveAt { now, idle_since: now.plus_seconds(-idle_s) })
}
