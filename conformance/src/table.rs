//! The table.

use bailiwick::action::{Call, Service, ToolCall, Tree};
use bailiwick::present::{AttemptId, Presentation, Presenter};
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

    /// What it says of a call with nothing presented.
    fn says_of_nothing(&self) -> &'static str {
        "presentation_missing"
    }

    /// What a proof covers of this call.
    fn call(&self, tool: &str, arguments: &Value) -> Call {
        Call::Tool(tool_call(tool, arguments))
    }

    /// Makes the call, with what this agent presents, and keeps for it what is noted of the answer. `allow`, or the code of
    /// the denial.
    fn send(
        &mut self,
        agent: &Presenter,
        presented: Option<&Presentation>,
        tool: &str,
        arguments: &Value,
    ) -> impl Future<Output = String>;
}

/// A call of a tool.
///
/// # Panics
///
/// There can be none of this name, or with these arguments.
pub fn tool_call(tool: &str, arguments: &Value) -> ToolCall {
    let arguments = Tree::from_json_value(arguments).unwrap();
    ToolCall::new(tool.parse().unwrap(), arguments)
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

fn row(what: &'static str, tool: &'static str, arguments: Value, expected: &'static str) -> Row {
    Row {
        what,
        tool,
        arguments,
        expected,
    }
}

fn note(id: &str) -> Value {
    json!({ "id": id })
}

/// What a read gave may be used, and nothing else.
fn noted_rows() -> [Row; 4] {
    let to = |name: &str| json!({ "to": name });
    [
        row("not noted yet", "write_card", to("ann"), "argument_outside"),
        row("a read that is noted", "read_card", note("7"), "allow"),
        row("a noted value", "write_card", to("ann"), "allow"),
        row(
            "a value not noted",
            "write_card",
            to("eve"),
            "argument_outside",
        ),
    ]
}

fn rows() -> Vec<Row> {
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
            "argument_outside",
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
        row("not tainted yet", "answer_mail", note("7"), "allow"),
        row("an untrusted read", "read_mail", note("7"), "allow"),
        row("tainted", "answer_mail", note("7"), "approval_required"),
    ]
}

/// Sends the table through an adapter.
///
/// # Panics
///
/// A verdict is another one, or the desk has acted more or less often than it was allowed to.
pub async fn conforms(name: &str, world: &World, agent: &Presenter, adapter: &mut impl Adapter) {
    let mut run = Run {
        name,
        world,
        adapter,
        allowed: world.desk.acts(),
    };
    for row in rows().iter().chain(&noted_rows()) {
        run.must_be(agent, row).await;
    }
    if run.adapter.has_our_store() {
        run.the_store_is_down(agent).await;
    }
    if run.adapter.sends() == Sends::WhatItIsHanded {
        run.what_is_presented_counts(agent).await;
    }
    run.must_be(agent, &plain("allow")).await;
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
    async fn must_be(&mut self, agent: &Presenter, row: &Row) {
        let presented = self.presented(agent, row, AttemptId::random().unwrap());
        self.sent(agent, Some(&presented), row).await;
    }

    fn presented(&self, agent: &Presenter, row: &Row, attempt: AttemptId) -> Presentation {
        let call = self.adapter.call(row.tool, &row.arguments);
        let desk: Service = SERVICE.parse().unwrap();
        // Those of a body are not in the call.
        let texts = row.arguments.as_object().unwrap().values();
        let texts = texts.filter_map(Value::as_str);
        agent.present_using(&desk, &call, attempt, texts).unwrap()
    }

    async fn sent(&mut self, agent: &Presenter, presented: Option<&Presentation>, row: &Row) {
        let sending = self
            .adapter
            .send(agent, presented, row.tool, &row.arguments);
        let verdict = sending.await;
        let shown = format!(
            "{}: {}: {} {}",
            self.name, row.what, row.tool, row.arguments
        );
        assert_eq!(verdict, row.expected, "{shown}");
        self.allowed += usize::from(verdict == "allow");
        assert_eq!(self.world.desk.acts(), self.allowed, "{shown}");
    }

    async fn the_store_is_down(&mut self, agent: &Presenter) {
        self.world.desk.store_is_down(true);
        self.must_be(agent, &plain("ledger_unavailable")).await;
        self.world.desk.store_is_down(false);
        self.must_be(agent, &plain("allow")).await;
    }

    async fn what_is_presented_counts(&mut self, agent: &Presenter) {
        let nothing = plain(self.adapter.says_of_nothing());
        self.sent(agent, None, &nothing).await;

        let attempt = || AttemptId::random().unwrap();
        let once = self.presented(agent, &plain("allow"), attempt());
        self.sent(agent, Some(&once), &plain("allow")).await;
        self.sent(agent, Some(&once), &plain("proof_replayed"))
            .await;

        let tried = attempt();
        let first = self.presented(agent, &plain("allow"), tried);
        self.sent(agent, Some(&first), &plain("allow")).await;
        let again = self.presented(agent, &plain("allow"), tried);
        self.sent(agent, Some(&again), &plain("attempt_repeated"))
            .await;

        let other = Row {
            arguments: json!({ "id": "8" }),
            ..plain("allow")
        };
        let for_another = self.presented(agent, &other, attempt());
        self.sent(agent, Some(&for_another), &plain("proof_invalid"))
            .await;

        for (holder, expected) in [
            (self.world.late(), "expired"),
            (self.world.elsewhere(), "audience_mismatch"),
            (self.world.stranger(), "chain_invalid"),
        ] {
            self.must_be(&holder.into(), &plain(expected)).await;
        }
    }
}
