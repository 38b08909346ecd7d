//! `pasok admin`: the first operator organisation and its people, each with an invitation to begin with; a new key for secrets.

use super::DatabaseArgs;
use crate::access::codes;
use crate::access::second_factor;
use crate::access::tokens::{self, NewToken};
use crate::audit::Work;
use crate::error::{AppError, Checks, CommonError};
use crate::parties::people::{self, NewPerson};
use crate::parties::service::{self, NewOrganisation};
use crate::parties::{Capability, Class, Email, Member, OrganisationStatus, Phone, Role, TokenScope};
use crate::scope::Scope;
use clap::{Args, Subcommand};
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Set-up commands that need access to the database itself.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Create an operator organisation with a person. With a telephone number or e-mail address, prints an invitation
    /// code, to be used with POST /api/v1/codes/redeem; with --token, an API token for programs. Safe to repeat.
    Create(CreateOptions),
    /// Encrypt the secrets of authenticators with a new key and forget the old one. Other servers of the same database need the
    /// new file before their people can sign in with a second factor.
    RenewSecretKey(DatabaseArgs),
}

/// Whom to create.
#[derive(Debug, Args)]
pub struct CreateOptions {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Short unique code of the organisation.
    #[arg(long, default_value = "OPERATOR")]
    code: String,
    /// Name of the organisation.
    #[arg(long)]
    organisation: String,
    /// Name of the person.
    #[arg(long)]
    member: String,
    /// The person's role there.
    #[arg(long, default_value = "admin", value_parser = parse_role)]
    role: Role,
    /// Telephone number to sign in with.
    #[arg(long, value_name = "NUMBER", required_unless_present_any = ["email", "token"])]
    phone: Option<String>,
    /// E-mail address to sign in with.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Print an API token as well, on a line of its own; it cannot open, approve or pay.
    #[arg(long)]
    token: bool,
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| format!("one of: {}", Role::words()))
}

/// What is printed, and only now known.
struct Created {
    invitation: Option<String>,
    has_password: bool,
    token: Option<String>,
}

pub(super) fn run(command: &AdminCommand) -> Result<ExitCode, AppError> {
    match command {
        AdminCommand::Create(options) => create_operator(options),
        AdminCommand::RenewSecretKey(options) => {
            options.must_exist()?;
            let app = super::open(options.config())?;
            let renewed = second_factor::renew_secrets(&app, &Scope::system("renew the secret key"))?;
            println!("{renewed} secrets are encrypted with a new key.");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn create_operator(options: &CreateOptions) -> Result<ExitCode, AppError> {
    let person = person(options)?;
    let app = super::open(options.database.config())?;
    let system = Scope::system("first administrator");
    let created = app.write(system, |work| create(work, options, &person))?;
    if let Some(code) = created.invitation {
        println!("{code}");
        eprintln!("This invitation is shown only once and works for {} days.", codes::LIFE_DAYS);
    } else if created.has_password {
        eprintln!("{} has a password already; nothing was changed.", options.member);
    }
    if let Some(secret) = created.token {
        println!("{secret}");
        eprintln!("This token is shown only once and works for {} days.", tokens::LONGEST_DAYS);
    }
    Ok(ExitCode::SUCCESS)
}

fn person(options: &CreateOptions) -> Result<NewPerson, AppError> {
    let mut checks = Checks::default();
    let phone = options.phone.as_deref().and_then(|text| checks.ok("--phone", Phone::parse(text)));
    let email = options.email.as_deref().and_then(|text| checks.ok("--email", Email::parse(text)));
    if options.member.trim().is_empty() {
        checks.add("--member", CommonError::Required);
    }
    checks.finish()?;
    Ok(NewPerson { name: options.member.trim().to_owned(), role: options.role, phone, email })
}

fn create(work: &mut Work<'_>, options: &CreateOptions, person: &NewPerson) -> Result<Created, AppError> {
    let organisation = NewOrganisation {
        code: options.code.clone(),
        name: options.organisation.clone(),
        class: Class::Pemerintah,
        status: OrganisationStatus::Active,
        capabilities: BTreeSet::from([Capability::Operator, Capability::Observer]),
    };
    let organisation = service::register_once(work, organisation)?;
    let member = people::add_person_once(work, organisation.id, person)?;
    let reachable = person.phone.is_some() || person.email.is_some();
    let invitation = if reachable { codes::invite_once(work, member.account_id)?.map(|made| made.1) } else { None };
    let token = options.token.then(|| first_token(work, &member)).transpose()?;
    Ok(Created { has_password: reachable && invitation.is_none(), invitation, token })
}

fn first_token(work: &mut Work<'_>, member: &Member) -> Result<String, AppError> {
    // One per call of the command: a label is a token's name.
    let label = format!("pasok admin {}", work.now);
    let new = NewToken { member_id: member.id, label, scope: TokenScope::Write, days: tokens::LONGEST_DAYS };
    tokens::issue(work, &new).map(|issued| issued.1)
}
