//! The steps, each with the line that it must print.

use bailiwick::keys::IssuerKey;
use bailiwick_examples::{Child, Outcome, expect};
use serde_json::json;

use crate::agent::Order;
use crate::service::{Agent, Platform, Service};
use crate::store;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn tell() -> Outcome {
    let root = IssuerKey::generate()?;
    let mut store = Child::start(store::ROLE, [&*root.public_key().to_string()])?;
    let platform = Platform::new(root);
    let service = Service::new(&platform, store.address())?;
    let mut agent = service.start_agent(&platform, store.address())?;

    // What the service may do, the agent may not.
    service.write("sandbox-web/index", "Welcome!").await?;
    it_copies_into_its_space(&mut agent)?;
    nothing_becomes_public(&mut agent)?;
    its_space_grows_no_wider(&mut agent)?;
    it_inherits_nothing(&mut agent)?;
    its_bytes_are_counted(&mut agent)?;
    an_hour_later_it_is_over(&mut agent, &mut store)?;
    only_what_was_allowed_has_happened(&store.end()?)
}

fn it_copies_into_its_space(agent: &mut Agent) -> Outcome {
    agent.told(Order::Read("kb/articles/1"), "allow")?;
    agent.told(Order::Write("sandbox-eu/run-7/1"), "allow")
}

fn nothing_becomes_public(agent: &mut Agent) -> Outcome {
    // Its name is that of a sandbox. What counts is what the store knows of the bucket.
    agent.told(
        Order::Write("sandbox-web/run-7/1"),
        "deny attribute_outside",
    )?;
    agent.told(Order::Publish("sandbox-eu"), "deny operation_not_granted")
}

fn its_space_grows_no_wider(agent: &mut Agent) -> Outcome {
    agent.told(Order::Write("sandbox-eu/run-8/1"), "deny resource_outside")?;
    agent.told(Order::Write("sandbox-eu/1"), "deny resource_outside")?;
    agent.told(
        Order::Write("sandbox-eu/run-7/..%2Frun-8%2F1"),
        "deny segment_not_canonical",
    )?;
    agent.told(Order::Write("kb/articles/1"), "deny resource_outside")?;
    agent.told(Order::Read("kb/salaries/1"), "deny resource_outside")
}

fn it_inherits_nothing(agent: &mut Agent) -> Outcome {
    // The service could write there, and the agent has the service's token. It does not have its key.
    agent.told(
        Order::WriteAsService("sandbox-web/run-7/1"),
        "deny proof_invalid",
    )
}

fn its_bytes_are_counted(agent: &mut Agent) -> Outcome {
    // 300 of 1,000 are gone.
    agent.told(Order::Write("sandbox-eu/run-7/2"), "allow")?;
    agent.told(Order::Write("sandbox-eu/run-7/3"), "allow")?;
    agent.told(Order::Write("sandbox-eu/run-7/4"), "deny budget_exceeded")?;
    agent.told(
        Order::Understate("sandbox-eu/run-7/4"),
        "deny argument_mistyped",
    )
}

fn an_hour_later_it_is_over(agent: &mut Agent, store: &mut Child) -> Outcome {
    agent.and_store_wait(store, 59 * 60)?;
    agent.told(Order::Read("kb/articles/2"), "allow")?;
    agent.and_store_wait(store, 60)?;
    agent.told(Order::Read("kb/articles/2"), "deny expired")?;
    agent.told(Order::Write("sandbox-eu/run-7/1"), "deny expired")
}

/// The store itself says at the end what is in it, and how often it did anything.
fn only_what_was_allowed_has_happened(store: &serde_json::Value) -> Outcome {
    let bytes = json!({
        "store/kb/articles/1": 300,
        "store/kb/articles/2": 300,
        "store/sandbox-eu/run-7/1": 300,
        "store/sandbox-eu/run-7/2": 300,
        "store/sandbox-eu/run-7/3": 300,
        "store/sandbox-web/index": 8,
    });
    let public = json!({ "store/kb": false, "store/sandbox-eu": false, "store/sandbox-web": true });
    // Four writes and two reads.
    expect(
        store,
        &json!({ "bytes": bytes, "public": public, "runs": 6 }),
    )
}
