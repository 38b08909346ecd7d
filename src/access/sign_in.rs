//! Signing in, and what a person who is signed in changes about it: role, password, authenticator.
//!
//! Whoever tries gets the same answer, after the same work, whether or not there is such a person. A password is hashed
//! outside any transaction.

use super::attempts::{self, Keys};
use super::errors::AccessError;
use super::sessions::{self, Opened, Opening};
use super::store::credentials as store;
use super::types::{Credentials, Session};
use super::{EVERYBODY, rules, second_factor};
use crate::app::App;
use crate::audit::{Change, Principal, Work};
use crate::config::Limits;
use crate::db::DbConnection;
use crate::error::{AppError, Checks};
use crate::parties::{self, Login, Member, people};
use crate::scope::Scope;
use std::net::IpAddr;
use std::sync::Arc;

/// What somebody shows to sign in.
#[derive(Clone)]
pub struct Attempt {
    /// Telephone number or e-mail address, as typed.
    pub login: String,
    /// The password.
    pub password: String,
    /// What the authenticator shows, where there is one.
    pub code: Option<String>,
    /// The organisation to act for; the first if none is named.
    pub organisation_id: Option<i64>,
    /// What signs in, as it names itself.
    pub client: String,
    /// Where it comes from.
    pub address: Option<IpAddr>,
}

/// Signs in.
pub async fn sign_in(app: &App, attempt: Attempt) -> Result<Opened, AppError> {
    let keys = Keys::of(&attempt.login, attempt.address);
    count(app, &keys).await?;
    let login = Login::parse(&attempt.login);
    let credentials =
        app.read_async(EVERYBODY, move |connection, _| credentials_of(connection, login.as_ref())).await?;
    let stored = credentials.as_ref().map(|credentials| credentials.password_hash.clone());
    let matches = app.hasher.verify(attempt.password.clone(), stored).await?;
    let Some(credentials) = credentials.filter(|_| matches) else {
        metrics::counter!("sign_ins_total", "outcome" => "refused").increment(1);
        return Err(AccessError::SignInRefused.into());
    };
    let (account_id, wanted) = (credentials.account_id, attempt.organisation_id);
    let member = app.read_async(EVERYBODY, move |connection, _| choose(connection, account_id, wanted)).await?;
    if credentials.totp_confirmed_at.is_some() && attempt.code.is_none() {
        return Err(AccessError::CodeNeeded.into());
    }
    let opened = open(app, credentials, member, attempt, keys).await?;
    metrics::counter!("sign_ins_total", "outcome" => "accepted").increment(1);
    Ok(opened)
}

async fn open(
    app: &App,
    credentials: Credentials,
    member: Member,
    attempt: Attempt,
    keys: Keys,
) -> Result<Opened, AppError> {
    let principal = Principal { member_id: Some(member.id), organisation_id: Some(member.organisation_id) };
    let (limits, vault) = (app.config.limits, Arc::clone(&app.vault));
    app.write_async(Scope::system_for("sign-in", principal), move |work| {
        let second_factor = credentials.totp_confirmed_at.is_some();
        if second_factor {
            second_factor::use_code(work, &vault, &credentials, attempt.code.as_deref().unwrap_or_default())?;
        }
        attempts::succeed(work, &keys)?;
        let opening = Opening { member_id: member.id, client: attempt.client.clone(), second_factor };
        sessions::open(work, &opening, &limits)
    })
    .await
}

/// Counts an attempt before anything is looked at.
pub(super) async fn count(app: &App, keys: &Keys) -> Result<(), AppError> {
    let keys = keys.clone();
    app.write_async(EVERYBODY, move |work| attempts::begin(work, &keys)).await
}

fn credentials_of(connection: &mut DbConnection, login: Option<&Login>) -> Result<Option<Credentials>, AppError> {
    let Some(login) = login else { return Ok(None) };
    let Some(account_id) = people::find_account_id(connection, login)? else { return Ok(None) };
    // A closed account signs in like none.
    match people::get_account(connection, account_id) {
        Ok(_) => Ok(Some(store::find(connection, account_id)?)),
        Err(_) => Ok(None),
    }
}

/// The role to act in: in the organisation that was named, else the first.
fn choose(connection: &mut DbConnection, account_id: i64, wanted: Option<i64>) -> Result<Member, AppError> {
    let members = people::memberships(connection, account_id)?;
    let chosen = members.into_iter().find(|member| wanted.is_none_or(|id| id == member.organisation_id));
    chosen.ok_or_else(|| AccessError::NoRole.into())
}

/// Acts in another of the person's roles from now on, with a new secret.
pub async fn change_member(app: &App, session: Session, member_id: i64) -> Result<Opened, AppError> {
    let account_id = session.account_id;
    let members = app.read_async(EVERYBODY, move |connection, _| people::memberships(connection, account_id)).await?;
    let member = members.into_iter().find(|member| member.id == member_id).ok_or(AccessError::NoRole)?;
    let principal = Principal { member_id: Some(member.id), organisation_id: Some(member.organisation_id) };
    let limits = app.config.limits;
    app.write_async(Scope::system_for("sign-in", principal), move |work| {
        let opening = Opening {
            member_id: member.id,
            client: session.client.clone(),
            second_factor: session.second_factor_at.is_some(),
        };
        sessions::rotate(work, &session, &opening, &limits)
    })
    .await
}

/// Chooses another password: every other session ends, and this one gets a new secret.
pub async fn change_password(app: &App, session: Session, current: String, new: String) -> Result<Opened, AppError> {
    let account_id = session.account_id;
    let keys = prove(app, account_id, current).await?;
    let hash = hash_new(app, account_id, "/new", new).await?;
    let limits = app.config.limits;
    app.write_async(scope_of(app, &session).await?, move |work| {
        attempts::succeed(work, &keys)?;
        store::set_password(work.connection, account_id, &hash, work.now)?;
        work.record(Change {
            subject: "accounts",
            subject_id: account_id,
            event: "password_changed",
            ..Change::default()
        })?;
        replace_all(work, &session, session.second_factor_at.is_some(), &limits)
    })
    .await
}

/// Begins to set up an authenticator, for whoever knows the password.
pub async fn begin_second_factor(
    app: &App,
    session: Session,
    password: String,
) -> Result<second_factor::Enrolment, AppError> {
    let account_id = session.account_id;
    let keys = prove(app, account_id, password).await?;
    let vault = Arc::clone(&app.vault);
    app.write_async(scope_of(app, &session).await?, move |work| {
        attempts::succeed(work, &keys)?;
        let account = people::get_account(work.connection, account_id)?;
        let credentials = store::find(work.connection, account_id)?;
        second_factor::begin(work, &vault, &account, &credentials)
    })
    .await
}

/// Counts the authenticator from now on: every other session ends, and this one has two factors.
pub async fn confirm_second_factor(app: &App, session: Session, code: String) -> Result<Opened, AppError> {
    let keys = Keys::of_account(session.account_id);
    count(app, &keys).await?;
    let (limits, vault) = (app.config.limits, Arc::clone(&app.vault));
    app.write_async(scope_of(app, &session).await?, move |work| {
        let credentials = store::find(work.connection, session.account_id)?;
        second_factor::confirm(work, &vault, &credentials, &code)?;
        attempts::succeed(work, &keys)?;
        replace_all(work, &session, true, &limits)
    })
    .await
}

/// Refuses unless it is the person's password.
async fn prove(app: &App, account_id: i64, password: String) -> Result<Keys, AppError> {
    let keys = Keys::of_account(account_id);
    count(app, &keys).await?;
    let credentials = app.read_async(EVERYBODY, move |connection, _| Ok(store::find(connection, account_id)?)).await?;
    if app.hasher.verify(password, Some(credentials.password_hash)).await? {
        Ok(keys)
    } else {
        Err(AccessError::SignInRefused.into())
    }
}

/// The hash of a new password that keeps the rules.
pub(super) async fn hash_new(
    app: &App,
    account_id: i64,
    pointer: &'static str,
    password: String,
) -> Result<String, AppError> {
    let about = app.read_async(EVERYBODY, move |connection, _| about(connection, account_id)).await?;
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let mut checks = Checks::default();
    rules::check(&mut checks, pointer, &password, &about);
    checks.finish()?;
    app.hasher.hash(password).await
}

/// What others know about a person.
fn about(connection: &mut DbConnection, account_id: i64) -> Result<Vec<String>, AppError> {
    let account = people::get_account(connection, account_id)?;
    let members = people::memberships(connection, account_id)?;
    let ids: Vec<i64> = members.iter().map(|member| member.organisation_id).collect();
    let organisations = parties::service::list_by_ids(connection, &EVERYBODY, &ids)?;
    let own = [
        Some(account.name),
        account.phone.map(|phone| phone.to_string()),
        account.email.map(|email| email.to_string()),
    ];
    let theirs = organisations.into_iter().flat_map(|organisation| [organisation.name, organisation.code]);
    Ok(own.into_iter().flatten().chain(theirs).collect())
}

async fn scope_of(app: &App, session: &Session) -> Result<Scope, AppError> {
    let member_id = session.member_id;
    let member = app.read_async(EVERYBODY, move |connection, _| people::get_member(connection, member_id)).await?;
    let principal = Principal { member_id: Some(member.id), organisation_id: Some(member.organisation_id) };
    Ok(Scope::system_for("own account", principal))
}

fn replace_all(
    work: &mut Work<'_>,
    session: &Session,
    second_factor: bool,
    limits: &Limits,
) -> Result<Opened, AppError> {
    let opening = Opening { member_id: session.member_id, client: session.client.clone(), second_factor };
    let opened = sessions::rotate(work, session, &opening, limits)?;
    sessions::end_others(work, &opened.0)?;
    Ok(opened)
}
