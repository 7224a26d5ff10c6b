//! The forum as a child process, which does not outlive the story.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use bailiwick::keys::IssuerPublicKey;

use crate::Outcome;
use crate::people::People;
use crate::server::ROLE;

/// A running forum. Dropped, it is stopped.
pub(crate) struct Server {
    child: Child,
    lines: Receiver<String>,
    address: String,
}

impl Server {
    const PATIENCE: Duration = Duration::from_secs(10);

    /// Starts this program once more as the forum, which chooses a free port and says which.
    pub(crate) fn start(root: &IssuerPublicKey, people: &People) -> Outcome<Self> {
        let directory = people.directory.as_bytes();
        let directory: String = directory.iter().map(|byte| format!("{byte:02x}")).collect();
        let directory_key = people.directory_key.to_string();
        let mut child = Command::new(env::current_exe()?)
            .args([ROLE, &root.to_string(), &directory_key, &directory])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take();
        let (sender, lines) = channel();
        let mut server = Self {
            child,
            lines,
            address: String::new(),
        };
        let stdout = BufReader::new(stdout.ok_or("the forum has no output")?);
        // A thread of its own, so that waiting for a line has an end.
        thread::spawn(move || {
            stdout
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        server.address = server.line()?;
        Ok(server)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Lets the forum end, and tell what it has become.
    pub(crate) fn end(mut self) -> Outcome<serde_json::Value> {
        drop(self.child.stdin.take());
        Ok(serde_json::from_str(&self.line()?)?)
    }

    fn line(&self) -> Outcome<String> {
        let line = self.lines.recv_timeout(Self::PATIENCE);
        Ok(line.map_err(|_| "the forum does not answer")?)
    }
}

/// By its process id, however the story ended. Already over is fine.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
