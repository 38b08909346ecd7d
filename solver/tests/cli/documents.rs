//! Commands that read documents: solve, validate, check, explain, diff.

use crate::{example, folder, path, run};
use serde_json::Value;

/// An example with its plan beside it.
fn solved(name: &str) -> (String, tempfile::TempDir) {
    let (problem, folder) = (example(name).to_str().unwrap().to_owned(), folder(&[]));
    run(&["solve", &problem, "-o", &path(&folder, "plan.json"), "--threads", "1"]).expect(0, &[]);
    (problem, folder)
}

#[test]
fn solve_check_explain_and_diff_agree_on_an_example() {
    let (problem, folder) = solved("drop_fee.json");
    let plan = path(&folder, "plan.json");
    let text = std::fs::read_to_string(&plan).unwrap();
    assert_eq!(run(&["solve", &problem]).expect(0, &[]).out, text);
    run(&["check", &problem, &plan]).expect(0, &["the plan holds; gap "]);
    let answer = run(&["explain", &problem, &plan, "--rules", "--stocks", "--json"]).expect(0, &[]).out;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert!(!answer["lines"].as_array().unwrap().is_empty());
    assert!(!run(&["explain", &problem, &plan]).expect(0, &[]).out.is_empty());
    let same = run(&["diff", &problem, &plan, &plan]).expect(0, &[]).out;
    assert!(same.starts_with("0 lines differ"), "{same}");
}

#[test]
fn progress_comes_as_one_json_object_a_line() {
    let problem = example("drop_fee.json");
    let said = run(&["solve", problem.to_str().unwrap(), "--progress", "json"]).expect(0, &[]);
    let phases: Vec<String> = said
        .err
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["phase"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(phases.first().map(String::as_str), Some("model"));
    assert!(phases.ends_with(&["certified".to_owned(), "written".to_owned()]), "{phases:?}");
}

#[test]
fn an_altered_plan_is_refused_and_differs() {
    let (problem, folder) = solved("plain.json");
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(path(&folder, "plan.json")).unwrap()).unwrap();
    let mut other = plan.clone();
    let quantity = plan["lines"][0]["quantity"].as_i64().unwrap();
    other["lines"][0]["quantity"] = (quantity - 1).into();
    std::fs::write(path(&folder, "other.json"), other.to_string()).unwrap();
    let (plan, other) = (path(&folder, "plan.json"), path(&folder, "other.json"));
    let said = run(&["check", &problem, &other]).expect(1, &["the plan is refused: "]);
    for line in said.out.lines() {
        let violation: Value = serde_json::from_str(line).unwrap();
        assert!(violation["pointer"].as_str().unwrap().starts_with('/') && !violation["text"].is_null());
    }
    let said = run(&["diff", &problem, &plan, &other]).expect(1, &[]);
    assert!(said.out.contains(&format!("{quantity} -> {}", quantity - 1)), "{}", said.out);
    let said = run(&["diff", &problem, &plan, &other, "--json"]).expect(1, &[]);
    assert_eq!(serde_json::from_str::<Value>(&said.out).unwrap()["lines"].as_array().unwrap().len(), 1);
}

#[test]
fn a_plan_for_another_problem_is_refused() {
    let (problem, folder) = solved("plain.json");
    let (other, other_folder) = solved("packs.json");
    let (plan, other_plan) = (path(&folder, "plan.json"), path(&other_folder, "plan.json"));
    run(&["check", &other, &plan]).expect(1, &["the plan is refused"]);
    run(&["diff", &problem, &plan, &other_plan]).expect(2, &["different problems"]);
}

#[test]
fn a_persons_plan_is_judged_by_its_lines_alone() {
    let (problem, folder) = solved("plain.json");
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(path(&folder, "plan.json")).unwrap()).unwrap();
    let line = &plan["lines"][0];
    let own = |quantity: i64| {
        let line = serde_json::json!({"demand": line["demand"], "offer": line["offer"], "day": line["day"],
            "quantity": quantity});
        let name = path(&folder, "person.json");
        std::fs::write(&name, serde_json::json!({"lines": [line]}).to_string()).unwrap();
        name
    };
    let (reference, fair) = (path(&folder, "plan.json"), own(line["quantity"].as_i64().unwrap()));
    let words = ["check", "--plan-mode", &problem, &fair, "--reference", &reference];
    let said = run(&words).expect(0, &["0 violations in 1 lines"]);
    let last: Value = serde_json::from_str(said.out.lines().last().unwrap()).unwrap();
    let extra: i128 = last["extra"]["objective"].as_str().unwrap().parse().unwrap();
    assert!(extra > 0 && last["totals"]["objective"].is_string(), "{last}");
    let greedy = own(1_000_000_000_000);
    let said = run(&["check", "--plan-mode", &problem, &greedy]).expect(1, &["violations in 1 lines"]);
    assert!(said.out.contains("\"STOCK\"") && said.out.contains("\"stated\":\"1000000000000\""), "{}", said.out);
    run(&["check", &problem, &fair, "--reference", &reference]).expect(2, &["--plan-mode"]);
}

#[test]
fn clashing_pins_are_named() {
    let text = std::fs::read_to_string(example("plain.json")).unwrap();
    let mut problem: Value = serde_json::from_str(&text).unwrap();
    let pin = |offer: &Value| {
        let quantity = offer["stock"].as_i64().unwrap();
        serde_json::json!({"demand": problem["demands"][0]["id"], "offer": offer["id"], "quantity": quantity})
    };
    let pins: Vec<Value> = problem["offers"].as_array().unwrap().iter().map(pin).collect();
    problem["pins"] = pins.into();
    let folder = folder(&[("pinned.json", &problem.to_string())]);
    let said = run(&["explain", &path(&folder, "pinned.json")]).expect(1, &[]);
    assert!(said.out.contains("Nilai rencana"), "{}", said.out);
    let plain = example("plain.json");
    run(&["explain", plain.to_str().unwrap()]).expect(0, &["the pins can hold together"]);
}

/// Every command that reads documents, with the given file in each of its places.
fn readers(bad: &str, problem: &str, plan: &str) -> Vec<Vec<String>> {
    let words = [
        vec!["solve", bad],
        vec!["solve", bad, "--memory-mib", "1000"],
        vec!["validate", bad],
        vec!["check", bad, plan],
        vec!["check", problem, bad],
        vec!["check", "--plan-mode", problem, bad],
        vec!["check", "--plan-mode", problem, plan, "--reference", bad],
        vec!["explain", bad],
        vec!["explain", problem, bad],
        vec!["diff", bad, plan, plan],
        vec!["diff", problem, bad, plan],
        vec!["diff", problem, plan, bad],
        vec!["mcf", bad],
        vec!["bench", bad],
    ];
    words.into_iter().map(|words| words.into_iter().map(str::to_owned).collect()).collect()
}

#[test]
fn files_that_are_missing_empty_or_something_else_are_refused_by_name() {
    let (problem, folder) = solved("plain.json");
    let plan = path(&folder, "plan.json");
    let deep = "[".repeat(1_000_000);
    let contents: &[(&str, &[u8])] = &[
        ("empty", b""),
        ("space", b" \n"),
        ("null", b"null"),
        ("list", b"[]"),
        ("text", b"\xff\xfe\x00"),
        ("half", b"{\"format\":\"pasok-problem/1\","),
        ("other", b"{\"format\":\"pasok-problem/1\",\"places\":3}"),
        ("huge", b"{\"lines\":[{\"quantity\":99999999999999999999999999}]}"),
        ("float", b"{\"lines\":[{\"quantity\":1e400}]}"),
        ("deep", deep.as_bytes()),
        ("nan", b"{\"lines\":[{\"quantity\":NaN}]}"),
    ];
    contents.iter().for_each(|(name, bytes)| std::fs::write(path(&folder, name), bytes).unwrap());
    for name in contents.iter().map(|(name, _)| *name).chain(["missing", "."]) {
        for words in readers(&path(&folder, name), &problem, &plan) {
            let said = run(&words).expect(2, &[]);
            assert!(said.err.contains(&path(&folder, name)), "{words:?}: {said:?}");
            assert!(said.out.is_empty(), "{words:?}: {said:?}");
        }
    }
}

#[test]
fn bad_words_are_refused_with_the_usage() {
    let problem = example("plain.json").to_str().unwrap().to_owned();
    for words in [
        vec![],
        vec!["sove"],
        vec!["solve"],
        vec!["solve", &problem, "--threads", "-1"],
        vec!["solve", &problem, "--threads", "two"],
        vec!["solve", &problem, "--time-limit", "1.5"],
        vec!["solve", &problem, "--gap-ppm", "99999999999"],
        vec!["solve", &problem, "--engine", "magic"],
        vec!["solve", &problem, "--memory-mib", "many"],
        vec!["solve", &problem, "--child"],
        vec!["solve", &problem, "--fast"],
        vec!["check", &problem],
        vec!["diff", &problem, &problem],
        vec!["explain"],
        vec!["generate"],
        vec!["generate", "problem", "--buyers", "99999999999999999999"],
        vec!["generate", "problem", "--stock-permille", "-1"],
        vec!["generate", "sparse", "--nodes", "10"],
        vec!["mcf"],
        vec!["bench", "x", "--repeat", "-2"],
    ] {
        let said = run(&words).expect(2, &[]);
        assert!(said.err.contains("--help") || said.err.contains("Usage"), "{words:?}: {said:?}");
    }
    assert!(run(&["--help"]).expect(0, &[]).out.contains("Usage"));
    assert!(run(&["--version"]).expect(0, &[]).out.starts_with("pasok-solver "));
}

#[test]
fn every_fault_of_a_problem_is_listed_at_once() {
    let text = std::fs::read_to_string(example("plain.json")).unwrap();
    let mut problem: Value = serde_json::from_str(&text).unwrap();
    problem["demands"][0]["quantity"] = 0.into();
    problem["offers"][0]["price"] = (-5).into();
    problem["offers"][1]["supplier"] = "nobody".into();
    problem["offers"][1]["stock"] = i64::MAX.into();
    let folder = folder(&[("bad.json", &problem.to_string())]);
    let file = path(&folder, "bad.json");
    for words in [vec!["validate", &file], vec!["solve", &file], vec!["solve", &file, "--memory-mib", "1000"]] {
        let said = run(&words).expect(2, &[]);
        let found: Vec<Value> = said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let at = |pointer: &str| found.iter().any(|issue| issue["pointer"] == pointer);
        for pointer in ["/demands/0/quantity", "/offers/0/price", "/offers/1/supplier", "/offers/1/stock"] {
            assert!(at(pointer), "{words:?} says nothing of {pointer}: {found:?}");
        }
        assert!(found.iter().all(|issue| ["code", "cause", "action"].iter().all(|field| issue[field].is_string())));
    }
    run(&["check", &file, &file]).expect(2, &["4 errors"]);
    run(&["explain", &file, &file]).expect(2, &[]);
}

#[test]
fn a_plan_that_cannot_be_written_is_a_failure() {
    let problem = example("plain.json").to_str().unwrap().to_owned();
    run(&["solve", &problem, "-o", "/nowhere/plan.json"]).expect(3, &["could not be written"]);
    run(&["solve", &problem, "-o", "/nowhere/plan.json", "--memory-mib", "500"]).expect(3, &["could not be written"]);
    run(&["generate", "problem", "--buyers", "2", "-o", "/nowhere/p.json"]).expect(3, &["could not be written"]);
}

#[test]
fn an_explanation_cut_short_says_so() {
    let (problem, folder) = solved("class_share.json");
    let said = run(&["explain", &problem, &path(&folder, "plan.json"), "--rules", "--max-solves", "1"]);
    let said = said.expect(3, &[]);
    assert!(said.out.contains("sisanya belum dijawab"), "{}", said.out);
}
