//! A real browser, without a window and without a network, spoken to over a pipe.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// More than any answer takes, and less than a person waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// Chromium with one page. It ends when this is dropped.
pub(crate) struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: Option<String>,
    sent: u64,
    /// What the page did since it was opened.
    events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// None, with words, where there is no Chromium; but CI must have one.
    pub(crate) fn start() -> Option<Self> {
        let mut there = Command::new("sh");
        there.args(["-c", "command -v chromium"]);
        if !succeeds(&mut there) {
            assert!(std::env::var_os("CI").is_none(), "CI needs chromium");
            eprintln!("skipped: there is no chromium: apt-get install chromium");
            return None;
        }
        let profile = tempfile::tempdir().unwrap();
        // It reads from the third and writes to the fourth of its files, one message up to each null.
        let mut child = Command::new("sh")
            .args([
                "-c",
                "exec 3<&0 4>&1 <&- >/dev/null 2>&1; exec chromium \"$@\"",
                "sh",
            ])
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
            ])
            .args([
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--remote-debugging-pipe",
            ])
            .arg("--host-resolver-rules=MAP * ~NOTFOUND")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = child.stdin.take().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (sender, from) = channel();
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            while out.read_until(0, &mut bytes).is_ok_and(|read| read > 0) {
                bytes.pop();
                if sender
                    .send(serde_json::from_slice(&bytes).unwrap())
                    .is_err()
                {
                    return;
                }
                bytes.clear();
            }
        });
        let mut browser = Self {
            child,
            to,
            from,
            session: None,
            sent: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.call("Target.attachToTarget", attach);
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for room in ["Page", "Log", "Runtime", "Network", "Accessibility"] {
            browser.call(&format!("{room}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Asks, and waits for the answer.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(message.to_string().as_bytes()).unwrap();
        self.to.write_all(&[0]).unwrap();
        self.to.flush().unwrap();
        let id = self.sent;
        let mut answer = self.wait(|it| it["id"] == id);
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].take()
    }

    /// The first message of a kind. What comes before it is kept if it is an event.
    fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.from.recv_timeout(left) {
                Ok(message) if is_it(&message) => return message,
                Ok(message) => self.events.push(message),
                Err(RecvTimeoutError::Timeout) => panic!("chromium does not answer"),
                Err(RecvTimeoutError::Disconnected) => panic!("chromium ended"),
            }
        }
    }

    /// Opens a file, and waits until all of it is there.
    pub(crate) fn open(&mut self, file: &Path) {
        self.events.clear();
        let url = format!("file://{}", file.display());
        let opened = self.call("Page.navigate", json!({ "url": url }));
        assert!(opened["errorText"].is_null(), "{opened}");
        let is_loaded = |it: &Value| it["method"] == "Page.loadEventFired";
        if !self.events.iter().any(is_loaded) {
            let loaded = self.wait(is_loaded);
            self.events.push(loaded);
        }
    }

    /// What the page did, by the name of the event.
    pub(crate) fn events(&self, method: &str) -> Vec<&Value> {
        let own = self.events.iter().filter(|it| it["method"] == method);
        own.map(|it| &it["params"]).collect()
    }

    /// What an expression gives. It runs beside the page, whose policy does not bind it.
    pub(crate) fn ask(&mut self, expression: &str) -> Value {
        let asked =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.call("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{answer}");
        answer["result"]["value"].take()
    }

    /// How wide the screen is.
    pub(crate) fn width(&mut self, pixels: u32) {
        let metrics =
            json!({ "width": pixels, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// `light` or `dark`, on `screen` or in `print`.
    pub(crate) fn media(&mut self, scheme: &str, media: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call(
            "Emulation.setEmulatedMedia",
            json!({ "media": media, "features": features }),
        );
    }

    /// A corner of the page as an image.
    pub(crate) fn corner(&mut self) -> String {
        let clip = json!({ "x": 0, "y": 0, "width": 8, "height": 8, "scale": 1 });
        let image = self.call(
            "Page.captureScreenshot",
            json!({ "format": "png", "clip": clip }),
        );
        image["data"].as_str().unwrap().to_owned()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn succeeds(command: &mut Command) -> bool {
    let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.is_ok_and(|it| it.success())
}
