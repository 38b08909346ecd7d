//! Health, metrics, slow clients, and a graceful stop.

use crate::support::{on_each_database, on_sqlite_with};
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[test]
fn health_readiness_and_metrics_answer() {
    on_each_database(|test| async move {
        let anyone = test.anyone();
        assert_eq!(anyone.get("/healthz").await.expect(200).text, "ok\n");
        assert_eq!(anyone.get("/readyz").await.expect(200).text, "ready\n");
        anyone.get("/api/v1/me").await.expect(401);
        let metrics = anyone.get("/metrics").await.expect(200).text;
        assert!(metrics.contains("http_requests_total{route=\"/api/v1/me\""), "{metrics}");
        pasok::db::migrate::down(&test.app.db).unwrap();
        anyone.get("/readyz").await.expect(503);
    });
}

/// Whether the server closes the connection within 15 seconds after these bytes.
async fn closes_after(test: &crate::support::TestApp, bytes: &[u8]) -> bool {
    let mut stream = TcpStream::connect(test.address()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(Duration::from_secs(15), stream.read_to_end(&mut rest)).await.is_ok()
}

#[test]
fn a_half_sent_header_is_closed() {
    on_each_database(|test| async move {
        // The default limits, as operated. All at once, because each takes its ten seconds.
        let (nothing, preface, half) = tokio::join!(
            closes_after(&test, b""),
            closes_after(&test, b"PRI * HT"),
            closes_after(&test, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        );
        assert!(nothing && preface && half, "still open: {nothing} {preface} {half}");
    });
}

#[test]
fn a_body_that_stops_arriving_is_given_up() {
    on_sqlite_with(
        |config| config.limits.body_time = Duration::from_millis(200),
        |test| async move {
            let client = test.operator();
            let stalled =
                reqwest::Body::wrap_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
            let request = client.request(Method::POST, "/api/v1/organisations").header("idempotency-key", "slow");
            let request = request.header("content-type", "application/json").body(stalled);
            let answer = client.send(request).await.expect(408);
            assert_eq!(answer.code(), "BODY_TOO_SLOW");
        },
    );
}

#[test]
fn an_answer_that_nobody_reads_is_given_up() {
    on_sqlite_with(
        |config| config.limits.write_time = Duration::from_millis(300),
        |test| async move {
            let mut stream = TcpStream::connect(test.address()).await.unwrap();
            // More answers than the kernel's buffers hold, asked for in one go and never read.
            let one = b"GET /api/v1/docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n";
            stream.write_all(&one.repeat(20)).await.unwrap();
            let closed = tokio::time::timeout(Duration::from_secs(15), async {
                // A write to a connection that the other side has dropped fails in the end.
                while stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
            assert!(closed.await.is_ok(), "the server still waits for a reader");
        },
    );
}

#[test]
fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
    on_sqlite_with(
        |config| config.limits.body_bytes = 1_000,
        |test| async move {
            let client = test.operator();
            let padded = |bytes: usize| {
                let text = r#"{"code":"A","name":"B","class":"kdmp","capabilities":["buyer"]}"#;
                format!("{text}{}", " ".repeat(bytes - text.len()))
            };
            let send = |bytes, key: &'static str| {
                let request = client.request(Method::POST, "/api/v1/organisations").header("idempotency-key", key);
                client.send(request.header("content-type", "application/json").body(padded(bytes)))
            };
            assert_eq!(send(1_001, "over").await.expect(413).code(), "BODY_TOO_LARGE");
            send(1_000, "at").await.expect(201);
        },
    );
}

#[test]
fn each_class_of_work_has_its_own_places() {
    on_sqlite_with(
        |config| (config.limits.requests, config.limits.solve_requests) = (1, 1),
        |test| async move {
            let client = test.operator();
            // A request that holds the only place of its class: its body never ends.
            let hold = || {
                let stalled =
                    reqwest::Body::wrap_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
                let request = client.request(Method::POST, "/api/v1/organisations").header("idempotency-key", "held");
                tokio::spawn(request.header("content-type", "application/json").body(stalled).send())
            };
            let mut holder = hold();
            let shed = loop {
                let answer = client.get("/api/v1/me").await;
                if answer.status == 503 {
                    break answer;
                }
                // It came while the line above had the place, and was turned away itself.
                if holder.is_finished() {
                    holder = hold();
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            };
            assert_eq!((shed.code().as_str(), shed.header("retry-after")), ("OVERLOADED", "5"));
            // Another class still has its place, and health needs none.
            let other = client.change(Method::POST, "/api/v1/rounds/1/solve", "\"1\"", &serde_json::json!({})).await;
            other.expect(404);
            client.get("/healthz").await.expect(200);
            holder.abort();
            let _ = holder.await;
            while client.get("/api/v1/me").await.status == 503 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        },
    );
}

#[test]
fn one_connection_too_many_waits_for_a_place() {
    on_sqlite_with(
        |config| config.limits.connections = 2,
        |test| async move {
            let ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
            let mut answered = Vec::new();
            for _ in 0..2 {
                let mut stream = TcpStream::connect(test.address()).await.unwrap();
                stream.write_all(ask).await.unwrap();
                assert!(stream.read(&mut [0; 64]).await.unwrap() > 0);
                answered.push(stream);
            }
            let mut third = TcpStream::connect(test.address()).await.unwrap();
            third.write_all(ask).await.unwrap();
            let early = tokio::time::timeout(Duration::from_millis(300), third.read(&mut [0; 64])).await;
            assert!(early.is_err(), "answered although every place was taken");
            answered.pop();
            assert!(third.read(&mut [0; 64]).await.unwrap() > 0);
        },
    );
}

#[test]
fn every_answer_carries_the_headers_that_protect_a_browser() {
    on_each_database(|test| async move {
        let anyone = test.anyone();
        let mut nonces = std::collections::BTreeSet::new();
        for path in ["/", "/nowhere", "/healthz", "/api/v1/me", "/api/v1/openapi.json", "/api/v1/docs/"] {
            let answer = anyone.get(path).await;
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("cache-control", "no-store"),
                ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ] {
                assert_eq!(answer.header(name), value, "{path} {name}");
            }
            let policy = answer.header("content-security-policy").to_owned();
            assert!(policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"), "{policy}");
            assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{policy}");
            assert!(nonces.insert(policy), "{path}: a nonce was used twice");
            assert!(!answer.text.contains(" style=") && !answer.text.contains(" onclick="), "{path} has inline code");
        }
        anyone.send(anyone.request(Method::TRACE, "/api/v1/me")).await.expect(405);
    });
}

#[test]
fn another_site_cannot_act_through_a_browser() {
    on_each_database(|test| async move {
        let anyone = test.anyone();
        let document: Value = serde_json::from_str(&pasok::router::openapi().to_json().unwrap()).unwrap();
        let mut tried = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys().filter(|method| *method != "get") {
                let method: Method = method.to_uppercase().parse().unwrap();
                let request =
                    anyone.request(method.clone(), &path.replace(['{', '}'], "")).json(&serde_json::json!({}));
                let request = request.header("cookie", "__Host-session=x").header("sec-fetch-site", "cross-site");
                let answer = anyone.send(request).await;
                assert_eq!((answer.status, answer.code().as_str()), (403, "FOREIGN_ORIGIN"), "{method} {path}");
                tried += 1;
            }
        }
        assert!(tried > 20, "{tried}");
    });
}
