//! Assistants in a class: their office, and the cooperatives that let each of them act, ten like a real one has.

use super::class::Class;
use super::errors::TrainingError;
use super::seats::Seat;
use crate::access::AccessError;
use crate::access::grants::{self, NewGrant};
use crate::audit::Work;
use crate::error::AppError;
use crate::markets;
use crate::parties::service::NewOrganisation;
use crate::parties::{self, Capability, Class as Kind, GrantScope, Member, OrganisationStatus, Role, people};

/// Cooperatives of one assistant.
const COOPERATIVES_EACH: usize = 10;
/// A class is over long before.
const DAYS: i64 = 30;
/// Who gives the leave: the computer, as a cooperative's chair.
const CHAIR: &str = "Ketua";

/// The assistants' office of a class, made where there is none: safe to repeat.
pub(super) fn office(work: &mut Work<'_>, class: &Class) -> Result<(), AppError> {
    let new = NewOrganisation {
        code: format!("L{}.{}-PENDAMPING", class.code, class.run),
        name: "Kantor Pendamping (latihan)".to_owned(),
        class: Kind::Pemerintah,
        status: OrganisationStatus::Active,
        capabilities: [Capability::Assistant].into(),
    };
    let office = parties::service::register_once(work, new)?;
    markets::service::join(work, class.market.id, office.id)
}

/// Lets an assistant act for ten cooperatives of the class; the next assistant goes on where this one's end. One who comes back
/// keeps theirs. Refused where every cooperative has as many assistants as it may.
pub(super) fn entrust(work: &mut Work<'_>, seats: &[Seat], assistant: &Member) -> Result<(), AppError> {
    if grants::any_live(work.connection, assistant.account_id, work.now)? {
        return Ok(());
    }
    let cooperatives: Vec<i64> =
        seats.iter().filter(|seat| is_cooperative(seat)).map(|seat| seat.organisation.id).collect();
    let own = seats.iter().filter(|seat| seat.role == Role::Assistant);
    let before = own.flat_map(Seat::persons).filter(|member| member.id != assistant.id).count();
    let first = before * COOPERATIVES_EACH;
    let count = cooperatives.len().min(COOPERATIVES_EACH);
    let chosen = cooperatives.iter().cycle().skip(first % cooperatives.len().max(1)).take(count);
    let mut given = 0;
    for organisation_id in chosen {
        given += usize::from(give(work, *organisation_id, assistant)?);
    }
    if given == 0 { Err(TrainingError::ClassFull.into()) } else { Ok(()) }
}

fn is_cooperative(seat: &Seat) -> bool {
    let capabilities = &seat.organisation.capabilities;
    seat.role == Role::Usaha
        && capabilities.contains(&Capability::Buyer)
        && !capabilities.contains(&Capability::Kitchen)
}

/// Whether a cooperative lets an assistant act for it from now on: not where it has as many as it may.
fn give(work: &mut Work<'_>, organisation_id: i64, assistant: &Member) -> Result<bool, AppError> {
    let chair = people::add_member_once(work, organisation_id, CHAIR, Role::Ketua)?;
    let chair = people::actor_of(work.connection, work.scope, chair.id)?;
    let new = NewGrant { assistant_id: assistant.id, scope: GrantScope::Enter, days: DAYS };
    match grants::give(work, &chair, &new) {
        Ok(_) => Ok(true),
        Err(AppError::Refused(refusal)) if refusal.def.code == AccessError::TooManyGrants.code() => Ok(false),
        Err(error) => Err(error),
    }
}
