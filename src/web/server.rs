//! The server itself: accepts connections, bounds them, and stops gracefully.
//!
//! Not `axum::serve`: that keeps a half-sent header open for ever. Here headers have a deadline, an answer must be read,
//! connections have a number, and a stop drains what is in progress. HTTP/1.1 only: newer versions, like TLS, are the
//! business of the proxy in front.

use crate::config::Limits;
use crate::web::address::Peer;
use axum::middleware::AddExtension;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::Layer as _;

/// Serves `router` until `stop` resolves, then waits for requests in progress at most `limits.drain_time`.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let connections = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        // Wait for a free place before accepting: the rest queue in the kernel, which is bounded too.
        let place = tokio::select! {
            () = &mut stop => break,
            place = Arc::clone(&connections).acquire_owned() => place,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let router = Extension(Peer(peer.ip())).layer(router.clone());
                let connection = graceful.watch(connection(stream, router, limits));
                tokio::spawn(async move {
                    // Errors here are the client's: a reset, a deadline, bytes that are no HTTP.
                    let _ = connection.await;
                    drop(place);
                });
            }
            Err(error) => wait_after(&error).await,
        }
    }
    drop(listener);
    if tokio::time::timeout(limits.drain_time, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still in progress when the time to drain ran out");
    }
}

/// The router, told who is at the other end.
type Known = AddExtension<Router, Peer>;
type Stream = Pin<Box<TimeoutStream<TcpStream>>>;

fn connection(
    stream: TcpStream,
    router: Known,
    limits: Limits,
) -> hyper_util::server::conn::auto::Connection<'static, TokioIo<Stream>, TowerToHyperService<Known>, TokioExecutor> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_time));
    // The version is settled: finding it out from the first bytes would wait for them without a limit.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.header_time);
    builder.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(router)).into_owned()
}

/// Out of descriptors or memory: wait for some to come back instead of spinning.
async fn wait_after(error: &io::Error) {
    tracing::warn!(error = %error, "could not accept a connection");
    tokio::time::sleep(Duration::from_millis(200)).await;
}

/// Resolves on SIGTERM or Ctrl-C.
pub async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
