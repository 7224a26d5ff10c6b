//! Verifier processes, and whoever revokes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bailiwick::ledger::RedisLedger;
use bailiwick::revoke::{KillSwitch, RedisRevocations, Revocation};
use tokio::runtime::Runtime;

use super::server::{Redis, wait_until};
use super::verifier::{config, revocations};
use super::world::{SKEW, now, switch};

/// In a verifier's environment, its servers.
pub const SERVERS: &str = "BAILIWICK_FLEET_SERVERS";

/// How many verifiers there are.
pub const COUNT: usize = 3;

/// One scenario after the other: each wants the whole machine.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

pub struct Fleet {
    verifiers: Vec<Mutex<Process>>,
    runtime: Runtime,
    owner: Arc<RedisRevocations>,
    switch: Mutex<KillSwitch>,
    _alone: MutexGuard<'static, ()>,
}

/// A verifier, killed when this is dropped.
struct Process {
    child: Child,
    port: u16,
    /// Whoever reads from it must not find it closed.
    _stdout: BufReader<ChildStdout>,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How servers are used, and which.
pub fn servers(kind: &str, servers: &[&Redis]) -> String {
    let mut words = vec![kind.to_owned()];
    words.extend(servers.iter().map(|it| it.address()));
    words.join(" ")
}

impl Fleet {
    /// Three verifiers; what was spent before is known to be nothing.
    pub fn start(servers: &str) -> Self {
        let alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        let ledger = runtime
            .block_on(RedisLedger::connect(config(servers)))
            .unwrap();
        runtime.block_on(ledger.acknowledge_reset()).unwrap();
        let (owner, _) = revocations(servers);
        let mut fleet = Self {
            verifiers: Vec::new(),
            runtime,
            owner,
            switch: Mutex::new(switch()),
            _alone: alone,
        };
        fleet.publish_list();
        fleet.verifiers = (0..COUNT)
            .map(|_| Mutex::new(Process::start(servers)))
            .collect();
        // Until then, proofs may have been presented before the server started.
        std::thread::sleep(SKEW + Duration::from_millis(50));
        fleet
    }

    /// Publishes the list of what is revoked, until it is.
    pub fn publish_list(&self) {
        let list = self.switch.lock().unwrap().list(now());
        wait_until("the list is published", || {
            let done = self.owner.publish(list.as_bytes(), now());
            self.runtime.block_on(done).is_ok()
        });
    }

    pub fn revoke(&self, revocation: Revocation) {
        let delta = self.switch.lock().unwrap().revoke(revocation, now());
        let done = self.owner.publish(delta.as_bytes(), now());
        self.runtime.block_on(done).unwrap();
    }

    /// Ends one with SIGKILL.
    pub fn kill(&self, verifier: usize) {
        let mut process = self.verifiers[verifier].lock().unwrap();
        process.child.kill().unwrap();
        process.child.wait().unwrap();
    }

    pub fn connect(&self, verifier: usize) -> Option<Connection> {
        let port = self.verifiers[verifier].lock().unwrap().port;
        let stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
        stream.set_nodelay(true).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .ok()?;
        let reader = BufReader::new(stream.try_clone().ok()?);
        Some(Connection { stream, reader })
    }
}

impl Process {
    fn start(servers: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["verifier_process", "--exact", "--nocapture"])
            .env(SERVERS, servers)
            // When this process ends, so does that.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut port = None;
        while port.is_none() {
            let mut line = String::new();
            assert!(
                stdout.read_line(&mut line).unwrap() > 0,
                "the verifier did not start"
            );
            port = line
                .split_once("PORT ")
                .map(|(_, port)| port.trim().parse().unwrap());
        }
        let (port, _stdout) = (port.unwrap(), stdout);
        Self {
            child,
            port,
            _stdout,
        }
    }
}

/// A client's connection to a verifier.
pub struct Connection {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Connection {
    /// The answer; `None` if it was lost.
    pub fn ask(&mut self, line: &str) -> Option<String> {
        self.stream.write_all(format!("{line}\n").as_bytes()).ok()?;
        let mut answer = String::new();
        let length = self.reader.read_line(&mut answer).ok()?;
        (length > 0).then(|| answer.trim_end().to_owned())
    }
}
