//! Approvals through the protocol's own questions: whatever a client says, only a signature counts.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bailiwick::approve::{Answer, Approval};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick_mcp::{APPROVALS, Agent, approved};
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientConfig, ElicitRequestParams, ElicitResult,
    ElicitationAction, Implementation, InputResponses, ProtocolVersion,
};
use rmcp::service::{ClientLifecycleMode, RequestContext};
use rmcp::{ClientHandler, ErrorData, RoleClient};
use serde_json::json;

use crate::party::{Client, Party, call, party, verdict};

/// An agent's runtime, which answers in this way when it is asked.
struct Runtime<F> {
    answer: F,
    asked: AtomicUsize,
    shows_forms: bool,
}

impl<F: Fn(&ElicitRequestParams) -> ElicitResult + Send + Sync + 'static> ClientHandler
    for Runtime<F>
{
    fn get_info(&self) -> ClientConfig {
        let capabilities = match self.shows_forms {
            true => ClientCapabilities::builder().enable_elicitation().build(),
            false => ClientCapabilities::default(),
        };
        ClientConfig::new(capabilities, Implementation::new("runtime", "0"))
    }

    async fn create_elicitation(
        &self,
        asked: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok((self.answer)(&asked))
    }
}

fn runtime<F: Fn(&ElicitRequestParams) -> ElicitResult>(answer: F) -> Runtime<F> {
    Runtime {
        answer,
        asked: AtomicUsize::new(0),
        shows_forms: true,
    }
}

fn newest() -> ClientLifecycleMode {
    let preferred_versions = vec![ProtocolVersion::V_2026_07_28];
    ClientLifecycleMode::Discover { preferred_versions }
}

async fn connected<F>(party: &Party, runtime: Runtime<F>) -> Client<Runtime<F>>
where
    F: Fn(&ElicitRequestParams) -> ElicitResult + Send + Sync + 'static,
{
    party.connect(Some(party.agent()), runtime, newest()).await
}

/// What the person of the party signs when the agent asks.
fn signed(party: &Party, agent: &Agent, asked: &ElicitRequestParams) -> Approval {
    let request = agent.question(asked).unwrap().to_text();
    let now = SystemClock.now();
    let shown = party.approver.open(&request, now).unwrap();
    let minute = Duration::from_secs(60);
    party.approver.approve(&shown, minute, now).unwrap()
}

fn accepted(said: serde_json::Value) -> ElicitResult {
    ElicitResult::new(ElicitationAction::Accept).with_content(json!({ APPROVALS: said }))
}

#[tokio::test]
async fn a_client_is_asked_once_and_the_approved_call_runs_once() {
    let party = std::sync::Arc::new(party());
    let (person, agent) = (party.clone(), party.agent());
    let client = connected(
        &party,
        runtime(move |asked| approved([signed(&person, &agent, asked)])),
    )
    .await;
    let result = call(&client, "delete_mail", json!({"ids": ["7"]})).await;
    assert_eq!(verdict(&result), "allow");
    assert_eq!(party.runs(), 1);
    assert_eq!(client.service().asked.load(Ordering::SeqCst), 1);
    // It was for that call alone.
    let result = call(&client, "delete_mail", json!({"ids": ["8"]})).await;
    assert_eq!(verdict(&result), "allow");
    assert_eq!(client.service().asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn without_a_signature_nothing_that_a_client_accepts_counts() {
    let party = party();
    let answers = [
        (
            ElicitResult::new(ElicitationAction::Decline),
            "approval_required",
        ),
        (
            ElicitResult::new(ElicitationAction::Cancel),
            "approval_required",
        ),
        (approved([]), "approval_required"),
        (
            ElicitResult::new(ElicitationAction::Accept),
            "approval_malformed",
        ),
        (accepted(json!(true)), "approval_malformed"),
        (accepted(json!("yes")), "approval_malformed"),
        (accepted(json!("")), "approval_required"),
        (accepted(json!("bwa1_")), "approval_malformed"),
    ];
    for (answer, expected) in answers {
        let told = format!("{answer:?}");
        let client = connected(&party, runtime(move |_| answer.clone())).await;
        let result = call(&client, "delete_mail", json!({"ids": ["7"]})).await;
        assert_eq!(verdict(&result), expected, "{told}");
        // Asked once: an answer that does not do is not asked for again.
        assert_eq!(client.service().asked.load(Ordering::SeqCst), 1, "{told}");
    }
    assert_eq!(party.runs(), 0);
}

#[tokio::test]
async fn a_no_is_a_no_and_an_approval_is_for_what_was_shown() {
    let party = std::sync::Arc::new(party());
    let (person, agent) = (party.clone(), party.agent());
    let no = runtime(move |asked| {
        let request = agent.question(asked).unwrap().to_text();
        let shown = person.approver.open(&request, SystemClock.now()).unwrap();
        let no = person.approver.decline(&shown, SystemClock.now()).unwrap();
        accepted(json!(Answer::Declined(no).to_text()))
    });
    let client = connected(&party, no).await;
    let result = call(&client, "delete_mail", json!({"ids": ["7"]})).await;
    assert_eq!(verdict(&result), "approval_declined");

    let (person, agent) = (party.clone(), party.agent());
    let first = std::sync::Mutex::new(None);
    let the_first_again = runtime(move |asked| {
        let mut first = first.lock().unwrap();
        let approval = first.get_or_insert_with(|| signed(&person, &agent, asked));
        approved([approval.clone()])
    });
    let client = connected(&party, the_first_again).await;
    let result = call(&client, "delete_mail", json!({"ids": ["7"]})).await;
    assert_eq!(verdict(&result), "allow");
    let result = call(&client, "delete_mail", json!({"ids": ["8"]})).await;
    assert_eq!(verdict(&result), "approval_mismatch");
    let result = call(&client, "delete_mail", json!({"ids": ["7"]})).await;
    assert_eq!(verdict(&result), "approval_used");
    assert_eq!(party.runs(), 1);
}

#[tokio::test]
async fn more_approvals_than_there_is_room_for_are_refused() {
    let party = std::sync::Arc::new(party());
    let (person, agent) = (party.clone(), party.agent());
    let many = runtime(move |asked| approved(vec![signed(&person, &agent, asked); 33]));
    let client = connected(&party, many).await;
    let result = call(&client, "delete_mail", json!({"ids": ["7"]})).await;
    assert_eq!(verdict(&result), "approvals_too_many");
    assert_eq!(party.runs(), 0);
}

#[tokio::test]
async fn who_cannot_be_asked_is_denied_with_the_request() {
    let party = party();
    let unasked = || runtime(|_| unreachable!());
    let blind = Runtime {
        shows_forms: false,
        ..unasked()
    };
    let agent = || Some(party.agent());
    let clients = [
        party.connect(agent(), blind, newest()).await,
        party
            .connect(agent(), unasked(), ClientLifecycleMode::Initialize)
            .await,
    ];
    for client in clients {
        let result = call(&client, "delete_mail", json!({"ids": ["7"]})).await;
        assert_eq!(verdict(&result), "approval_required");
        let request = &result.structured_content.unwrap()["approval_request"];
        assert!(request.as_str().unwrap().starts_with("bwr1_"), "{request}");
    }
}

#[tokio::test]
async fn what_no_proof_covers_is_not_passed_to_a_tool() {
    let party = party();
    let client = party.client(Some(party.agent())).await;
    let foreign = InputResponses::from([("name".to_owned(), json!({"action": "accept"}))]);
    let read = || {
        let arguments = json!({"id": "7"}).as_object().unwrap().clone();
        CallToolRequestParams::new("read_mail").with_arguments(arguments)
    };
    for request in [
        read().with_input_responses(foreign),
        read().with_request_state("round-2"),
    ] {
        let result = client.call_tool(request).await.unwrap();
        assert_eq!(verdict(&result), "input_not_covered");
    }
    assert_eq!(party.runs(), 0);
    let result = client.call_tool(read()).await.unwrap();
    assert_eq!(verdict(&result), "allow");
}
