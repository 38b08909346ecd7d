//! Health, metrics, slow clients, and a graceful stop.

use crate::support::on_each_database;
use std::time::{Duration, Instant};
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

#[test]
fn a_half_sent_header_is_closed() {
    on_each_database(|test| async move {
        let mut stream = TcpStream::connect(test.address()).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
        let start = Instant::now();
        let mut rest = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(15), stream.read_to_end(&mut rest)).await;
        assert!(read.is_ok(), "still open after {:?}", start.elapsed());
    });
}
