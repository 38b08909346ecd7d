//! `mcf`: published instances reach their published optima; words for everything else.

use crate::{folder, path, run};

/// Small enough to stand here, with the optimum that their source states.
const KNOWN: &[(&str, &str, i128)] = &[
    (
        "sample.inp of the First DIMACS Challenge (Network Flows and Matching, 1991), whose solution states 's 14'",
        "p min 4 5\nn 1 4\nn 4 -4\na 1 2 0 4 2\na 1 3 0 2 2\na 2 3 0 2 1\na 2 4 0 3 3\na 3 4 0 5 1\n",
        14,
    ),
    (
        "minimum-cost flow of the OR-Tools guide (Google, Apache-2.0 documentation): 'Minimum cost: 150'",
        "p min 5 9\nn 1 20\nn 4 -5\nn 5 -15\na 1 2 0 15 4\na 1 3 0 8 4\na 2 3 0 20 2\na 2 4 0 4 2\na 2 5 0 10 6\n\
         a 3 4 0 15 1\na 3 5 0 4 3\na 4 5 0 20 2\na 5 3 0 5 3\n",
        150,
    ),
    (
        "assignment as a flow, OR-Tools guide: 'Total cost = 265'",
        "p min 8 16\nn 1 1\nn 2 1\nn 3 1\nn 4 1\nn 5 -1\nn 6 -1\nn 7 -1\nn 8 -1\n\
         a 1 5 0 1 90\na 1 6 0 1 76\na 1 7 0 1 75\na 1 8 0 1 70\na 2 5 0 1 35\na 2 6 0 1 85\na 2 7 0 1 55\na 2 8 0 1 65\n\
         a 3 5 0 1 125\na 3 6 0 1 95\na 3 7 0 1 90\na 3 8 0 1 105\na 4 5 0 1 45\na 4 6 0 1 110\na 4 7 0 1 95\n\
         a 4 8 0 1 115\n",
        265,
    ),
];

#[test]
fn published_instances_reach_their_published_optima() {
    for (source, text, optimum) in KNOWN {
        let folder = folder(&[("p.min", text)]);
        let (file, out) = (path(&folder, "p.min"), path(&folder, "p.sol"));
        let said = run(&["mcf", &file, "--solution", &out]).expect(0, &[]);
        assert_eq!(said.out, format!("objective {optimum}\n"), "{source}");
        let solution = std::fs::read_to_string(out).unwrap();
        assert!(solution.starts_with(&format!("s {optimum}\nf ")), "{source}: {solution}");
    }
}

#[test]
fn what_has_no_cheapest_flow_is_refused_with_a_word() {
    let cases = [
        ("p min 2 1\nn 1 2\nn 2 -2\na 1 2 0 1 1\n", "infeasible"),
        ("p min 2 1\nn 1 2\nn 2 -1\na 1 2 0 9 1\n", "infeasible"),
        ("p min 2 2\na 1 2 0 -1 -2\na 2 1 0 -1 1\n", "unbounded"),
    ];
    for (text, word) in cases {
        let folder = folder(&[("p.min", text)]);
        let said = run(&["mcf", &path(&folder, "p.min")]).expect(1, &[word]);
        assert!(said.out.is_empty());
    }
}

#[test]
fn files_that_are_wrong_are_refused_with_their_line() {
    let big = i64::MAX;
    let cases = [
        ("p min 2 1\na 1 3 0 1 1\n".to_owned(), "line 2: node 3"),
        ("p min 2 1\na 1 2 0 1 99999999999999999999\n".to_owned(), "line 2: cost"),
        (format!("p min 2 1\nn 1 {big}\nn 2 -{big}\na 1 2 0 {big} 1\n"), "2^61"),
        (format!("p min 2 1\na 1 2 0 5 {big}\n"), "2^60"),
        (format!("p min 2 1\na 1 2 -{big} {big} 1\n"), "2^61"),
        (format!("p min {big} 1\n"), "line 1: number of nodes"),
        ("p min 99999999 0\n".to_owned(), "cannot reach nearly as many"),
        ("p min 100000000 100000000\n".to_owned(), "100000000 arcs were announced, 0 found"),
    ];
    for (text, word) in cases {
        let folder = folder(&[("p.min", &text)]);
        run(&["mcf", &path(&folder, "p.min")]).expect(2, &[word]);
    }
    let folder = folder(&[("p.min", "p min 1 0\n")]);
    let file = path(&folder, "p.min");
    run(&["mcf", &file, "--solution", "/nowhere/x"]).expect(2, &["cannot be written"]);
    assert!(run(&["mcf", &file, "--time"]).expect(0, &["seconds "]).out.starts_with("objective 0"));
}
