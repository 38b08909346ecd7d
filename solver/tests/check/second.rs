//! The second checker, in another language, must say the same of every plan: good, and altered in one place.

use std::io::Write;
use std::process::Command;

use super::mutation::{moved, numbers, sealed_plan};
use super::random::{self, Rng};
use pasok_solver::check::check;
use pasok_solver::plan::Plan;
use pasok_solver::{SolveOptions, solve, validate};
use serde_json::{Value, json};

const EACH: usize = 1_000;

/// (document, verdict of the first checker: codes, sorted)
type Case = (Value, Vec<String>);

/// What the first checker finds, sorted.
pub fn codes(problem: &pasok_solver::problem::Problem, plan: &Plan) -> Vec<String> {
    let report = check(problem, "sha", plan);
    let mut codes: Vec<_> =
        report.violations.iter().map(|v| serde_json::to_value(v.code).unwrap().as_str().unwrap().to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// The engines' answer to a valid problem.
pub fn engines_plan(problem: &pasok_solver::problem::Problem) -> Option<Plan> {
    let options = SolveOptions { threads: 1, ..Default::default() };
    if validate(problem).is_empty() { solve(problem, "sha", &options, &mut |_| ()).ok() } else { None }
}

fn cases() -> (Vec<Case>, Vec<Case>) {
    let mut rng = Rng(21);
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    while good.len() < EACH || bad.len() < EACH {
        let plain = rng.chance(30);
        let problem = random::problem(&mut rng, plain);
        // Half by trial with any multipliers, half by the engines with their own.
        let found = if rng.chance(50) { sealed_plan(&mut rng, &problem) } else { engines_plan(&problem) };
        let Some(plan) = found else { continue };
        let stated = serde_json::to_value(&plan).unwrap();
        let case = |plan: &Value| json!({"problem": problem, "sha256": "sha", "plan": plan});
        good.push((case(&stated), Vec::new()));
        let mut pointers = Vec::new();
        numbers(&stated, "", &mut pointers);
        for _ in 0..2 {
            let by = *rng.pick(&[-1, 1, -1, 1, 30, -30]);
            let altered = moved(&stated, rng.pick::<String>(&pointers), by);
            let Ok(mutant) = serde_json::from_value::<Plan>(altered) else {
                continue;
            };
            bad.push((case(&serde_json::to_value(&mutant).unwrap()), codes(&problem, &mutant)));
        }
    }
    good.truncate(EACH);
    bad.truncate(EACH);
    (good, bad)
}

#[test]
fn both_checkers_agree_on_a_thousand_good_and_a_thousand_altered_plans() {
    let (good, bad) = cases();
    for (case, codes) in &bad {
        assert!(!codes.is_empty(), "accepted: {case}");
    }
    let cases: Vec<Value> = good.iter().chain(&bad).map(|(case, _)| case.clone()).collect();
    let verdicts = second_opinions(&cases);
    for ((case, codes), verdict) in good.iter().chain(&bad).zip(verdicts) {
        assert_eq!(&verdict, codes, "{}", serde_json::to_string_pretty(case).unwrap());
    }
}

/// What the second checker finds in each case, sorted.
pub fn second_opinions(cases: &[Value]) -> Vec<Vec<String>> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for case in cases {
        writeln!(file, "{case}").unwrap();
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/check_plan.py");
    let output = Command::new("python3").arg(script).arg("--batch").arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let verdicts: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts.len(), cases.len());
    verdicts.into_iter().map(|verdict| serde_json::from_value(verdict["codes"].clone()).unwrap()).collect()
}
