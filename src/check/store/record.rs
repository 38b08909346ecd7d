//! Questions about the order of the log, and about who acted for whom.

use super::{Finding, findings};
use crate::db::DbConnection;
use crate::db::guards::PROTECTED;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Protected tables with rows of which none was ever hashed.
pub fn unsealed_tables(connection: &mut DbConnection) -> QueryResult<Vec<&'static str>> {
    let mut tables = Vec::new();
    for table in PROTECTED {
        let name = table.name;
        let sql = format!(
            "SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM {name}) \
             AND NOT EXISTS (SELECT 1 FROM row_seals WHERE table_name = '{name}') THEN 1 ELSE 0 END AS BIGINT) AS count"
        );
        if diesel::sql_query(sql).get_result::<Count>(connection)?.count > 0 {
            tables.push(name);
        }
    }
    Ok(tables)
}

/// Demands with an entry after their round closed; (demand, leaf of the entry, leaf of the closing).
pub fn late_demands(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT d.id, MAX(e.leaf_index) AS found, MIN(c.leaf_index) AS wanted \
         FROM audit_entries c JOIN demands d ON d.round_id = c.subject_id \
         JOIN audit_entries e ON e.subject = 'demands' AND e.subject_id = d.id AND e.leaf_index > c.leaf_index \
         WHERE c.subject = 'rounds' AND c.event = 'closed' GROUP BY d.id ORDER BY d.id",
    )
}

/// Entries in which a member of one organisation acted for another without a live grant; (entry, member, organisation).
pub fn acts_without_grant(connection: &mut DbConnection) -> QueryResult<Vec<Finding>> {
    findings(
        connection,
        "SELECT e.id, e.member_id AS found, e.organisation_id AS wanted \
         FROM audit_entries e JOIN members m ON m.id = e.member_id \
         WHERE e.organisation_id IS NOT NULL AND e.organisation_id <> m.organisation_id AND NOT EXISTS ( \
           SELECT 1 FROM grants g WHERE g.organisation_id = e.organisation_id AND g.assistant_id = e.member_id \
           AND g.granted_at <= e.at AND e.at < g.expires_at AND (g.revoked_at IS NULL OR e.at <= g.revoked_at)) \
         ORDER BY e.id",
    )
}
