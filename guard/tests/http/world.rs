//! An agent and an API that speak over raw sockets, and a guard between them.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bailiwick::action::{Call, Service};
use bailiwick::clock::{Clock as _, SystemClock};
use bailiwick::scope::{Budget, Capability, Condition, Scope, ScopeBuilder};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::timeout;

use crate::support::{Directory, Granted};

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const SECRET: &str = "Bearer s3cret-of-the-notes";

pub(crate) const CATALOG: &str = r#"
service = "notes.example"

[operation."notes.read"]
effect = "read"
resource = "notes/{name}"
arguments = { name = "text", why = { type = "text", optional = true } }
http = { method = "GET", path = "/notes/{name}", query = { why = "why" } }

[operation."notes.write"]
effect = "write"
resource = "notes/{name}"
arguments = { name = "text", text = "text" }
http = { method = "PUT", path = "/notes/{name}", body = {} }

[operation."notes.wipe"]
effect = "delete"
resource = "notes"
http = { method = "DELETE", path = "/notes" }
"#;

pub(crate) fn service() -> Service {
    "notes.example".parse().unwrap()
}

pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) granted: Granted,
}

impl World {
    /// The agent may read notes, and write two.
    pub(crate) fn new() -> Self {
        let operation = |name: &str| Capability::operation(name, "notes/*").unwrap();
        let writes = Condition::Budget(Budget::uses("writes", 2).unwrap());
        let scope = Scope::builder()
            .allow(operation("notes.read"))
            .allow_with(operation("notes.write"), writes);
        Self::of(Directory::new(), CATALOG, scope, "")
    }

    /// An agent with these rights, and a guard with this catalog, whose roots say more.
    pub(crate) fn of(
        directory: Directory,
        catalog: &str,
        scope: ScopeBuilder,
        roots: &str,
    ) -> Self {
        let granted = directory.granting(&service(), catalog, scope, roots);
        directory.secret("key", SECRET);
        Self { directory, granted }
    }

    pub(crate) fn command(&self, upstream: &str) -> Command {
        let mut command = self.directory.guard(env!("CARGO_BIN_EXE_http-guard"));
        command
            .args([
                "--listen",
                "127.0.0.1:0",
                "--clock-skew",
                "0",
                "--timeout",
                "3",
            ])
            .args(["--upstream", upstream, "--header"])
            .arg(format!(
                "Authorization={}",
                self.directory.path("key").display()
            ))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// For its first start.
    pub(crate) async fn guard(&self, upstream: &str) -> Guard {
        let mut command = self.command(upstream);
        command.arg("--acknowledge-reset");
        Guard::start(command).await
    }

    /// The two headers of a fresh presentation.
    pub(crate) fn signed(&self, method: &str, target: &str, body: &str) -> String {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let call = Call::http(method, path, query, body.as_bytes()).unwrap();
        let holder = &self.granted.holder;
        let presentation = holder.present(&service(), &call, SystemClock.now());
        let (token, proof) = presentation.unwrap().to_texts();
        format!("Authorization: Bailiwick {token}\r\nBailiwick-Proof: {proof}\r\n")
    }

    /// A whole request, as signed.
    pub(crate) fn request(&self, method: &str, target: &str, more: &str, body: &str) -> String {
        let signed = self.signed(method, target, body);
        request(
            &format!("{method} {target}"),
            &format!("{signed}{more}"),
            body,
        )
    }
}

pub(crate) fn request(line: &str, headers: &str, body: &str) -> String {
    let length = match body.len() {
        0 => String::new(),
        length => format!("Content-Length: {length}\r\nContent-Type: application/json\r\n"),
    };
    format!("{line} HTTP/1.1\r\nHost: guard\r\nConnection: close\r\n{headers}{length}\r\n{body}")
}

pub(crate) struct Guard {
    pub(crate) process: Child,
    pub(crate) address: String,
    /// What it said before it listened.
    pub(crate) before: String,
    stderr: BufReader<ChildStderr>,
}

impl Guard {
    pub(crate) async fn start(mut command: Command) -> Self {
        let mut process = command.spawn().unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let mut before = String::new();
        let address = loop {
            let mut line = String::new();
            let reading = stderr.read_line(&mut line);
            timeout(PATIENCE, reading).await.unwrap().unwrap();
            let said: serde_json::Value = serde_json::from_str(&line).expect(&line);
            match said["listening"].as_str() {
                Some(address) => break address.to_owned(),
                None => before.push_str(&line),
            }
        };
        Self {
            process,
            address,
            before,
            stderr,
        }
    }

    /// The answer to these bytes, whole.
    pub(crate) async fn send(&self, request: &str) -> Answer {
        let exchange = async {
            let mut socket = TcpStream::connect(&self.address).await.unwrap();
            socket.write_all(request.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let _ = socket.read_to_end(&mut answer).await;
            String::from_utf8(answer).unwrap()
        };
        Answer(timeout(PATIENCE, exchange).await.expect("no answer"))
    }

    /// Ends it, and gives what it said.
    pub(crate) async fn end(mut self) -> String {
        self.process.start_kill().unwrap();
        let mut said = String::new();
        timeout(PATIENCE, self.stderr.read_to_string(&mut said))
            .await
            .unwrap()
            .unwrap();
        self.process.wait().await.unwrap();
        said
    }
}

pub(crate) struct Answer(pub(crate) String);

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.0
            .split(' ')
            .nth(1)
            .map_or(0, |status| status.parse().unwrap())
    }

    /// The status, and the code if the guard answered itself.
    pub(crate) fn verdict(&self) -> String {
        let body = self.0.split("\r\n\r\n").nth(1).unwrap_or_default();
        let problem: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        match problem["code"].as_str() {
            Some(code) => format!("{} {code}", self.status()),
            None => self.status().to_string(),
        }
    }
}

/// An API that keeps what it was sent, and always answers the same.
pub(crate) struct Api {
    pub(crate) origin: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Api {
    pub(crate) async fn answering(answer: &'static str) -> Self {
        Self::serving(answer, Duration::ZERO).await
    }

    /// Begins its answers, and does not go on.
    pub(crate) async fn beginning(answer: &'static str) -> Self {
        Self::serving(answer, PATIENCE).await
    }

    async fn serving(answer: &'static str, open: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let kept = requests.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let kept = kept.clone();
                tokio::spawn(async move {
                    let request = whole(&mut socket).await;
                    kept.lock().unwrap().push(request);
                    let _ = socket.write_all(answer.as_bytes()).await;
                    tokio::time::sleep(open).await;
                });
            }
        });
        Self { origin, requests }
    }

    /// What arrived since it was last asked.
    pub(crate) fn arrived(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

/// One request, byte for byte.
async fn whole(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("content-length: ")
                        .map(str::to_owned)
                })
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        if socket.read_buf(&mut bytes).await.unwrap() == 0 {
            return text;
        }
    }
}
