//! The steps, each with the line that it must print.

use std::env;
use std::process::Stdio;

use bailiwick::keys::{HolderKey, IssuerKey};
use bailiwick_examples::{Outcome, expect, must_be, post};
use rmcp::transport::TokioChildProcess;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::ada::Ada;
use crate::agent::Agent;
use crate::server;

const MAILS: u32 = 24;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn tell() -> Outcome {
    // Whoever starts the mail service says whom it trusts. That is the owner's business, and never an agent's.
    let root = IssuerKey::generate()?;
    let mut command = Command::new(env::current_exe()?);
    command.args([server::ROLE, &root.public_key().to_string()]);
    let (server, said) = TokioChildProcess::builder(command)
        .stderr(Stdio::piped())
        .spawn()?;
    let mut said = BufReader::new(said.ok_or("the mail service says nothing")?).lines();
    let phone = said
        .next_line()
        .await?
        .ok_or("the mail service did not start")?;

    let (ada, key) = (Ada::new(root)?, HolderKey::generate()?);
    let minted = ada.grant(&key.public_key())?;
    let agent = Agent::new(minted.token, key, server).await?;

    it_looks_around(&agent).await?;
    it_tries_to_delete_everything(&agent).await?;
    ada_approves_one(&agent, &ada).await?;
    it_archives_what_it_may(&agent).await?;
    ada_stops_it(&agent, &ada, &minted.stop.to_text(), &phone).await?;

    agent.leave().await?;
    let state = said.next_line().await?.ok_or("the mail service is gone")?;
    only_what_was_allowed_has_happened(&serde_json::from_str(&state)?)
}

async fn it_looks_around(agent: &Agent) -> Outcome {
    // A tool that the task never needs is not even shown.
    must_be(
        agent.tools().await?,
        "tools archive_mail delete_mail read_mail search_mail",
    )?;
    agent.search("price").await?.must_be("allow")?;
    agent.read(7).await?.must_be("allow")?;
    agent
        .on_mail("read_mail", "linus", 1)
        .await?
        .must_be("deny resource_outside")
}

/// Mail 7 said so, and the agent believes what it reads.
async fn it_tries_to_delete_everything(agent: &Agent) -> Outcome {
    let all = json!({ "mailbox": "ada" });
    agent
        .call("empty_mailbox", all, "ada")
        .await?
        .must_be("deny call_unmapped")?;
    agent
        .on_mail("delete_mail", "ada", 0)
        .await?
        .must_be("deny resource_not_found")?;
    for id in 1..=MAILS {
        agent.delete(id).await?.must_be("deny approval_required")?;
    }
    let spam = json!({ "mailbox": "ada", "to": "linus@example.com", "text": "Delete your mails!" });
    agent
        .call("send_mail", spam, "ada")
        .await?
        .must_be("deny operation_not_granted")
}

async fn ada_approves_one(agent: &Agent, ada: &Ada) -> Outcome {
    let denied = agent.delete(7).await?;
    denied.must_be("deny approval_required")?;
    let yes = ada.approve(&agent.ask(&denied)?)?;

    // That mail, once, and no other.
    agent.attach(&yes, 8)?;
    agent.delete(8).await?.must_be("deny approval_mismatch")?;
    agent.attach(&yes, 7)?;
    agent.delete(7).await?.must_be("allow")?;
    agent.delete(8).await?.must_be("deny approval_required")
}

async fn it_archives_what_it_may(agent: &Agent) -> Outcome {
    for id in (1..=21).filter(|id| *id != 7) {
        agent.archive(id).await?.must_be("allow")?;
    }
    agent.archive(22).await?.must_be("deny budget_exceeded")?;
    agent.read(22).await?.must_be("allow")
}

/// Even what she had approved is over.
async fn ada_stops_it(agent: &Agent, ada: &Ada, ticket: &str, phone: &str) -> Outcome {
    let denied = agent.delete(24).await?;
    denied.must_be("deny approval_required")?;
    agent.attach(&ada.approve(&agent.ask(&denied)?)?, 24)?;

    // No key is needed, and neither is the agent: any HTTP client will do.
    must_be(post(phone, ticket.into()).await?, "stopped t-1")?;
    agent.delete(24).await?.must_be("deny revoked")?;
    agent.archive(22).await?.must_be("deny revoked")?;
    agent.read(22).await?.must_be("deny revoked")?;
    agent.search("invoice").await?.must_be("deny revoked")?;
    must_be(agent.tools().await?, "tools none")
}

/// The mail service itself says at the end what it has become, and how often a tool ran.
fn only_what_was_allowed_has_happened(state: &serde_json::Value) -> Outcome {
    let ada = |id: u32| format!("mail/ada/{id}");
    let archive: Vec<_> = (1..=21).filter(|id| *id != 7).map(ada).collect();
    expect(
        state,
        &json!({
            "inbox": [ada(22), ada(23), ada(24), "mail/linus/1"],
            "archive": archive,
            "deleted": [ada(7)],
            "sent": [],
            "runs": 2 + 1 + 20 + 1,
        }),
    )
}
