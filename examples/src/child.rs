//! This program once more, as a child process that does not outlive the story.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::Outcome;

/// This program in another role. Dropped, it is stopped.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    lines: Receiver<String>,
    address: String,
}

impl Child {
    const PATIENCE: Duration = Duration::from_secs(10);

    /// Starts this program in a role, and waits for the line with its address.
    ///
    /// # Errors
    ///
    /// It could not be started, or says nothing within ten seconds.
    pub fn start<'a>(role: &'a str, arguments: impl IntoIterator<Item = &'a str>) -> Outcome<Self> {
        Self::start_with(role, arguments, [])
    }

    /// As [`start`](Self::start), with these variables more in its environment.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_with<'a>(
        role: &'a str,
        arguments: impl IntoIterator<Item = &'a str>,
        environment: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Outcome<Self> {
        let mut process = Command::new(env::current_exe()?)
            .arg(role)
            .args(arguments)
            .envs(environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take();
        let (sender, lines) = channel();
        let mut child = Self {
            process,
            lines,
            address: String::new(),
        };
        let stdout = BufReader::new(stdout.ok_or("the child has no output")?);
        // A thread of its own, so that waiting for a line has an end.
        thread::spawn(move || {
            stdout
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        child.address = child.line()?;
        Ok(child)
    }

    /// Where it is reached, as it said.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The next line that it says.
    ///
    /// # Errors
    ///
    /// It says nothing within ten seconds.
    pub fn line(&self) -> Outcome<String> {
        let line = self.lines.recv_timeout(Self::PATIENCE);
        Ok(line.map_err(|_| "a child process does not answer")?)
    }

    /// Writes a line to its standard input.
    ///
    /// # Errors
    ///
    /// It does not listen.
    pub fn tell(&mut self, line: &str) -> Outcome {
        let stdin = self.process.stdin.as_mut().ok_or("the child has ended")?;
        writeln!(stdin, "{line}")?;
        Ok(stdin.flush()?)
    }

    /// Lets it end, and say what it has become: one line of JSON.
    ///
    /// # Errors
    ///
    /// It says nothing within ten seconds, or something else.
    pub fn end(mut self) -> Outcome<serde_json::Value> {
        drop(self.process.stdin.take());
        Ok(serde_json::from_str(&self.line()?)?)
    }
}

/// By its process id, however the story ended. Already over is fine.
impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
