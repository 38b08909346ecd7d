//! `pasok healthcheck`: for containers that have no other client at hand.

use clap::Args;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(3);

/// Whom to ask.
#[derive(Debug, Args)]
pub struct Options {
    /// Address of the server.
    #[arg(long, env = "PASOK_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    address: SocketAddr,
}

pub(super) fn run(options: &Options) -> ExitCode {
    match ready(options.address) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("pasok: the server at {} is not ready", options.address);
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("pasok: no answer from {}: {error}", options.address);
            ExitCode::FAILURE
        }
    }
}

fn ready(mut address: SocketAddr) -> std::io::Result<bool> {
    // A server that listens everywhere answers on the loopback address.
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = [0; 15];
    stream.read_exact(&mut answer)?;
    Ok(answer.starts_with(b"HTTP/1.0 200") || answer.starts_with(b"HTTP/1.1 200"))
}
