//! The table.

use bailiwick::action::{Call, Service};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::present::{AttemptId, Holder, Presentation};
use serde_json::{Value, json};

use crate::world::{SERVICE, World};

/// One way to get a call to the desk.
pub trait Adapter {
    /// What it sends: what it is handed, or what it proves by itself.
    fn sends(&self) -> Sends {
        Sends::WhatItIsHanded
    }

    /// Whether its ledger is the world's, which can be down.
    fn has_our_store(&self) -> bool {
        true
    }

    /// What a proof covers of this call.
    fn call(&self, tool: &str, arguments: &Value) -> Call;

    /// Makes the call, with what is presented. `allow`, or the code of the denial.
    fn send(
        &mut self,
        presented: Option<&Presentation>,
        tool: &str,
        arguments: &Value,
    ) -> impl Future<Output = String>;
}

/// Who proves possession.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// The one who calls.
    WhatItIsHanded,
    /// The adapter, which holds the agent's token: no call goes out without a fresh proof.
    ItsOwn,
}

/// What is called, and what must come of it.
struct Row {
    what: &'static str,
    tool: &'static str,
    arguments: Value,
    expected: &'static str,
}

fn rows() -> Vec<Row> {
    let row = |what, tool, arguments, expected| Row {
        what,
        tool,
        arguments,
        expected,
    };
    let note = |id: &str| json!({ "id": id });
    let send = |more: Value| {
        let mut arguments = json!({ "to": ["ada"], "text": "Hello." });
        for (name, value) in more.as_object().unwrap() {
            arguments[name] = value.clone();
        }
        arguments
    };
    vec![
        row("allowed", "read_note", note("7"), "allow"),
        row("another argument", "read_note", note("8"), "allow"),
        row("a deny entry", "read_note", note("secret"), "deny_matched"),
        row(
            "no canonical segment",
            "file_note",
            note(".."),
            "segment_not_canonical",
        ),
        row("an unknown tool", "shred_note", note("7"), "call_unmapped"),
        row(
            "a tool in other letters",
            "Read_Note",
            note("7"),
            "call_unmapped",
        ),
        row(
            "not granted",
            "burn_note",
            note("7"),
            "operation_not_granted",
        ),
        row(
            "only with approval",
            "publish_note",
            json!({ "to": "ada" }),
            "approval_required",
        ),
        row(
            "several actions",
            "send_note",
            send(json!({ "to": ["ada", "grace"] })),
            "allow",
        ),
        row(
            "one of two actions",
            "send_note",
            send(json!({ "to": ["ada", "eve"] })),
            "resource_outside",
        ),
        row(
            "the other of two",
            "send_note",
            send(json!({ "to": ["eve", "ada"] })),
            "resource_outside",
        ),
        row(
            "no action at all",
            "send_note",
            send(json!({ "to": [] })),
            "argument_mistyped",
        ),
        row(
            "an extra argument",
            "send_note",
            send(json!({ "bcc": "eve" })),
            "argument_unknown",
        ),
        row(
            "a missing argument",
            "send_note",
            json!({ "to": ["ada"] }),
            "argument_missing",
        ),
        row(
            "a mistyped argument",
            "send_note",
            send(json!({ "text": 7 })),
            "argument_mistyped",
        ),
        row(
            "an argument too long",
            "send_note",
            send(json!({ "text": "no more than twenty bytes" })),
            "argument_outside",
        ),
        row(
            "an optional argument",
            "send_note",
            send(json!({ "subject": "Hi" })),
            "allow",
        ),
        row(
            "null for optional",
            "send_note",
            send(json!({ "subject": null })),
            "allow",
        ),
        row(
            "null for required",
            "send_note",
            send(json!({ "text": null })),
            "argument_mistyped",
        ),
        row(
            "a list",
            "send_note",
            send(json!({ "tags": ["red", "blue"] })),
            "allow",
        ),
        row(
            "an empty list",
            "send_note",
            send(json!({ "tags": [] })),
            "allow",
        ),
        row(
            "one bad element",
            "send_note",
            send(json!({ "tags": ["red", "green"] })),
            "argument_outside",
        ),
        row(
            "one element of another type",
            "send_note",
            send(json!({ "tags": ["red", 7] })),
            "argument_mistyped",
        ),
        row("within the budget", "file_note", note("7"), "allow"),
        row(
            "beyond the budget",
            "file_note",
            note("8"),
            "budget_exceeded",
        ),
    ]
}

/// Sends the table through an adapter.
///
/// # Panics
///
/// A verdict is another one, or the desk has acted more or less often than it was allowed to.
pub async fn conforms(name: &str, world: &World, holder: &Holder, adapter: &mut impl Adapter) {
    let mut run = Run {
        name,
        world,
        adapter,
        allowed: world.desk.acts(),
    };
    for row in rows() {
        run.must_be(holder, &row).await;
    }
    if run.adapter.has_our_store() {
        run.the_store_is_down(holder).await;
    }
    if run.adapter.sends() == Sends::WhatItIsHanded {
        run.what_is_presented_counts(holder).await;
    }
    run.must_be(holder, &plain("allow")).await;
}

/// What is allowed but for what is presented, or for the store.
fn plain(expected: &'static str) -> Row {
    Row {
        what: "a plain call",
        tool: "read_note",
        arguments: json!({ "id": "7" }),
        expected,
    }
}

struct Run<'a, A> {
    name: &'a str,
    world: &'a World,
    adapter: &'a mut A,
    allowed: usize,
}

impl<A: Adapter> Run<'_, A> {
    async fn must_be(&mut self, holder: &Holder, row: &Row) {
        let presented = self.presented(holder, row, AttemptId::random().unwrap());
        self.sent(Some(&presented), row).await;
    }

    fn presented(&self, holder: &Holder, row: &Row, attempt: AttemptId) -> Presentation {
        let call = self.adapter.call(row.tool, &row.arguments);
        let (desk, now): (Service, _) = (SERVICE.parse().unwrap(), SystemClock.now());
        holder.present_attempt(&desk, &call, attempt, now).unwrap()
    }

    async fn sent(&mut self, presented: Option<&Presentation>, row: &Row) {
        let verdict = self.adapter.send(presented, row.tool, &row.arguments).await;
        let shown = format!(
            "{}: {}: {} {}",
            self.name, row.what, row.tool, row.arguments
        );
        assert_eq!(verdict, row.expected, "{shown}");
        self.allowed += usize::from(verdict == "allow");
        assert_eq!(self.world.desk.acts(), self.allowed, "{shown}");
    }

    async fn the_store_is_down(&mut self, holder: &Holder) {
        self.world.desk.store_is_down(true);
        self.must_be(holder, &plain("ledger_unavailable")).await;
        self.world.desk.store_is_down(false);
        self.must_be(holder, &plain("allow")).await;
    }

    async fn what_is_presented_counts(&mut self, holder: &Holder) {
        self.sent(None, &plain("presentation_missing")).await;

        let attempt = || AttemptId::random().unwrap();
        let once = self.presented(holder, &plain("allow"), attempt());
        self.sent(Some(&once), &plain("allow")).await;
        self.sent(Some(&once), &plain("proof_replayed")).await;

        let tried = attempt();
        let first = self.presented(holder, &plain("allow"), tried);
        self.sent(Some(&first), &plain("allow")).await;
        let again = self.presented(holder, &plain("allow"), tried);
        self.sent(Some(&again), &plain("attempt_repeated")).await;

        let other = Row {
            arguments: json!({ "id": "8" }),
            ..plain("allow")
        };
        let for_another = self.presented(holder, &other, attempt());
        self.sent(Some(&for_another), &plain("proof_invalid")).await;

        for (holder, expected) in [
            (self.world.late(), "expired"),
            (self.world.elsewhere(), "audience_mismatch"),
            (self.world.stranger(), "chain_invalid"),
        ] {
            self.must_be(&holder, &plain(expected)).await;
        }
    }
}
