//! The steps, each with the line that it must print.

use bailiwick::keys::{IssuerKey, RevocationKey};
use bailiwick_examples::{Child, Outcome, expect, must_be};
use serde_json::json;

use crate::ada::Ada;
use crate::library;
use crate::network::Network;

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn tell() -> Outcome {
    let (root, revoker) = (IssuerKey::generate()?, RevocationKey::generate()?);
    let root_key = root.public_key().to_string();
    let revoker_key = revoker.public_key().to_string();
    let library = Child::start(library::ROLE, [&*root_key, &*revoker_key])?;
    let mut ada = Ada::new(root, revoker, library.address());
    let mut agents = Network::start(library.address(), &ada).await?;

    the_library_is_closed_until_it_hears_what_is_revoked(&mut agents, &mut ada).await?;
    the_work_goes_four_hops_deep(&mut agents).await?;
    each_may_do_less(&mut agents).await?;
    nobody_hands_on_more_than_it_has(&mut agents).await?;
    one_in_the_middle_is_revoked(&mut agents, &mut ada).await?;
    all_have_one_budget(&mut agents).await?;

    // What the library has answered is what was allowed here, by whom and in what order.
    let allowed = agents.end();
    expect(&library.end()?, &json!(allowed))
}

const PAPER: &str = "physics/quantum/papers/2026/1";
const OTHER_PAPER: &str = "physics/quantum/papers/2026/2";
const OLD_PAPER: &str = "physics/quantum/papers/1925/1";
const FIGURE: &str = "physics/quantum/figures/1";

async fn the_library_is_closed_until_it_hears_what_is_revoked(
    agents: &mut Network,
    ada: &mut Ada,
) -> Outcome {
    agents
        .ask(&[], PAPER)
        .await?
        .must_be("deny revocations_stale")?;
    must_be(ada.publish().await?, "revocations 1")
}

async fn the_work_goes_four_hops_deep(agents: &mut Network) -> Outcome {
    let [planner, researcher, reader, copyist, _] = agents.hops();
    for way in [
        &[][..],
        &[planner],
        &[planner, researcher],
        &[planner, researcher, reader],
        &[planner, researcher, reader, copyist],
    ] {
        agents.ask(way, PAPER).await?.must_be("allow")?;
    }
    Ok(())
}

async fn each_may_do_less(agents: &mut Network) -> Outcome {
    let [planner, researcher, reader, copyist, archivist] = agents.hops();
    let (by_reader, by_copyist) = (
        [planner, researcher, reader],
        [planner, researcher, reader, copyist],
    );
    agents
        .ask(&by_copyist, OTHER_PAPER)
        .await?
        .must_be("deny resource_outside")?;
    agents
        .ask(&by_reader, OTHER_PAPER)
        .await?
        .must_be("allow")?;
    agents
        .ask(&by_reader, OLD_PAPER)
        .await?
        .must_be("deny resource_outside")?;
    agents
        .ask(&[planner, researcher], FIGURE)
        .await?
        .must_be("deny resource_outside")?;
    agents
        .ask(&[planner, archivist], FIGURE)
        .await?
        .must_be("allow")?;
    agents
        .ask(&[planner], "physics/optics/1")
        .await?
        .must_be("deny resource_outside")?;
    agents
        .ask(&[], "physics/optics/1")
        .await?
        .must_be("allow")?;
    agents
        .ask(&[], "chemistry/acids/1")
        .await?
        .must_be("deny resource_outside")
}

async fn nobody_hands_on_more_than_it_has(agents: &mut Network) -> Outcome {
    let [planner, researcher, reader, copyist, archivist] = agents.hops();
    // The researcher hands on the whole library. What arrives is what it has itself.
    let everything = reader.with("library/**");
    agents
        .ask(&[planner, researcher, everything], OLD_PAPER)
        .await?
        .must_be("allow")?;
    agents
        .ask(&[planner, researcher, everything], FIGURE)
        .await?
        .must_be("deny resource_outside")?;

    // A fifth hop, where four were granted.
    let way = [planner, researcher, reader, copyist, archivist];
    agents
        .ask(&way, PAPER)
        .await?
        .must_be("deny depth_exceeded")?;

    // A token that went to somebody else is no use there.
    agents
        .send_astray(planner, PAPER)
        .await?
        .must_be("deny not_the_holder")
}

async fn one_in_the_middle_is_revoked(agents: &mut Network, ada: &mut Ada) -> Outcome {
    let [planner, researcher, reader, copyist, archivist] = agents.hops();
    let revoked = ada.revoke(agents.public_key(researcher).await?).await?;
    must_be(revoked, "revocations 2")?;
    for way in [
        &[planner, researcher][..],
        &[planner, researcher, reader],
        &[planner, researcher, reader, copyist],
    ] {
        agents.ask(way, PAPER).await?.must_be("deny revoked")?;
    }

    // Who is above it or beside it goes on; and so does the reader, for somebody else.
    agents.ask(&[planner], PAPER).await?.must_be("allow")?;
    agents
        .ask(&[planner, archivist], FIGURE)
        .await?
        .must_be("allow")?;
    agents
        .ask(&[planner, reader], PAPER)
        .await?
        .must_be("allow")
}

/// Twelve documents were granted, and twelve were read: more agents are not more budget.
async fn all_have_one_budget(agents: &mut Network) -> Outcome {
    let [planner, _, _, _, archivist] = agents.hops();
    agents
        .ask(&[planner, archivist], FIGURE)
        .await?
        .must_be("deny budget_exceeded")?;
    agents
        .ask(&[], PAPER)
        .await?
        .must_be("deny budget_exceeded")
}
