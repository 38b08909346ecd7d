//! The house rules of `ARCHITECTURE.md`, held by reading the sources.

use std::path::{Path, PathBuf};

/// Who may use whom: a module may use those in lines above its own, and those named `EVERYWHERE`.
const LAYERS: &[&[&str]] = &[
    &["values"],
    &["scope"],
    &["db"],
    &["parties"],
    &["access"],
    &["catalog", "places"],
    &["markets"],
    &["demands", "offers"],
    &["imports"],
    &["rounds"],
    &["tenders"],
    &["orders"],
    &["reports", "check"],
    &["seed", "pictures"],
    &["demo"],
    &["training"],
    &["pages"],
    &["router"],
    &["cli"],
];
const EVERYWHERE: &[&str] = &["app", "audit", "config", "error", "web", "values", "db", "scope"];
/// Modules that know HTTP; the others of a domain must not.
const EDGES: &[&str] = &["api.rs", "pages.rs"];
const LONGEST_FILE: usize = 400;

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join("src"), root.join("solver/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    files
}

/// The domain a file of `src/` belongs to: its first folder, or its own name.
fn module(path: &Path) -> Option<String> {
    let inside = path.strip_prefix("src").ok()?;
    let first = inside.components().next()?.as_os_str().to_string_lossy();
    Some(first.trim_end_matches(".rs").to_owned())
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// Modules of this crate that a text names as `crate::module`, outside its tests.
fn used(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    for piece in code.split("crate::").skip(1) {
        let names = match piece.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').map(str::trim).collect(),
            None => vec![piece],
        };
        for name in names {
            found.push(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

#[test]
fn dependencies_run_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(from) = module(&path) else { continue };
        let Some(own) = layer(&from) else { continue };
        for to in used(&text) {
            if to == from || EVERYWHERE.contains(&to.as_str()) {
                continue;
            }
            if layer(&to).is_some_and(|other| other >= own) {
                wrong.push(format!("{}: {from} uses {to}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn diesel_stays_in_the_stores_and_http_at_the_edges() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let (Some(from), name) = (module(&path), path.file_name().unwrap().to_string_lossy().into_owned()) else {
            continue;
        };
        let in_domain = layer(&from).is_some_and(|own| own >= 3) && path.components().count() > 2;
        if !in_domain {
            continue;
        }
        let is_store = name.starts_with("store") || path.parent().is_some_and(|folder| folder.ends_with("store"));
        if text.contains("use diesel") && !is_store {
            wrong.push(format!("{}: diesel outside a store", path.display()));
        }
        if EDGES.contains(&name.as_str()) && text.contains("store::") {
            wrong.push(format!("{}: an edge reaches past the service", path.display()));
        }
        if text.contains("use axum::extract::")
            && (text.contains("extract::Query") || text.contains(", Query"))
            && from != "pages"
        {
            wrong.push(format!("{}: axum's Query refuses in plain text; use web::Params", path.display()));
        }
        let is_inside = is_store || ["types.rs", "state.rs", "service.rs"].contains(&name.as_str());
        if is_inside && (text.contains("use axum") || text.contains("crate::web::")) {
            wrong.push(format!("{}: HTTP behind the edge", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_and_stays_readable() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if !text.starts_with("//!") && !path.ends_with("tests.rs") {
            wrong.push(format!("{}: no module doc", path.display()));
        }
        let lines = text.lines().count();
        if lines > LONGEST_FILE && !path.ends_with("db/schema.rs") {
            wrong.push(format!("{}: {lines} lines", path.display()));
        }
        for word in ["todo!(", "unimplemented!(", "TODO", "FIXME", "#[ignore"] {
            if text.contains(word) {
                wrong.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Stores of facts that everybody may read, and of people's own sign-in, which `access` reads as the system before there is
/// a scope; `check` reads whole databases, as the system too.
const UNSCOPED_STORES: &[&str] =
    &["src/catalog/", "src/access/", "src/parties/store/people.rs", "src/check/", "src/audit/"];
/// Reads within the stores that are about nobody's records.
const UNSCOPED_READS: &[&str] = &["find_region", "list_regions", "list_region_codes"];
/// What a store function that reads or changes existing records is called.
const SCOPED_VERBS: &[&str] = &[
    "find_", "get_", "list_", "has_", "last_", "claim_", "update_", "set_", "revive", "reserve", "release", "finish_",
];

#[test]
fn no_store_function_reaches_records_without_a_scope() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (path, text) in sources() {
        let is_store = path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("store"));
        let shown = path.display().to_string();
        if !is_store || UNSCOPED_STORES.iter().any(|start| shown.starts_with(start)) {
            continue;
        }
        for function in text.split("\npub").skip(1).filter_map(|piece| piece.split_once("fn ").map(|(_, rest)| rest)) {
            let name = function.split(['(', '<']).next().unwrap_or_default();
            let signature = function.split('{').next().unwrap_or_default();
            if !SCOPED_VERBS.iter().any(|verb| name.starts_with(verb)) || UNSCOPED_READS.contains(&name) {
                continue;
            }
            seen += 1;
            if !signature.contains("&Scope") {
                wrong.push(format!("{shown}: {name} takes no scope"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 50, "the test has lost sight of the stores: {seen}");
}

/// Where a scope of the system may be made: start-up, jobs, the command line, sign-in. Never where a request is answered.
const SYSTEM_SCOPES: &[&str] = &[
    "src/cli/",
    "src/demo/",
    // Whoever shows a class's code may enter it: everything in a training market is made up.
    "src/training/",
    "src/pages/training.rs",
    "src/seed/",
    "src/check/",
    "src/scope.rs",
    "src/db/",
    "src/web/auth.rs",
    // People and grants cross organisations; what is done here checks for itself whom it is about.
    "src/access/",
    "src/rounds/solve/",
    "src/rounds/clock.rs",
    // Public: shows what anybody may see, of published rounds only.
    "src/tenders/ocds/api.rs",
    "src/orders/holds.rs",
    "src/tenders/feedback/answers.rs",
    "src/tenders/calls/clock.rs",
    "src/tenders/scenarios/solve.rs",
    // Pooled need is made from everybody's demands; what is told of it names nobody, and the round must be in sight.
    "src/tenders/api/aggregate.rs",
    "src/pages/mod.rs",
    "src/pages/sign_in.rs",
    // The record is one tree over everybody's work, so proofs and heads are nobody's alone; each request checks for itself
    // who may see leaves, which hold numbers and commitments only.
    "src/audit/api.rs",
    "src/audit/daily.rs",
    "src/audit/verify/",
];

#[test]
fn requests_are_not_answered_as_the_system() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let shown = path.display().to_string();
        let makes = text.contains("Scope::system") && shown.starts_with("src/");
        if makes && !SYSTEM_SCOPES.iter().any(|start| shown.starts_with(start)) {
            wrong.push(format!("{shown} makes a scope of the system"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_list_of_controls_names_only_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = String::new();
    for (path, text) in sources() {
        known.extend([&path.display().to_string(), "\n", &text]);
    }
    let mut folders = vec![root.join("tests/api")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                known.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let list = std::fs::read_to_string(root.join("docs/asvs.md")).unwrap();
    let rows = list.lines().filter(|line| line.starts_with("| ") && line.matches('|').count() == 5);
    let mut named = 0;
    for row in rows {
        let last = row.trim_end_matches('|').rsplit('|').next().unwrap();
        // Odd pieces stand between backticks; `make …` is a command, everything else a test.
        for test in last.split('`').skip(1).step_by(2).filter(|name| !name.contains(' ')) {
            assert!(known.contains(&format!("fn {test}(")), "{test} is no test: {row}");
            named += 1;
        }
    }
    assert!(named > 50, "{named}");
}
