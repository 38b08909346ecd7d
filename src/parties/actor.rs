//! Who is acting, for which organisation, on what authority, and how sure we are of it.
//!
//! A person (account) holds roles in organisations (members). An actor is one such role at work, either at home or, on a
//! grant, for a cooperative that the person assists. The log names both: `member_id` is the person, `organisation_id`
//! the organisation acted for.

use super::types::{Capability, Role, Standing};
use crate::audit::Principal;
use crate::error::{AppError, CommonError};
use crate::parties::PartyError;
use crate::scope::{Bounds, Scope};
use crate::word_enum;
use std::collections::BTreeSet;

word_enum! {
    /// What a cooperative lets an assistant do. Never more than entering: approving and paying stay with its own people.
    GrantScope {
        /// Reads what the cooperative reads.
        Read = "read",
        /// Reads, and enters demands, offers and answers to orders.
        Enter = "enter",
        /// Reads, and notes what was received.
        Receive = "receive",
    }
}

impl GrantScope {
    /// The roles of the cooperative that an assistant stands in for.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Read => &[Role::Pengawas],
            Self::Enter => &[Role::Pengawas, Role::Usaha, Role::Seller],
            Self::Receive => &[Role::Pengawas, Role::Gudang],
        }
    }
}

word_enum! {
    /// What a program may do with an organisation's token.
    TokenScope {
        /// Reads.
        Read = "read",
        /// What the member's role may, except what needs a second factor.
        Write = "write",
    }
}

/// On what authority the actor acts for the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// As one of its own people.
    Own,
    /// As an assistant, on a grant.
    Granted {
        /// The grant.
        grant_id: i64,
        /// What it allows.
        scope: GrantScope,
    },
}

/// How the actor showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// Signed in.
    Session {
        /// The session.
        id: i64,
        /// Whether a one-time code was given too.
        second_factor: bool,
    },
    /// A program with an organisation's token.
    Token {
        /// The token.
        id: i64,
        /// What it allows.
        scope: TokenScope,
    },
    /// A command on the server itself, such as the demo.
    Inside,
}

/// A person acting for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub account_id: i64,
    /// The person in their role.
    pub member_id: i64,
    /// The person's name.
    pub member_name: String,
    /// The organisation the person belongs to.
    pub home_id: i64,
    /// The organisation acted for; another than `home_id` only for an assistant.
    pub organisation_id: i64,
    /// The person's role at home.
    pub role: Role,
    /// What the organisation acted for is.
    pub capabilities: BTreeSet<Capability>,
    /// On what authority.
    pub authority: Authority,
    /// How it was shown.
    pub credential: Credential,
    /// Where the organisation acted for stands in markets.
    pub standing: Standing,
}

impl From<&Actor> for Scope {
    fn from(actor: &Actor) -> Self {
        actor.scope()
    }
}

impl Actor {
    /// For the audit log.
    pub fn principal(&self) -> Principal {
        Principal { member_id: Some(self.member_id), organisation_id: Some(self.organisation_id) }
    }

    /// Whose records this person reaches.
    pub fn scope(&self) -> Scope {
        let Standing { operates, belongs } = self.standing.clone();
        let observes = self.authority == Authority::Own
            && self.role == Role::Observer
            && self.capabilities.contains(&Capability::Observer);
        let bounds = Bounds {
            account_id: self.account_id,
            organisations: vec![self.organisation_id],
            // A grant is for what a cooperative trades, not for a market it may also run.
            operates: if self.authority == Authority::Own { operates } else { Vec::new() },
            observes: if observes { belongs.clone() } else { Vec::new() },
            belongs,
            registers: self.sets_up(),
        };
        Scope::bounded(self.principal(), bounds)
    }

    /// Refuses unless the person has one of the roles, or assists in one of them.
    pub fn require_role(&self, roles: &[Role]) -> Result<(), AppError> {
        let held = match &self.authority {
            Authority::Own => std::slice::from_ref(&self.role),
            Authority::Granted { scope, .. } => scope.roles(),
        };
        if held.iter().any(|role| roles.contains(role)) { Ok(()) } else { Err(CommonError::Forbidden.into()) }
    }

    /// Refuses unless the organisation is this.
    pub fn require_capability(&self, capability: Capability) -> Result<(), AppError> {
        if self.capabilities.contains(&capability) { Ok(()) } else { Err(CommonError::Forbidden.into()) }
    }

    /// Refuses assistants: what an organisation decides about itself is for its own people.
    pub fn require_own(&self) -> Result<(), AppError> {
        match self.authority {
            Authority::Own => Ok(()),
            Authority::Granted { .. } => Err(PartyError::OwnPeopleOnly.into()),
        }
    }

    /// Refuses unless the person has one of the roles at home, and proved it with a second factor: for everything that
    /// opens, approves or pays.
    pub fn require_duty(&self, roles: &[Role]) -> Result<(), AppError> {
        self.require_own()?;
        self.require_role(roles)?;
        match self.credential {
            Credential::Session { second_factor: true, .. } | Credential::Inside => Ok(()),
            Credential::Session { .. } => Err(PartyError::SecondFactorNeeded.into()),
            Credential::Token { .. } => Err(PartyError::PersonNeeded.into()),
        }
    }

    /// Whether the actor sets up organisations and people: an operator or administrator of an office that runs markets.
    pub fn sets_up(&self) -> bool {
        self.authority == Authority::Own
            && self.capabilities.contains(&Capability::Operator)
            && matches!(self.role, Role::Operator | Role::Admin)
    }

    /// Refuses unless the actor looks after the people of this organisation: its chair or administrator, or whoever
    /// sets up organisations. To others a foreign organisation looks like a missing one.
    pub fn require_manager_of(&self, organisation_id: i64) -> Result<(), AppError> {
        if self.sets_up() {
            return Ok(());
        }
        if organisation_id != self.organisation_id {
            return Err(CommonError::NotFound.into());
        }
        self.require_own()?;
        self.require_role(&[Role::Ketua, Role::Admin])
    }

    /// Refuses whoever only reads: observers and supervisors, and those with a reading grant or token.
    pub fn require_write(&self) -> Result<(), AppError> {
        match (self.authority, self.credential) {
            (_, Credential::Token { scope: TokenScope::Read, .. })
            | (Authority::Granted { scope: GrantScope::Read, .. }, _) => Err(PartyError::ReadOnly.into()),
            (Authority::Own, _) if matches!(self.role, Role::Observer | Role::Pengawas) => {
                Err(CommonError::Forbidden.into())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role, authority: Authority, credential: Credential) -> Actor {
        Actor {
            account_id: 1,
            member_id: 2,
            member_name: "Ibu Ester".to_owned(),
            home_id: 3,
            organisation_id: if authority == Authority::Own { 3 } else { 4 },
            role,
            capabilities: BTreeSet::new(),
            authority,
            credential,
            standing: Standing::default(),
        }
    }

    const SIGNED_IN: Credential = Credential::Session { id: 1, second_factor: false };
    const PROVEN: Credential = Credential::Session { id: 1, second_factor: true };

    #[test]
    fn a_grant_stands_for_the_roles_of_its_scope_and_for_no_duty() {
        for (scope, role, allowed) in [
            (GrantScope::Read, Role::Usaha, false),
            (GrantScope::Read, Role::Pengawas, true),
            (GrantScope::Enter, Role::Usaha, true),
            (GrantScope::Enter, Role::Ketua, false),
            (GrantScope::Enter, Role::Gudang, false),
            (GrantScope::Receive, Role::Gudang, true),
            (GrantScope::Receive, Role::Usaha, false),
        ] {
            let assistant = actor(Role::Assistant, Authority::Granted { grant_id: 9, scope }, PROVEN);
            assert_eq!(assistant.require_role(&[role]).is_ok(), allowed, "{scope} {role}");
            assert_eq!(assistant.require_duty(Role::ALL).unwrap_err().code(), "OWN_PEOPLE_ONLY");
            assert_eq!(assistant.require_write().is_ok(), scope != GrantScope::Read);
        }
    }

    #[test]
    fn a_duty_takes_a_person_with_two_factors() {
        let duty = |credential| actor(Role::Approver, Authority::Own, credential).require_duty(&[Role::Approver]);
        assert_eq!(duty(SIGNED_IN).unwrap_err().code(), "SECOND_FACTOR_NEEDED");
        let token = Credential::Token { id: 1, scope: TokenScope::Write };
        assert_eq!(duty(token).unwrap_err().code(), "PERSON_NEEDED");
        assert!(duty(PROVEN).is_ok() && duty(Credential::Inside).is_ok());
        let usaha = actor(Role::Usaha, Authority::Own, PROVEN);
        assert_eq!(usaha.require_duty(&[Role::Approver]).unwrap_err().code(), "FORBIDDEN");
    }

    #[test]
    fn whoever_only_reads_never_writes() {
        assert_eq!(actor(Role::Observer, Authority::Own, PROVEN).require_write().unwrap_err().code(), "FORBIDDEN");
        assert_eq!(actor(Role::Pengawas, Authority::Own, PROVEN).require_write().unwrap_err().code(), "FORBIDDEN");
        let reading = Credential::Token { id: 1, scope: TokenScope::Read };
        assert_eq!(actor(Role::Usaha, Authority::Own, reading).require_write().unwrap_err().code(), "READ_ONLY_ACCESS");
        assert!(actor(Role::Usaha, Authority::Own, SIGNED_IN).require_write().is_ok());
    }
}
