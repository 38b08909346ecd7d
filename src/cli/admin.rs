//! `pasok admin create`: the first operator organisation, its administrator, and a token to begin with.

use super::DatabaseArgs;
use crate::access::tokens::{self, NewToken};
use crate::config::Config;
use crate::error::AppError;
use crate::parties::service::{self, NewOrganisation};
use crate::parties::{Capability, Class, OrganisationStatus, Role, TokenScope};
use crate::scope::Scope;
use clap::{Args, Subcommand};
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Set-up commands that need access to the database itself.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Create an operator organisation with an administrator and print a token for them.
    Create(CreateOptions),
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
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| format!("one of: {}", Role::words()))
}

pub(super) fn run(command: &AdminCommand) -> Result<ExitCode, AppError> {
    let AdminCommand::Create(options) = command;
    let app = super::open(Config::for_database(options.database.database.clone()))?;
    let system = Scope::system("first administrator");
    let token = app.write(system, |work| {
        let organisation = NewOrganisation {
            code: options.code.clone(),
            name: options.organisation.clone(),
            class: Class::Pemerintah,
            status: OrganisationStatus::Active,
            capabilities: BTreeSet::from([Capability::Operator, Capability::Observer]),
        };
        let organisation = service::register_once(work, organisation)?;
        let member = service::add_member_once(work, organisation.id, &options.member, options.role)?;
        let label = "first token".to_owned();
        let new = NewToken { member_id: member.id, label, scope: TokenScope::Write, days: tokens::LONGEST_DAYS };
        tokens::issue(work, &new)
    })?;
    let (token, secret) = token;
    println!("{secret}");
    eprintln!("This token is shown only once and works until {}.", token.expires_at);
    Ok(ExitCode::SUCCESS)
}
