//! Rows of `organisations`, `organisation_capabilities`, `members` and `access_tokens`.

use super::types::{Actor, Capability, Class, Member, Organisation, OrganisationStatus, Role};
use crate::db::DbConnection;
use crate::db::schema::{access_tokens, members, organisation_capabilities, organisations};
use crate::error::AppError;
use crate::on_backend;
use crate::values::Timestamp;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisations)]
struct OrganisationRow {
    id: i64,
    code: String,
    name: String,
    class: String,
    status: String,
    version: i64,
}

impl OrganisationRow {
    fn into_domain(self, capabilities: BTreeSet<Capability>) -> Result<Organisation, AppError> {
        Ok(Organisation {
            class: Class::parse(&self.class).ok_or_else(|| AppError::unknown_stored(&self.class))?,
            status: OrganisationStatus::parse(&self.status).ok_or_else(|| AppError::unknown_stored(&self.status))?,
            id: self.id,
            code: self.code,
            name: self.name,
            capabilities,
            version: self.version,
        })
    }
}

pub(super) fn insert_organisation(
    connection: &mut DbConnection,
    organisation: &Organisation,
    now: Timestamp,
) -> QueryResult<()> {
    use organisations as o;
    let values = (
        o::id.eq(organisation.id),
        o::code.eq(&organisation.code),
        o::name.eq(&organisation.name),
        o::class.eq(organisation.class.word()),
        o::status.eq(organisation.status.word()),
        o::created_at.eq(now.as_micros()),
    );
    diesel::insert_into(o::table).values(values).execute(connection)?;
    let rows: Vec<_> = organisation
        .capabilities
        .iter()
        .map(|capability| {
            (
                organisation_capabilities::organisation_id.eq(organisation.id),
                organisation_capabilities::capability.eq(capability.word()),
            )
        })
        .collect();
    on_backend!(connection, inner =>
        diesel::insert_into(organisation_capabilities::table).values(&rows).execute(inner))?;
    Ok(())
}

pub(super) fn find_organisation(connection: &mut DbConnection, id: i64) -> Result<Option<Organisation>, AppError> {
    let row = organisations::table.find(id).select(OrganisationRow::as_select()).first(connection).optional()?;
    let Some(row) = row else { return Ok(None) };
    let mut capabilities = capabilities_of(connection, &[id])?;
    row.into_domain(capabilities.remove(&id).unwrap_or_default()).map(Some)
}

pub(super) fn find_organisation_id_by_code(connection: &mut DbConnection, code: &str) -> QueryResult<Option<i64>> {
    organisations::table.filter(organisations::code.eq(code)).select(organisations::id).first(connection).optional()
}

pub(super) fn list_organisations(
    connection: &mut DbConnection,
    after: i64,
    limit: i64,
) -> Result<Vec<Organisation>, AppError> {
    let rows: Vec<OrganisationRow> = organisations::table
        .filter(organisations::id.gt(after))
        .order(organisations::id)
        .limit(limit)
        .select(OrganisationRow::as_select())
        .load(connection)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut capabilities = capabilities_of(connection, &ids)?;
    rows.into_iter()
        .map(|row| {
            let own = capabilities.remove(&row.id).unwrap_or_default();
            row.into_domain(own)
        })
        .collect()
}

/// Most ids in one statement; `SQLite` takes 32,766 variables.
const IDS_AT_ONCE: usize = 10_000;

pub(super) fn list_organisations_by_ids(
    connection: &mut DbConnection,
    ids: &[i64],
) -> Result<Vec<Organisation>, AppError> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<OrganisationRow> = organisations::table
            .filter(organisations::id.eq_any(ids))
            .select(OrganisationRow::as_select())
            .load(connection)?;
        let mut capabilities = capabilities_of(connection, ids)?;
        for row in rows {
            let own = capabilities.remove(&row.id).unwrap_or_default();
            found.push(row.into_domain(own)?);
        }
    }
    Ok(found)
}

fn capabilities_of(
    connection: &mut DbConnection,
    ids: &[i64],
) -> Result<BTreeMap<i64, BTreeSet<Capability>>, AppError> {
    use organisation_capabilities as c;
    let rows: Vec<(i64, String)> =
        c::table.filter(c::organisation_id.eq_any(ids)).select((c::organisation_id, c::capability)).load(connection)?;
    let mut sets: BTreeMap<i64, BTreeSet<Capability>> = BTreeMap::new();
    for (id, word) in rows {
        let capability = Capability::parse(&word).ok_or_else(|| AppError::unknown_stored(&word))?;
        sets.entry(id).or_default().insert(capability);
    }
    Ok(sets)
}

/// Changes the status if the version is still the expected one; false otherwise.
pub(super) fn update_status(
    connection: &mut DbConnection,
    id: i64,
    version: i64,
    status: OrganisationStatus,
) -> QueryResult<bool> {
    use organisations as o;
    diesel::update(o::table.filter(o::id.eq(id)).filter(o::version.eq(version)))
        .set((o::status.eq(status.word()), o::version.eq(version + 1)))
        .execute(connection)
        .map(|changed| changed == 1)
}

pub(super) fn insert_member(connection: &mut DbConnection, member: &Member, now: Timestamp) -> QueryResult<()> {
    use members as m;
    let values = (
        m::id.eq(member.id),
        m::organisation_id.eq(member.organisation_id),
        m::name.eq(&member.name),
        m::role.eq(member.role.word()),
        m::status.eq("active"),
        m::created_at.eq(now.as_micros()),
    );
    diesel::insert_into(m::table).values(values).execute(connection).map(|_| ())
}

pub(super) fn find_member_id(
    connection: &mut DbConnection,
    organisation_id: i64,
    name: &str,
    role: Role,
) -> QueryResult<Option<i64>> {
    use members as m;
    m::table
        .filter(m::organisation_id.eq(organisation_id))
        .filter(m::name.eq(name))
        .filter(m::role.eq(role.word()))
        .select(m::id)
        .first(connection)
        .optional()
}

pub(super) fn find_member(connection: &mut DbConnection, id: i64) -> Result<Option<Member>, AppError> {
    use members as m;
    let row: Option<(i64, i64, String, String, i64)> = m::table
        .filter(m::id.eq(id))
        .filter(m::status.eq("active"))
        .select((m::id, m::organisation_id, m::name, m::role, m::version))
        .first(connection)
        .optional()?;
    row.map(|(id, organisation_id, name, role, version)| {
        let role = Role::parse(&role).ok_or_else(|| AppError::unknown_stored(&role))?;
        Ok(Member { id, organisation_id, name, role, version })
    })
    .transpose()
}

pub(super) struct NewToken<'a> {
    pub id: i64,
    pub member_id: i64,
    pub hash: &'a str,
    pub label: &'a str,
    pub expires_at: Timestamp,
}

pub(super) fn insert_token(connection: &mut DbConnection, token: &NewToken<'_>, now: Timestamp) -> QueryResult<()> {
    use access_tokens as t;
    let values = (
        t::id.eq(token.id),
        t::member_id.eq(token.member_id),
        t::token_hash.eq(token.hash),
        t::label.eq(token.label),
        t::created_at.eq(now.as_micros()),
        t::expires_at.eq(token.expires_at.as_micros()),
    );
    diesel::insert_into(t::table).values(values).execute(connection).map(|_| ())
}

pub(super) fn revoke_token(
    connection: &mut DbConnection,
    member_id: i64,
    id: i64,
    now: Timestamp,
) -> QueryResult<bool> {
    use access_tokens as t;
    diesel::update(t::table.filter(t::id.eq(id)).filter(t::member_id.eq(member_id)).filter(t::revoked_at.is_null()))
        .set(t::revoked_at.eq(now.as_micros()))
        .execute(connection)
        .map(|changed| changed == 1)
}

/// The member a live token belongs to.
pub(super) fn find_member_id_by_token(
    connection: &mut DbConnection,
    hash: &str,
    now: Timestamp,
) -> QueryResult<Option<i64>> {
    use access_tokens as t;
    t::table
        .filter(t::token_hash.eq(hash))
        .filter(t::expires_at.gt(now.as_micros()))
        .filter(t::revoked_at.is_null())
        .select(t::member_id)
        .first(connection)
        .optional()
}

/// A member together with what its organisation is.
pub(super) fn find_actor(connection: &mut DbConnection, member_id: i64) -> Result<Option<Actor>, AppError> {
    let Some(member) = find_member(connection, member_id)? else {
        return Ok(None);
    };
    let Some(organisation) = find_organisation(connection, member.organisation_id)? else {
        return Ok(None);
    };
    Ok(Some(Actor {
        member_id: member.id,
        member_name: member.name,
        organisation_id: organisation.id,
        role: member.role,
        capabilities: organisation.capabilities,
    }))
}
