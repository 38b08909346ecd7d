//! `docs/api-tour.md` works as it is printed: every command is run, in order, with the real programs.

use crate::support::database_urls;
use std::process::Command;

/// The `sh` blocks of the page, as one script.
fn script() -> String {
    let page = include_str!("../../docs/api-tour.md");
    let blocks = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    format!("set -euo pipefail\n{}", blocks.collect::<Vec<_>>().join("\n"))
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn every_command_of_the_tour_works() {
    let programs = std::path::Path::new(env!("CARGO_BIN_EXE_pasok")).parent().unwrap();
    assert!(programs.join("pasok-solver").is_file(), "build the whole workspace first: cargo build --workspace");
    database_urls(|url| {
        let folder = tempfile::tempdir().unwrap();
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        let output = Command::new("bash")
            .args(["-c", &script()])
            .current_dir(folder.path())
            .env("PATH", path)
            .env("PASOK_DATABASE_URL", url)
            .env("PASOK_LISTEN", format!("127.0.0.1:{}", free_port()))
            .output()
            .expect("bash");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let log = std::fs::read_to_string(folder.path().join("serve.log")).unwrap_or_default();
        assert!(output.status.success(), "{url}\n{out}\n{err}\n{log}");
        for wanted in ["refused, as it should be", "PRICE_ABOVE_CEILING", "STOCK_EXHAUSTED", "PO-", "0 violations"] {
            assert!(out.contains(wanted), "no '{wanted}' in:\n{out}\n{err}");
        }
    });
}
