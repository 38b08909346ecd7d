//! Codes that one person hands to another, on paper or by voice: an invitation, a new password, a lost authenticator.
//!
//! There may be no e-mail, and a text message can be read by others; a code is given to somebody whom one knows. It has
//! 80 random bits, works once, for a few days, only together with the person's number or address, and is stored as a hash.

use super::attempts::{self, Keys};
use super::errors::AccessError;
use super::store::credentials as store;
use super::types::{CodePurpose, Handover};
use super::{EVERYBODY, require_manager, secrets, sessions, sign_in};
use crate::app::App;
use crate::audit::{Change, Work};
use crate::error::{AppError, CommonError};
use crate::parties::{Actor, Authority, GrantScope, Login, Member, Role, people};
use std::net::IpAddr;

/// How long a code works, in days.
pub const LIFE_DAYS: i64 = 3;
/// Letters and digits that are not taken for one another (Crockford).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 16;

/// Makes a code for somebody else; it is answered once and never stored. Earlier ones of the kind no longer work.
pub fn issue(
    work: &mut Work<'_>,
    actor: &Actor,
    account_id: i64,
    purpose: CodePurpose,
) -> Result<(Handover, String), AppError> {
    let members = people::memberships(work.connection, account_id)?;
    require_reach(work, actor, &members)?;
    if account_id == actor.account_id {
        return Err(AccessError::HandoverToSelf.into());
    }
    let guarded = purpose == CodePurpose::SecondFactorReset || members.iter().any(|member| member.role.is_guarded());
    // Nobody has roles that open, approve or pay without having shown a second factor, and so nobody can take one over.
    match purpose {
        CodePurpose::SecondFactorReset => actor.require_duty(&[Role::Admin])?,
        _ if guarded => actor.require_duty(&[Role::Admin, Role::Operator, Role::Ketua])?,
        _ => {}
    }
    require_use(work, account_id, purpose)?;
    make(work, account_id, purpose)
}

/// The actor looks after every organisation in which the person has a role; an assistant only after plain roles of the
/// cooperative acted for.
fn require_reach(work: &mut Work<'_>, actor: &Actor, members: &[Member]) -> Result<(), AppError> {
    if members.is_empty() {
        return Err(CommonError::NotFound.into());
    }
    for member in members {
        let assists = matches!(actor.authority, Authority::Granted { scope: GrantScope::Enter, .. })
            && member.organisation_id == actor.organisation_id
            && !member.role.is_guarded();
        if !assists {
            require_manager(work.connection, actor, member.organisation_id)?;
        }
    }
    Ok(())
}

fn require_use(work: &mut Work<'_>, account_id: i64, purpose: CodePurpose) -> Result<(), AppError> {
    let account = people::get_account(work.connection, account_id)?;
    if account.phone.is_none() && account.email.is_none() {
        return Err(AccessError::NoContact.into());
    }
    let credentials = store::find(work.connection, account_id)?;
    match purpose {
        CodePurpose::Invitation if credentials.password_set_at.is_some() => Err(AccessError::InvitedAlready.into()),
        CodePurpose::SecondFactorReset if credentials.totp_confirmed_at.is_none() => {
            Err(AccessError::NothingToReset.into())
        }
        _ => Ok(()),
    }
}

/// An invitation for somebody who has no password yet; `None` if they have. For the first set-up.
pub fn invite_once(work: &mut Work<'_>, account_id: i64) -> Result<Option<(Handover, String)>, AppError> {
    match require_use(work, account_id, CodePurpose::Invitation) {
        Ok(()) => make(work, account_id, CodePurpose::Invitation).map(Some),
        Err(error) if error.code() == AccessError::InvitedAlready.code() => Ok(None),
        Err(error) => Err(error),
    }
}

fn make(work: &mut Work<'_>, account_id: i64, purpose: CodePurpose) -> Result<(Handover, String), AppError> {
    let expires_at = work.now.plus_seconds(LIFE_DAYS * 24 * 3600);
    let handover = Handover { id: work.new_id(), account_id, purpose, expires_at };
    let code = fresh();
    let by = (work.principal.member_id, work.now);
    store::insert_code(work.connection, &handover, &hash(&code), by)?;
    work.record(Change {
        subject: "accounts",
        subject_id: account_id,
        event: "code_handed_over",
        new: purpose.word(),
        ..Change::default()
    })?;
    Ok((handover, code))
}

/// What somebody shows who got a code.
#[derive(Clone)]
pub struct Redemption {
    /// Telephone number or e-mail address, as typed.
    pub login: String,
    /// The code, as typed.
    pub code: String,
    /// The password to have from now on.
    pub password: String,
    /// Where it comes from.
    pub address: Option<IpAddr>,
}

/// Uses a code: sets the password, ends every session, and for a lost authenticator goes on without it.
pub async fn redeem(app: &App, redemption: Redemption) -> Result<CodePurpose, AppError> {
    let keys = Keys::of(&redemption.login, redemption.address);
    sign_in::count(app, &keys).await?;
    let (login, code) = (Login::parse(&redemption.login), hash(&redemption.code));
    let now = app.clock.now();
    let found = app
        .read_async(EVERYBODY, move |connection, _| {
            let Some(login) = &login else { return Ok(None) };
            let Some(account_id) = people::find_account_id(connection, login)? else { return Ok(None) };
            let found = store::find_code(connection, account_id, &code, now)?;
            Ok(found.map(|(id, purpose)| Handover { id, account_id, purpose, expires_at: now }))
        })
        .await?;
    let handover = found.ok_or(AccessError::HandoverRefused)?;
    let password = sign_in::hash_new(app, handover.account_id, "/password", redemption.password).await?;
    app.write_async(EVERYBODY, move |work| {
        attempts::succeed(work, &keys)?;
        spend(work, &handover, &password)?;
        Ok(handover.purpose)
    })
    .await
}

fn spend(work: &mut Work<'_>, handover: &Handover, password_hash: &str) -> Result<(), AppError> {
    if !store::spend_code(work.connection, handover.id, work.now)? {
        return Err(AccessError::HandoverRefused.into());
    }
    store::set_password(work.connection, handover.account_id, password_hash, work.now)?;
    if handover.purpose == CodePurpose::SecondFactorReset {
        store::clear_totp(work.connection, handover.account_id)?;
    }
    sessions::end_all(work, handover.account_id)?;
    work.record(Change {
        subject: "accounts",
        subject_id: handover.account_id,
        event: "code_used",
        new: handover.purpose.word(),
        ..Change::default()
    })
}

/// `XXXX-XXXX-XXXX-XXXX`: 80 random bits.
fn fresh() -> String {
    let random = rand::random::<[u8; LENGTH]>();
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).map_or('0', |letter| char::from(*letter));
    let letters: Vec<char> = random.iter().map(letter).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What is stored of a code: the same for every way to write it down.
fn hash(code: &str) -> String {
    let read = |c: char| match c.to_ascii_uppercase() {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        c => c.is_ascii_alphanumeric().then_some(c),
    };
    let letters: String = code.chars().filter_map(read).collect();
    secrets::hash(&format!("code {letters}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_written_down() {
        let code = fresh();
        assert_eq!((code.len(), code.matches('-').count()), (19, 3));
        assert_ne!(code, fresh());
        let spoken = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(hash(&spoken), hash(&code));
        assert_ne!(hash(&code.replace(code.chars().next().unwrap(), "#")), hash(&code));
    }
}
