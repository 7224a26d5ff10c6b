//! One line of JSON on standard error for each decision.

use std::io::{self, Write as _};

use bailiwick::clock::{Clock, SystemClock};
use bailiwick::gate::Permit;
use bailiwick::revoke::Stop;
use serde_json::{Map, Value, json};

/// Says what was decided, and why; never an argument of a call, a token or a credential.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Audit {
    guard: &'static str,
}

impl Audit {
    pub(crate) const fn new(guard: &'static str) -> Self {
        Self { guard }
    }

    /// A permit, before what it permits is begun. `what` is the tool, or the method.
    pub(crate) fn allowed(self, permit: &Permit, what: &str) {
        let operations: Vec<_> = permit
            .actions()
            .iter()
            .map(|action| action.operation().as_str())
            .collect();
        self.line(json!({
            "decision": "allow",
            "decision_id": permit.decision_id(),
            "root": permit.root().id,
            "task": permit.task().id().as_str(),
            "agent": permit.agent().as_str(),
            "call": shown(what),
            "operations": operations,
        }));
    }

    /// A denial, of which the caller was told this much.
    pub(crate) fn denied(self, told: Option<&Value>, what: &str) {
        let of = |key: &str| told.and_then(|told| told.get(key));
        let mut line = Map::new();
        let mut put = |key: &str, value: Option<&Value>| {
            if let Some(value) = value.filter(|value| !value.is_null()) {
                line.insert(key.to_owned(), value.clone());
            }
        };
        put("code", of("code"));
        put("decision_id", of("decision_id"));
        put("root", of("root").and_then(|root| root.get("id")));
        line.insert("decision".to_owned(), "deny".into());
        line.insert("call".to_owned(), shown(what).into());
        self.line(Value::Object(line));
    }

    /// A task that was stopped.
    pub(crate) fn stopped(self, stop: &Stop) {
        self.line(json!({ "stopped": stop.task.as_str() }));
    }

    /// Where agents reach the guard.
    pub(crate) fn listening(self, address: &str) {
        self.line(json!({ "listening": address }));
    }

    /// What the operator should look at.
    pub(crate) fn warn(self, code: &str, message: &str) {
        self.line(json!({ "warning": code, "message": message }));
    }

    fn line(self, mut line: Value) {
        if let Value::Object(line) = &mut line {
            line.insert("guard".to_owned(), self.guard.into());
            line.insert("at".to_owned(), SystemClock.now().to_string().into());
        }
        // Nobody listens: what is decided stays decided.
        let _ = writeln!(io::stderr().lock(), "{line}");
    }
}

/// A name that may come from anybody, shortened.
fn shown(name: &str) -> String {
    const LONGEST: usize = 128;
    name.chars().take(LONGEST).collect()
}
