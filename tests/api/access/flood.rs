//! Five hundred sign-ins at once: the program's memory stays bounded, and it goes on answering.

use crate::support::database_urls;
use serde_json::json;
use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server of its own, so that its memory can be told from the tests'.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// A line of `/proc/PID/status` in MiB.
    fn memory_mib(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let found = status.lines().find_map(|text| text.strip_prefix(line)).unwrap();
        found.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }
}

#[test]
fn five_hundred_sign_ins_at_once_take_less_than_100_mib() {
    database_urls(|url| {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let child = Command::new(env!("CARGO_BIN_EXE_pasok"))
            .args(["serve", "--database", url, "--listen", &address])
            .env("RUST_LOG", "error")
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Server(child);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(flood(&server, &address));
    });
}

async fn flood(server: &Server, address: &str) {
    let http = reqwest::Client::new();
    for _ in 0..600 {
        if http.get(format!("http://{address}/readyz")).send().await.is_ok_and(|answer| answer.status() == 200) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let sign_in = |number: usize| {
        let body = json!({ "login": format!("0812{number:08}"), "password": "bukan kata sandinya" });
        let forwarded = format!("198.51.{}.{}", number / 250, number % 250 + 1);
        let request = http.post(format!("http://{address}/api/v1/sessions")).header("x-forwarded-for", forwarded);
        async move { request.json(&body).send().await.unwrap().status().as_u16() }
    };
    assert_eq!(sign_in(9_999).await, 401);
    let before = server.memory_mib("VmRSS:");
    let answers = futures_util::future::join_all((0..500).map(sign_in)).await;
    let grown = server.memory_mib("VmHWM:") - before;
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for status in answers {
        *counts.entry(status).or_default() += 1;
    }
    println!("500 sign-ins: {counts:?}, from {before} MiB by {grown} MiB");
    assert!(counts.keys().all(|status| [401, 503].contains(status)), "{counts:?}");
    assert!(counts[&401] >= 30, "{counts:?}");
    assert!(grown <= 100, "{before} MiB grew by {grown} MiB");
    assert_eq!(sign_in(501).await, 401);
}
