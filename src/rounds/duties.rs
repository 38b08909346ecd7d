//! Segregation of duties: who decides about a round takes no part in it, and nobody agrees to their own proposal.
//!
//! Persons are compared by account, never by member or name: one person may hold many roles.

use super::errors::RoundError;
use super::types::Round;
use crate::access;
use crate::audit::Work;
use crate::db::DbConnection;
use crate::error::AppError;
use crate::parties::{Actor, people};
use crate::{demands, offers};

/// Refuses a person who acts for a buyer or seller of the round, as one of its people or as an assistant, or who entered
/// something in it. Also for officers of the opening.
pub fn require_outsider(work: &mut Work<'_>, actor: &Actor, round: &Round) -> Result<(), AppError> {
    let (connection, scope) = (&mut *work.connection, work.scope);
    let organisations = access::grants::organisations_of(connection, actor.account_id, work.now)?;
    // Whoever left yesterday still entered what was entered. Operators enter for others when they import.
    let members = people::trading_member_ids(connection, actor.account_id)?;
    let window = (round.delivery_from, round.delivery_to);
    let who = (organisations.as_slice(), members.as_slice());
    let buys = demands::service::takes_part(connection, scope, round.id, &organisations, &members)?;
    if buys || offers::service::takes_part(connection, scope, round.market_id, window, who)? {
        return Err(RoundError::BothSides.into());
    }
    Ok(())
}

/// Refuses the person who opened the round or had its plan computed.
pub(super) fn require_another_person(
    connection: &mut DbConnection,
    actor: &Actor,
    round: &Round,
) -> Result<(), AppError> {
    let Some(proposed_by) = round.proposed_by else {
        return Err(RoundError::NoPlan.into());
    };
    for member_id in [proposed_by, round.created_by] {
        if people::is_person(connection, member_id, actor.account_id)? {
            return Err(RoundError::SamePerson.into());
        }
    }
    Ok(())
}
