//! Rows of `accounts` and `members`.

use crate::db::DbConnection;
use crate::db::schema::{accounts, members};
use crate::error::AppError;
use crate::parties::{Account, Email, Member, Phone, Role};
use crate::values::Timestamp;
use diesel::prelude::*;

diesel::define_sql_function! {
    /// A text in lower case.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

const ACTIVE: &str = "active";

#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
struct AccountRow {
    id: i64,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    version: i64,
}

impl AccountRow {
    fn into_domain(self) -> Result<Account, AppError> {
        let phone = self.phone.as_deref().map(Phone::parse).transpose();
        let email = self.email.as_deref().map(Email::parse).transpose();
        Ok(Account {
            id: self.id,
            name: self.name,
            phone: phone.map_err(|_| AppError::unknown_stored("phone"))?,
            email: email.map_err(|_| AppError::unknown_stored("email"))?,
            version: self.version,
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
struct MemberRow {
    id: i64,
    account_id: i64,
    organisation_id: i64,
    name: String,
    role: String,
    version: i64,
}

impl MemberRow {
    fn into_domain(self) -> Result<Member, AppError> {
        Ok(Member {
            role: Role::parse(&self.role).ok_or_else(|| AppError::unknown_stored(&self.role))?,
            id: self.id,
            account_id: self.account_id,
            organisation_id: self.organisation_id,
            name: self.name,
            version: self.version,
        })
    }
}

pub fn insert_account(connection: &mut DbConnection, account: &Account, now: Timestamp) -> QueryResult<()> {
    use accounts as a;
    let values = (
        a::id.eq(account.id),
        a::name.eq(&account.name),
        a::phone.eq(account.phone.as_ref().map(Phone::as_str)),
        a::email.eq(account.email.as_ref().map(Email::as_str)),
        a::status.eq(ACTIVE),
        a::created_at.eq(now.as_micros()),
    );
    diesel::insert_into(a::table).values(values).execute(connection).map(|_| ())
}

pub fn find_account(connection: &mut DbConnection, id: i64) -> Result<Option<Account>, AppError> {
    let row: Option<AccountRow> = accounts::table
        .filter(accounts::id.eq(id))
        .filter(accounts::status.eq(ACTIVE))
        .select(AccountRow::as_select())
        .first(connection)
        .optional()?;
    row.map(AccountRow::into_domain).transpose()
}

pub fn find_account_id_by_phone(connection: &mut DbConnection, phone: &Phone) -> QueryResult<Option<i64>> {
    accounts::table.filter(accounts::phone.eq(phone.as_str())).select(accounts::id).first(connection).optional()
}

pub fn find_account_id_by_email(connection: &mut DbConnection, email: &Email) -> QueryResult<Option<i64>> {
    accounts::table.filter(accounts::email.eq(email.as_str())).select(accounts::id).first(connection).optional()
}

/// The person whom an organisation knows by this name, in whatever case.
pub fn find_account_id_by_name(
    connection: &mut DbConnection,
    organisation_id: i64,
    name: &str,
) -> QueryResult<Option<i64>> {
    members::table
        .filter(members::organisation_id.eq(organisation_id))
        .filter(lower(members::name).eq(lower(name.trim())))
        .order(members::id)
        .select(members::account_id)
        .first(connection)
        .optional()
}

/// Changes what the person signs in with if the version is still the expected one; false otherwise.
pub fn update_contact(
    connection: &mut DbConnection,
    account: &Account,
    (phone, email): (Option<&Phone>, Option<&Email>),
) -> QueryResult<bool> {
    use accounts as a;
    diesel::update(a::table.filter(a::id.eq(account.id)).filter(a::version.eq(account.version)))
        .set((
            a::phone.eq(phone.map(Phone::as_str)),
            a::email.eq(email.map(Email::as_str)),
            a::version.eq(account.version + 1),
        ))
        .execute(connection)
        .map(|changed| changed == 1)
}

pub fn insert_member(connection: &mut DbConnection, member: &Member, now: Timestamp) -> QueryResult<()> {
    use members as m;
    let values = (
        m::id.eq(member.id),
        m::account_id.eq(member.account_id),
        m::organisation_id.eq(member.organisation_id),
        m::name.eq(&member.name),
        m::role.eq(member.role.word()),
        m::status.eq(ACTIVE),
        m::created_at.eq(now.as_micros()),
    );
    diesel::insert_into(m::table).values(values).execute(connection).map(|_| ())
}

/// The member who is this person in this role, and whether that is so now.
pub fn find_member_of(
    connection: &mut DbConnection,
    organisation_id: i64,
    account_id: i64,
    role: Role,
) -> Result<Option<(Member, bool)>, AppError> {
    use members as m;
    let row: Option<(MemberRow, String)> = m::table
        .filter(m::organisation_id.eq(organisation_id))
        .filter(m::account_id.eq(account_id))
        .filter(m::role.eq(role.word()))
        .select((MemberRow::as_select(), m::status))
        .first(connection)
        .optional()?;
    row.map(|(row, status)| Ok((row.into_domain()?, status == ACTIVE))).transpose()
}

pub fn find_member(connection: &mut DbConnection, id: i64) -> Result<Option<Member>, AppError> {
    use members as m;
    let row: Option<MemberRow> = m::table
        .filter(m::id.eq(id))
        .filter(m::status.eq(ACTIVE))
        .select(MemberRow::as_select())
        .first(connection)
        .optional()?;
    row.map(MemberRow::into_domain).transpose()
}

/// The person behind a member, also of one who left.
pub fn find_account_id_of_member(connection: &mut DbConnection, member_id: i64) -> QueryResult<Option<i64>> {
    members::table.find(member_id).select(members::account_id).first(connection).optional()
}

/// Everything the person is now, by id.
pub fn list_members_of_account(connection: &mut DbConnection, account_id: i64) -> Result<Vec<Member>, AppError> {
    use members as m;
    let rows: Vec<MemberRow> = m::table
        .filter(m::account_id.eq(account_id))
        .filter(m::status.eq(ACTIVE))
        .order(m::id)
        .select(MemberRow::as_select())
        .load(connection)?;
    rows.into_iter().map(MemberRow::into_domain).collect()
}

/// Every member that this person is or was, with its last role.
pub fn list_roles_ever(connection: &mut DbConnection, account_id: i64) -> Result<Vec<(i64, Role)>, AppError> {
    use members as m;
    let rows: Vec<(i64, String)> =
        m::table.filter(m::account_id.eq(account_id)).select((m::id, m::role)).load(connection)?;
    rows.into_iter()
        .map(|(id, word)| Ok((id, Role::parse(&word).ok_or_else(|| AppError::unknown_stored(&word))?)))
        .collect()
}

/// People of an organisation after an id, by id.
pub fn list_members(
    connection: &mut DbConnection,
    organisation_id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Member>, AppError> {
    use members as m;
    let rows: Vec<MemberRow> = m::table
        .filter(m::organisation_id.eq(organisation_id))
        .filter(m::status.eq(ACTIVE))
        .filter(m::id.gt(after))
        .order(m::id)
        .limit(limit)
        .select(MemberRow::as_select())
        .load(connection)?;
    rows.into_iter().map(MemberRow::into_domain).collect()
}

/// What changes about a member.
pub enum MemberChange {
    /// Another role.
    Role(Role),
    /// No longer there.
    Left,
    /// There again.
    Back,
}

/// Changes a member if the version is still the expected one; false otherwise.
pub fn update_member(connection: &mut DbConnection, member: &Member, change: &MemberChange) -> QueryResult<bool> {
    use members as m;
    let (role, status) = match change {
        MemberChange::Role(role) => (*role, ACTIVE),
        MemberChange::Left => (member.role, "left"),
        MemberChange::Back => (member.role, ACTIVE),
    };
    diesel::update(m::table.filter(m::id.eq(member.id)).filter(m::version.eq(member.version)))
        .set((m::role.eq(role.word()), m::status.eq(status), m::version.eq(member.version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}
