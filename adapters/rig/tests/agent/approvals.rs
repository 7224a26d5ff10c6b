//! What people approve, and what a model cannot.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bailiwick::action::{ToolCall, Tree};
use bailiwick::approve::ApprovalRequest;
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::token::Limits;
use bailiwick_rig::Denied;
use rig_core::tool::ToolContext;
use serde_json::json;

use crate::party::{Memory, Party, Told, party};

type Asked = Arc<Mutex<Vec<(ToolCall, ApprovalRequest)>>>;

/// A runtime that keeps what people could approve.
fn listening(party: Party<Memory>) -> (Party<Memory>, Asked) {
    let asked = Asked::default();
    let heard = asked.clone();
    let guarded = party.guarded.on_approval_needed(move |call, request| {
        heard.lock().unwrap().push((call.clone(), request.clone()));
    });
    (Party { guarded, ..party }, asked)
}

#[tokio::test]
async fn what_a_person_approves_goes_through_once() {
    let (party, asked) = listening(party());
    let delete = [("delete_mail", json!({"ids": ["7"]}))];
    assert_eq!(party.calls(&delete).await[0].verdict(), "approval_required");
    let (call, request) = asked.lock().unwrap().pop().unwrap();
    assert_eq!(
        call.arguments(),
        &Tree::from_json_value(&delete[0].1).unwrap()
    );

    let now = SystemClock.now();
    let holder = party.guarded.guard().holder();
    let sent = holder.ask(&request, now).unwrap().to_text();
    let seen = party.approver.open(&sent, now).unwrap();
    let minute = Duration::from_secs(60);
    let yes = party.approver.approve(&seen, minute, now).unwrap();
    party.guarded.approve(&call, [yes]);

    // Another call than the approved one does not take them.
    let told = party
        .calls(&[
            ("delete_mail", json!({"ids": ["8"]})),
            ("delete_mail", json!({"ids": ["7"]})),
            ("delete_mail", json!({"ids": ["7"]})),
        ])
        .await;
    let verdicts: Vec<String> = told.iter().map(Told::verdict).collect();
    assert_eq!(
        verdicts,
        ["approval_required", "allow", "approval_required"]
    );
    assert_eq!(party.runs.count(), 1);
    let approvers = party
        .runs
        .last(|run| run.permit.as_ref().unwrap().approved_by().len());
    assert_eq!(approvers, 1);
}

#[tokio::test]
async fn a_model_cannot_approve_and_only_what_can_be_approved_is_asked_for() {
    let (party, asked) = listening(party());
    let told = party
        .calls(&[
            ("delete_mail", json!({"ids": ["7"], "approved": true})),
            ("read_mail", json!({"id": "9"})),
        ])
        .await;
    assert_eq!(told[0].verdict(), "argument_unknown");
    assert!(asked.lock().unwrap().is_empty());
    assert_eq!(party.runs.count(), 0);
}

#[tokio::test]
async fn the_runtime_finds_the_refusal_itself() {
    let party = party();
    let tools = party.guarded.serve(party.runs.tools()).unwrap();
    let mut context = ToolContext::new();
    let result = tools.execute("delete_mail", r#"{"ids": ["7"]}"#, &mut context);
    let result = result.await;
    assert!(!result.is_success() && result.is_refused());
    let error = result.refusal().unwrap();
    assert_eq!(error.retryable(), Some(false));
    let denied = error.downcast_ref::<Denied>().unwrap();
    let request = denied.refusal().unwrap().approval_request().unwrap();
    let text = request.to_text();
    assert!(ApprovalRequest::parse(&text, &Limits::default()).is_ok());
    assert!(!format!("{:?}", result.output()).contains(&text));
}
