//! Who sits where in a class: the seats, and taking one.

use super::class::Class;
use super::computer::COMPUTERS;
use super::errors::TrainingError;
use super::helpers;
use crate::access::sessions::{self, Opened, Opening};
use crate::app::App;
use crate::audit::Work;
use crate::config::Limits;
use crate::db::DbConnection;
use crate::error::{AppError, Checks};
use crate::markets;
use crate::parties::{self, Capability, Member, Organisation, Role, people};
use crate::scope::Scope;
use crate::web::text::name_text;

/// Most people of a class.
pub const MOST_PEOPLE: usize = 200;
const MOST_MEMBERS: i64 = 500;
const LONGEST_NAME: usize = 80;

/// An organisation's role that people play.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The organisation.
    pub organisation: Organisation,
    /// The role.
    pub role: Role,
    /// Who has it, the computer included.
    pub people: Vec<Member>,
}

impl Seat {
    /// People on it, without the computer.
    pub fn persons(&self) -> impl Iterator<Item = &Member> {
        self.people.iter().filter(|member| !COMPUTERS.contains(&member.name.as_str()))
    }

    /// Their names, one after the other.
    pub fn names(&self) -> String {
        self.persons().map(|member| member.name.clone()).collect::<Vec<_>>().join(", ")
    }
}

/// A seat that somebody wants.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The organisation's code.
    pub organisation: String,
    /// The role there.
    pub role: Option<Role>,
    /// The name to be known by.
    pub name: String,
    /// What signs in, as it names itself.
    pub client: String,
}

/// Every seat of a class: the office's first, then the assistants', buyers and sellers by name.
pub fn list(connection: &mut DbConnection, system: &Scope, class: &Class) -> Result<Vec<Seat>, AppError> {
    let ids = markets::service::member_ids(connection, system, class.market.id)?;
    let ids: Vec<i64> = ids.into_iter().chain([class.market.operator_id]).collect();
    let mut organisations = parties::service::list_by_ids(connection, system, &ids)?;
    organisations.sort_by_key(|one| (rank(one), one.name.clone()));
    let mut seats = Vec::new();
    for organisation in organisations {
        let members = people::list_members(connection, organisation.id, 0, MOST_MEMBERS)?;
        for role in roles(&organisation) {
            let people = members.iter().filter(|member| member.role == *role).cloned().collect();
            seats.push(Seat { organisation: organisation.clone(), role: *role, people });
        }
    }
    Ok(seats)
}

fn rank(organisation: &Organisation) -> usize {
    let order =
        [Capability::Operator, Capability::Assistant, Capability::Kitchen, Capability::Buyer, Capability::Seller];
    order.iter().position(|capability| organisation.capabilities.contains(capability)).unwrap_or(order.len())
}

/// What can be played in an organisation. Approving is the computer's: it needs a second factor, and another person.
fn roles(organisation: &Organisation) -> &'static [Role] {
    match rank(organisation) {
        0 => &[Role::Operator, Role::Observer],
        1 => &[Role::Assistant],
        2 | 3 => &[Role::Usaha],
        _ => &[Role::Seller],
    }
}

/// Takes a seat and signs in. The same name on the same seat is the same person, who comes back.
pub fn enter(app: &App, class: &Class, wish: &Wish) -> Result<Opened, AppError> {
    let limits = app.config.limits;
    app.write(Scope::system("training"), |work| take(work, class, wish, &limits))
}

fn take(work: &mut Work<'_>, class: &Class, wish: &Wish, limits: &Limits) -> Result<Opened, AppError> {
    let seats = list(work.connection, work.scope, class)?;
    let mut checks = Checks::default();
    let name = name_text(&mut checks, "/name", &wish.name, LONGEST_NAME);
    if COMPUTERS.iter().any(|computer| computer.eq_ignore_ascii_case(wish.name.trim())) {
        checks.add("/name", TrainingError::NameReserved);
    }
    let seat = seats.iter().find(|seat| seat.organisation.code == wish.organisation && Some(seat.role) == wish.role);
    if seat.is_none() {
        checks.add("/seat", TrainingError::SeatUnknown);
    }
    let name = checks.finish_with(name)?;
    let seat = seat.ok_or(TrainingError::SeatUnknown)?;
    let is_back = seat.persons().any(|member| member.name == name);
    if !is_back && seats.iter().map(|seat| seat.persons().count()).sum::<usize>() >= MOST_PEOPLE {
        return Err(TrainingError::ClassFull.into());
    }
    let member = people::add_member_once(work, seat.organisation.id, &name, seat.role)?;
    if seat.role == Role::Assistant {
        helpers::entrust(work, &seats, &member)?;
    }
    let opening = Opening { member_id: member.id, client: wish.client.clone(), second_factor: false };
    sessions::open(work, &opening, limits)
}
