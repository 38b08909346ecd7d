//! The program itself as a process, for what only a real process shows: its logs, its memory, its end.

use super::{Client, SYSTEM};
use pasok::access::sessions::{self, Opening};
use pasok::app::App;
use pasok::parties::service::{self, NewOrganisation};
use pasok::parties::{Capability, Class, OrganisationStatus, Role};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// `pasok serve` as a process.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    said: Arc<Mutex<String>>,
}

impl Server {
    /// Starts it and waits until it listens.
    pub fn start(url: &str, listen: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pasok"))
            .args(["serve", "--database", url, "--listen", listen])
            .env("RUST_LOG", "debug")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server");
        let said = Arc::new(Mutex::new(String::new()));
        let (sender, receiver) = std::sync::mpsc::channel();
        let (stderr, heard) = (child.stderr.take().expect("its errors"), Arc::clone(&said));
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("Pasok: http://") {
                    let _ = sender.send(address.trim_end_matches('/').to_owned());
                }
                let mut said = heard.lock().unwrap();
                said.push_str(&line);
                said.push('\n');
            }
        });
        let address = receiver.recv_timeout(Duration::from_secs(30)).expect("an address");
        Self { child, address: address.parse().expect("an address"), said }
    }

    /// Everything it wrote on standard error so far: its log.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// The most memory it ever held, in MiB.
    pub fn peak_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("VmHWM");
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") / 1024
    }
}

impl Drop for Server {
    /// Kills it outright (SIGKILL): it gets no chance to tidy up.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server over a SQLite file of its own, on the machine's clock.
pub struct Process {
    /// The running program.
    pub server: Server,
    /// The same database from outside, for setting up.
    pub app: App,
    _folder: tempfile::TempDir,
}

impl Process {
    /// Starts it and waits until it listens.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let app = pasok::cli::open(pasok::config::Config::for_database(url.parse().expect("a URL"))).expect("open");
        Self { server: Server::start(&url, "127.0.0.1:0"), app, _folder: folder }
    }

    /// A client of a new operator organisation.
    pub fn operator(&self) -> Client {
        self.operator_named("Ibu Operator")
    }

    /// A client of a new operator organisation, under this name.
    pub fn operator_named(&self, member: &str) -> Client {
        let new = NewOrganisation {
            code: "DINAS".to_owned(),
            name: "Dinas".to_owned(),
            class: Class::Pemerintah,
            status: OrganisationStatus::Active,
            capabilities: [Capability::Operator].into(),
        };
        let limits = self.app.config.limits;
        let opened = self.app.write(SYSTEM, |work| {
            let organisation = service::register_once(work, new.clone())?;
            let member_id = service::add_member_once(work, organisation.id, member, Role::Operator)?.id;
            sessions::open(work, &Opening { member_id, client: "test".to_owned(), second_factor: true }, &limits)
        });
        Client::new(self.server.address, Some(opened.expect("a session").1))
    }
}
