//! Redis servers of the tests' own, on free ports of this machine. They end with the test, however
//! it ends: each runs under a shell that waits for the end of its input, which this process holds.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Kills the server when the input ends; a line that says `keep` leaves its files.
const KEEPER: &str = r#"
dir=$1; shift
redis-server "$@" >"$dir/log" 2>&1 &
server=$!
echo "$server"
read -r word
kill -9 "$server" 2>/dev/null
wait "$server" 2>/dev/null
[ "$word" = keep ] || rm -rf "$dir"
"#;

/// One server.
pub struct Redis {
    port: u16,
    options: Vec<String>,
    dir: PathBuf,
    running: Option<Running>,
}

struct Running {
    keeper: Child,
    pid: u32,
}

impl Redis {
    /// A server in memory, with further options such as `["--maxmemory", "2mb"]`.
    pub fn start(options: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bailiwick-redis-{}-{count}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&dir).unwrap();
        let options = options.iter().map(|it| (*it).to_owned()).collect();
        let port = free_port();
        let mut redis = Self {
            port,
            options,
            dir,
            running: None,
        };
        redis.run();
        redis
    }

    /// One whose files have all that it answered to.
    pub fn durable() -> Self {
        Self::start(&["--appendonly", "yes", "--appendfsync", "always"])
    }

    /// A replica of another, once it is in step.
    pub fn replica_of(master: &Redis) -> Self {
        let port = master.port.to_string();
        let replica = Self::start(&["--replicaof", "127.0.0.1", &port]);
        replica.is_in_step_with(master);
        replica
    }

    fn is_in_step_with(&self, master: &Redis) {
        wait_until("the replica is in step", || {
            let replication = self.info("replication");
            replication.contains("role:slave") && replication.contains("master_link_status:up")
        });
        wait_until("the master knows of it", || {
            master.info("replication").contains("state=online")
        });
    }

    /// For clients.
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its answer to one command, as text.
    pub fn command(&self, words: &[&str]) -> String {
        self.try_command(words).unwrap()
    }

    /// A part of what it says of itself.
    pub fn info(&self, section: &str) -> String {
        self.command(&["INFO", section])
    }

    /// Does not answer until [`resume`](Self::resume).
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Goes on.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    /// Kills it at once; its files stay.
    pub fn crash(&mut self) {
        self.end(b"keep\n");
    }

    /// Starts it again, on the same port, with the files that are there.
    pub fn restart(&mut self) {
        self.crash();
        self.run();
    }

    /// With other options from its next start on.
    pub fn set_options(&mut self, options: &[&str]) {
        self.options = options.iter().map(|it| (*it).to_owned()).collect();
    }

    fn run(&mut self) {
        std::fs::create_dir_all(&self.dir).unwrap();
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&self.dir)
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendfsync", "always"])
            // A replica is served at once.
            .args(["--repl-diskless-sync-delay", "0"])
            .arg("--dir")
            .arg(&self.dir)
            .args(&self.options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pid = String::new();
        let stdout = keeper.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut pid).unwrap();
        let pid = pid.trim().parse().unwrap();
        self.running = Some(Running { keeper, pid });
        let ready = || {
            let answer = self.try_command(&["PING"]);
            answer.is_ok_and(|it| it == "PONG" || it.starts_with("error NOAUTH"))
        };
        let start = Instant::now();
        while !ready() {
            let log = || std::fs::read_to_string(self.dir.join("log")).unwrap_or_default();
            assert!(
                !log().contains("redis-server: not found"),
                "these tests need redis-server 7.0 or newer: apt-get install redis-server"
            );
            assert!(start.elapsed() < Duration::from_secs(10), "{}", log());
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn try_command(&self, words: &[&str]) -> std::io::Result<String> {
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let mut command = format!("*{}\r\n", words.len());
        for word in words {
            write!(command, "${}\r\n{word}\r\n", word.len()).unwrap();
        }
        stream.write_all(command.as_bytes())?;
        reply(&mut BufReader::new(stream))
    }

    fn signal(&self, signal: &str) {
        let pid = self.running.as_ref().unwrap().pid.to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    fn end(&mut self, word: &[u8]) {
        if let Some(mut running) = self.running.take() {
            let mut stdin = running.keeper.stdin.take().unwrap();
            let _ = stdin.write_all(word);
            drop(stdin);
            let _ = running.keeper.wait();
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.end(b"");
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// A cluster of three masters, each with a replica. None takes over by itself.
pub struct Cluster {
    nodes: Vec<Redis>,
    replicas: Vec<Redis>,
}

impl Cluster {
    /// Starts it, and waits until every node finds that it is complete.
    pub fn start() -> Self {
        let node = |_| {
            let bus = free_port().to_string();
            Redis::start(&[
                "--cluster-enabled",
                "yes",
                "--cluster-port",
                &bus,
                "--cluster-node-timeout",
                "2000",
                "--cluster-replica-no-failover",
                "yes",
            ])
        };
        let mut nodes: Vec<_> = (0..6).map(node).collect();
        for (index, node) in nodes.iter().enumerate() {
            if index < MASTERS {
                let [from, to] = [first_slot(index), first_slot(index + 1) - 1];
                let range = [from.to_string(), to.to_string()];
                node.command(&["CLUSTER", "ADDSLOTSRANGE", &range[0], &range[1]]);
            }
            node.command(&["CLUSTER", "SET-CONFIG-EPOCH", &(index + 1).to_string()]);
        }
        let (first, bus) = (nodes[0].port.to_string(), nodes[0].options[3].clone());
        for node in &nodes[1..] {
            node.command(&["CLUSTER", "MEET", "127.0.0.1", &first, &bus]);
        }
        let replicas = nodes.split_off(MASTERS);
        let cluster = Self { nodes, replicas };
        cluster.is_complete();
        for (replica, master) in cluster.replicas.iter().zip(&cluster.nodes) {
            let id = master.command(&["CLUSTER", "MYID"]);
            wait_until("the replica knows its master", || {
                replica.command(&["CLUSTER", "REPLICATE", &id]) == "OK"
            });
        }
        cluster.is_in_step();
        cluster
    }

    /// Its masters.
    pub fn nodes(&self) -> &[Redis] {
        &self.nodes
    }

    /// One of them, to be restarted.
    pub fn node(&mut self, index: usize) -> &mut Redis {
        &mut self.nodes[index]
    }

    /// The replica of one of them.
    pub fn replica(&mut self, index: usize) -> &mut Redis {
        &mut self.replicas[index]
    }

    /// Which master has this key.
    pub fn owner(&self, key: &str) -> usize {
        let slot = self.nodes[0].command(&["CLUSTER", "KEYSLOT", key]);
        let slot: usize = slot.parse().unwrap();
        (0..MASTERS).find(|it| slot < first_slot(it + 1)).unwrap()
    }

    /// For clients.
    pub fn addresses(&self) -> Vec<String> {
        self.nodes.iter().map(Redis::address).collect()
    }

    /// A master's replica gets nothing from it any more, until it takes over.
    pub fn cut_off(&mut self, index: usize) {
        self.replicas[index].pause();
        self.nodes[index].command(&["CLIENT", "KILL", "TYPE", "replica"]);
    }

    /// Kills a master, and puts its replica in its place. The dead one is that one's replica from
    /// its next start on.
    pub fn take_over(&mut self, index: usize) {
        self.nodes[index].crash();
        self.promote(index);
    }

    /// Puts a master's replica in its place, whatever the master thinks of it.
    pub fn promote(&mut self, index: usize) {
        self.replicas[index].resume();
        self.replicas[index].command(&["CLUSTER", "FAILOVER", "TAKEOVER"]);
        std::mem::swap(&mut self.nodes[index], &mut self.replicas[index]);
        let id = self.nodes[index].command(&["CLUSTER", "MYID"]);
        let has_slots = |node: &Redis| {
            let all = node.command(&["CLUSTER", "NODES"]);
            let line = all.lines().find(|it| it.starts_with(&id));
            // Slots come after eight other words.
            line.is_some_and(|it| it.contains("master") && it.split(' ').count() > 8)
        };
        wait_until("all know of it", || self.nodes.iter().all(has_slots));
        self.is_complete();
    }

    /// Waits until every master finds that it is complete.
    pub fn is_complete(&self) {
        for node in &self.nodes {
            wait_until("the cluster is complete", || {
                let info = node.command(&["CLUSTER", "INFO"]);
                info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:6")
            });
        }
    }

    /// Waits until it is complete and every replica has what its master has.
    pub fn is_in_step(&self) {
        self.is_complete();
        for (replica, master) in self.replicas.iter().zip(&self.nodes) {
            replica.is_in_step_with(master);
            wait_until("the replica has it all", || {
                master.command(&["DBSIZE"]) == replica.command(&["DBSIZE"])
            });
        }
    }
}

const MASTERS: usize = 3;

fn first_slot(master: usize) -> usize {
    16_384 * master / MASTERS
}

/// Whatever connects to it reaches the server that it points to.
pub struct Forwarder {
    port: u16,
    to: Arc<Mutex<u16>>,
}

impl Forwarder {
    /// Points to this server.
    pub fn start(to: &Redis) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let to = Arc::new(Mutex::new(to.port));
        let target = to.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let target = *target.lock().unwrap();
                if let Ok(server) = TcpStream::connect(("127.0.0.1", target)) {
                    for (from, to) in [(&client, &server), (&server, &client)] {
                        let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                        thread::spawn(move || copy(from, to));
                    }
                }
            }
        });
        Self { port, to }
    }

    /// For clients.
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Points new connections to another server.
    pub fn point_to(&self, to: &Redis) {
        *self.to.lock().unwrap() = to.port;
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(std::net::Shutdown::Both);
    let _ = from.shutdown(std::net::Shutdown::Both);
}

/// Waits until something is so, at most ten seconds.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "not in time: {what}"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

fn reply(from: &mut impl std::io::BufRead) -> std::io::Result<String> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    let line = line.trim_end();
    let (kind, rest) = line.split_at_checked(1).unwrap_or(("", ""));
    let length = || rest.parse::<usize>().unwrap_or(0);
    match kind {
        "$" if rest != "-1" => {
            let mut bytes = vec![0; length() + 2];
            from.read_exact(&mut bytes)?;
            bytes.truncate(length());
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
        "*" => {
            let items = (0..length()).map(|_| reply(from));
            Ok(items.collect::<std::io::Result<Vec<_>>>()?.join("\n"))
        }
        "-" => Ok(format!("error {rest}")),
        _ => Ok(rest.to_owned()),
    }
}
