//! `pasok serve`.

use super::DatabaseArgs;
use crate::error::AppError;
use crate::web::server;
use crate::{orders, rounds, router, tenders};
use clap::Args;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;

/// Where and with what to serve.
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Address to listen on.
    #[arg(long, env = "PASOK_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The solver's program; beside this one unless said otherwise.
    #[arg(long, env = "PASOK_SOLVER", value_name = "FILE")]
    solver: Option<PathBuf>,
    /// Address of a proxy whose X-Forwarded-For is believed; this machine unless said otherwise.
    #[arg(long = "trusted-proxy", env = "PASOK_TRUSTED_PROXIES", value_delimiter = ',', value_name = "ADDRESS")]
    trusted_proxies: Vec<IpAddr>,
}

pub(super) fn run(options: &Options) -> Result<ExitCode, AppError> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .json()
        .init();
    let mut config = options.database.config();
    config.listen = options.listen;
    if let Some(solver) = &options.solver {
        config.solver.clone_from(solver);
    }
    if !options.trusted_proxies.is_empty() {
        config.trusted_proxies.clone_from(&options.trusted_proxies);
    }
    let app = super::open(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(AppError::internal)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(options.listen).await.map_err(AppError::internal)?;
        let address = listener.local_addr().map_err(AppError::internal)?;
        tracing::info!(address = %address, "serving");
        eprintln!("Pasok: http://{address}/");
        let clock = tokio::spawn(rounds::clock::run(app.clone()));
        let calls = tokio::spawn(tenders::calls::clock::run(app.clone()));
        let held = tokio::spawn(orders::holds::run(app.clone()));
        let daily = tokio::spawn(crate::audit::daily::keep_signing(app.clone()));
        let limits = app.config.limits;
        server::serve(listener, router::router(app), limits, server::stop_signal()).await;
        clock.abort();
        calls.abort();
        held.abort();
        daily.abort();
        Ok(ExitCode::SUCCESS)
    })
}
