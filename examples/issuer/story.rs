//! The steps, each with the line that it must print.

use std::time::Duration;

use bailiwick_examples::{Child, Outcome, expect, http_client, must_be};
use serde_json::{Value, json};

use crate::agent::{Agent, Desk};
use crate::{desk, weather};

pub(crate) fn tell() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(steps())
}

async fn steps() -> Outcome {
    let desk = Child::start(desk::ROLE, [])?;
    let http = http_client()?;
    let root = format!("http://{}/root", desk.address());
    let root = http.get(root).send().await?.text().await?;
    let weather = Child::start(weather::ROLE, [root.as_str()])?;
    let way = Desk {
        http,
        address: desk.address().to_owned(),
        session: desk::SESSION,
        manifest: "forecast",
        parameters: json!({ "city": "bern" }),
    };

    the_desk_gives_what_was_reviewed_to_whom_it_knows(&way, &weather).await?;
    let agent = Agent::start(way.clone(), weather.address()).await?;
    the_agent_does_its_task(&agent).await?;
    the_token_is_renewed_and_what_was_spent_stays_spent(&agent).await?;
    another_key_is_no_other_task(way, &weather).await?;
    expect(&desk.end()?, &json!({ "tokens": 3, "tasks": ["t-7"] }))
}

async fn the_desk_gives_what_was_reviewed_to_whom_it_knows(way: &Desk, weather: &Child) -> Outcome {
    let asked = async |parameters: Value, change: fn(&mut Desk)| {
        let mut way = Desk {
            parameters,
            ..way.clone()
        };
        change(&mut way);
        match Agent::start(way, weather.address()).await {
            Ok(_) => "issued".to_owned(),
            Err(error) => format!("deny {error}"),
        }
    };
    let bern = || json!({ "city": "bern" });
    let said = asked(bern(), |way| way.session = "Session s-2").await;
    must_be(said, "deny the issuer gave no token: no session")?;
    let said = asked(bern(), |way| way.manifest = "everything").await;
    must_be(said, "deny the issuer gave no token: no such manifest")?;
    let said = asked(json!({ "city": "bern/*" }), |_| {}).await;
    must_be(said, "deny the issuer gave no token: ")?;
    let said = asked(json!({ "city": "bern", "lookups": 1_000 }), |_| {}).await;
    must_be(said, "deny the issuer gave no token: ")
}

async fn the_agent_does_its_task(agent: &Agent) -> Outcome {
    must_be(
        agent.look_up("bern").await?,
        "allow weather.read city/bern: sunny",
    )?;
    must_be(
        agent.look_up("rome").await?,
        "deny resource_outside weather.read city/rome",
    )?;
    must_be(
        agent.look_up("bern").await?,
        "allow weather.read city/bern: sunny",
    )
}

async fn the_token_is_renewed_and_what_was_spent_stays_spent(agent: &Agent) -> Outcome {
    let first = agent.source.presenter().holder();
    for _ in 0..50 {
        if agent.source.fresh().await?.token() != first.token() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let second = agent.source.presenter().holder();
    let same_key = first.public_key() == second.public_key();
    let renewed = first.token() != second.token() && same_key;
    must_be(format!("renewed: {renewed}"), "renewed: true")?;
    must_be(
        agent.look_up("bern").await?,
        "allow weather.read city/bern: sunny",
    )?;
    must_be(
        agent.look_up("bern").await?,
        "deny budget_exceeded weather.read city/bern",
    )
}

/// It starts again, as if it had crashed. The desk knows that it is the same task.
async fn another_key_is_no_other_task(way: Desk, weather: &Child) -> Outcome {
    let agent = Agent::start(way, weather.address()).await?;
    must_be(
        agent.look_up("bern").await?,
        "deny budget_exceeded weather.read city/bern",
    )
}
