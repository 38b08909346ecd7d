//! Sessions: opened at sign-in, used by every request, ended by time or by hand.

use super::secrets::{self, SESSION_PREFIX};
use super::store::sessions::{self as store, LiveAt};
use super::types::Session;
use crate::audit::{Change, Work};
use crate::config::Limits;
use crate::db::DbConnection;
use crate::error::AppError;
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

/// Opens a session; answers it and its secret, which is never stored.
pub fn open(work: &mut Work<'_>, opening: &Opening, limits: &Limits) -> Result<(Session, String), AppError> {
    let member = people::get_member(work.connection, opening.member_id)?;
    let secret = secrets::fresh(SESSION_PREFIX);
    let life_s = i64::try_from(limits.session_life.as_secs()).map_err(AppError::internal)?;
    let session = Session {
        id: work.new_id(),
        account_id: member.account_id,
        member_id: member.id,
        client: opening.client.clone(),
        second_factor_at: opening.second_factor.then_some(work.now),
        created_at: work.now,
        last_used_at: work.now,
        expires_at: work.now.plus_seconds(life_s),
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

fn live_at(now: Timestamp, limits: &Limits) -> Result<LiveAt, AppError> {
    let idle_s = i64::try_from(limits.session_idle.as_secs()).map_err(AppError::internal)?;
    Ok(LiveAt { now, idle_since: now.plus_seconds(-idle_s) })
}
