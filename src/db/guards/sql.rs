//! The triggers of one table, as (name, statement).

use super::{Growth, Key, Protected};

/// Most columns in a key; `record_touched` has as many.
const KEY_COLUMNS: usize = 3;

/// `prefix.column` for each column of the key, filled up with empty words.
fn key_of(table: &Protected, prefix: &str, cast: &str) -> String {
    let mut columns: Vec<String> =
        table.key.iter().map(|key| format!("{prefix}.{}", key.column()).to_owned()).collect();
    if !cast.is_empty() {
        columns = columns.into_iter().map(|column| format!("CAST({column} AS {cast})")).collect();
    }
    columns.resize(KEY_COLUMNS, "''".to_owned());
    columns.join(", ")
}

pub(super) fn sqlite(table: &Protected) -> Vec<(String, String)> {
    let name = table.name;
    let put = |row: &str| {
        // Not INSERT OR IGNORE: the statement that fires a trigger has the last word on such a clause, and one that says
        // ON CONFLICT DO UPDATE would turn it into a failure.
        format!(
            "INSERT INTO record_touched (table_name, k1, k2, k3) VALUES ('{name}', {}) ON CONFLICT DO NOTHING;",
            key_of(table, row, "")
        )
    };
    let watch = |event: &str, verb: &str, body: String| {
        let trigger = format!("{name}_watch_{event}");
        let statement = format!("CREATE TRIGGER {trigger} AFTER {verb} ON {name} BEGIN {body} END;\n");
        (trigger, statement)
    };
    let mut triggers = vec![
        watch("insert", "INSERT", put("NEW")),
        watch("update", "UPDATE", format!("{} {}", put("OLD"), put("NEW"))),
        watch("delete", "DELETE", put("OLD")),
    ];
    if table.growth == Growth::OnlyGrows {
        for (suffix, verb) in [("no_update", "UPDATE"), ("no_delete", "DELETE")] {
            let trigger = format!("{name}_{suffix}");
            let statement = format!(
                "CREATE TRIGGER {trigger} BEFORE {verb} ON {name} BEGIN SELECT RAISE(ABORT, '{name} only grows'); END;\n"
            );
            triggers.push((trigger, statement));
        }
    }
    triggers
}

pub(super) fn postgres(table: &Protected) -> Vec<(String, String)> {
    let name = table.name;
    let keys: Vec<&str> = table.key.iter().copied().map(Key::column).collect();
    let keys = keys.join("', '");
    let watch = |event: &str, verb: &str, image: &str| {
        let trigger = format!("{name}_watch_{event}");
        let statement = format!(
            "CREATE TRIGGER {trigger} AFTER {verb} ON {name} REFERENCING {image} TABLE AS changed \
             FOR EACH STATEMENT EXECUTE FUNCTION record_touch('{keys}');\n"
        );
        (trigger, statement)
    };
    let mut triggers = vec![
        watch("insert", "INSERT", "NEW"),
        watch("update_old", "UPDATE", "OLD"),
        watch("update_new", "UPDATE", "NEW"),
        watch("delete", "DELETE", "OLD"),
    ];
    if table.growth == Growth::OnlyGrows {
        let rows = format!("{name}_only_grow");
        let statement = format!(
            "CREATE TRIGGER {rows} BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION refuse_change();\n"
        );
        triggers.push((rows, statement));
    }
    // Even a table that changes is never emptied: row by row there is a key to write down.
    let all = format!("{name}_no_truncate");
    let statement = format!(
        "CREATE TRIGGER {all} BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
    );
    triggers.push((all, statement));
    triggers
}
