//! The steps, each with the line that it must print.

use std::thread;
use std::time::Duration;

use bailiwick::clock::{Clock, SystemClock, Timestamp};
use bailiwick::keys::{ApproverKey, HolderKey, IssuerKey};
use bailiwick::scope::{Capability, Scope};
use serde_json::json;

use crate::agent::{Agent, Answer, Client, Request};
use crate::child::Server;
use crate::{Outcome, issuer, thief};

pub(crate) fn tell() -> Outcome {
    let (root, editor, key) = (IssuerKey::generate()?, ApproverKey::generate()?, HolderKey::generate()?);
    let server = Server::start(&root.public_key())?;
    let forum = Client::new(server.address());
    let token = issuer::mint(root, &key.public_key(), editor.public_key(), SystemClock.now())?;
    let helper = Agent::new(token, key, &forum)?;

    the_helper_does_its_task(&helper)?;
    the_helper_tries_more(&helper)?;
    nobody_repeats_or_changes_its_requests(&helper, &forum)?;
    a_thief_gets_nothing_out_of_its_token(&helper, &forum)?;
    a_scout_may_even_less(&helper, &forum)?;
    only_what_was_allowed_has_happened(server)
}

const ANSWER: &str = "No: the snapshot is immutable.";

fn the_helper_does_its_task(helper: &Agent<'_>) -> Outcome {
    expect("allow forum.read forum/thread/42", helper.ask(&Request::read(42))?)?;
    expect("allow forum.draft forum/thread/42", helper.ask(&Request::draft(42, ANSWER))?)
}

fn the_helper_tries_more(helper: &Agent<'_>) -> Outcome {
    // Granted, but only for a text that the editor has approved.
    expect("deny approval_required forum.publish forum/thread/42", helper.ask(&Request::publish(42, ANSWER))?)?;
    expect("deny resource_outside forum.read forum/thread/43", helper.ask(&Request::read(43))?)?;
    expect("deny operation_not_granted acl.grant forum/thread/42", helper.ask(&Request::grant(42, "helper"))?)?;
    expect("deny argument_unexpected forum.draft forum/thread/42", helper.ask(&Request::pinned_draft(42, ANSWER))?)?;
    // One draft was granted, and one is there.
    expect("deny budget_exceeded forum.draft forum/thread/42", helper.ask(&Request::draft(42, "Or yes?"))?)
}

fn nobody_repeats_or_changes_its_requests(helper: &Agent<'_>, forum: &Client) -> Outcome {
    let read = Request::read(42);
    let sent = helper.present(&read)?;
    expect("allow forum.read forum/thread/42", forum.send(&read, &sent)?)?;
    expect("deny proof_replayed forum.read forum/thread/42", forum.send(&read, &sent)?)?;

    let sent = helper.present(&Request::draft(42, ANSWER))?;
    let changed = Request::draft(42, "Yes, everywhere.");
    expect("deny proof_invalid forum.draft forum/thread/42", forum.send(&changed, &sent)?)
}

fn a_thief_gets_nothing_out_of_its_token(helper: &Agent<'_>, forum: &Client) -> Outcome {
    let read = Request::read(42);
    let readdressed = thief::readdressed(helper.token(), HolderKey::generate()?, forum)?;
    expect("deny chain_invalid forum.read forum/thread/42", readdressed.ask(&read)?)?;

    let stolen = thief::stolen(helper.token(), HolderKey::generate()?, forum, &read)?;
    expect("deny proof_invalid forum.read forum/thread/42", forum.send(&read, &stolen)?)
}

fn a_scout_may_even_less(helper: &Agent<'_>, forum: &Client) -> Outcome {
    // Whole seconds count, so it lives for one to two.
    let end = SystemClock.now().saturating_add(Duration::from_secs(2));
    let only_read = Scope::builder()
        .allow(Capability::operation("forum.read", "forum/thread/42")?)
        .not_after(end)
        .build()?;
    let key = HolderKey::generate()?;
    let pem = key.to_pkcs8_pem()?;
    let scout = helper.delegate("scout", key, only_read)?;
    expect("allow forum.read forum/thread/42", scout.ask(&Request::read(42))?)?;

    let draft = Request::draft(42, "Scouts can write, too.");
    expect("deny operation_not_granted forum.draft forum/thread/42", scout.ask(&draft)?)?;
    // The block that narrows can be cut off. What is left names the helper's key.
    let parent = thief::without_last_block(scout.token())?;
    let cut = thief::stolen(&parent, HolderKey::from_pkcs8_pem(&pem)?, forum, &draft)?;
    expect("deny proof_invalid forum.draft forum/thread/42", forum.send(&draft, &cut)?)?;

    wait_until(end);
    expect("deny expired forum.read forum/thread/42", scout.ask(&Request::read(42))?)?;
    // What the scout's time was, is not the helper's.
    expect("allow forum.read forum/thread/42", helper.ask(&Request::read(42))?)
}

/// The forum itself says at the end what it has become.
fn only_what_was_allowed_has_happened(server: Server) -> Outcome {
    let question = json!({ "by": "grace", "text": "Does a read need a lock here?" });
    let draft = json!({ "by": "helper, for ada@example.com (t-42)", "text": ANSWER });
    let other = json!({ "by": "linus", "text": "Salaries, for moderators only" });
    let expected = json!({
        "42": { "posts": [question], "drafts": [draft], "moderators": [] },
        "43": { "posts": [other], "drafts": [], "moderators": [] },
    });
    let found = server.end()?;
    if found != expected {
        return Err(format!("the forum has become {found}, expected {expected}").into());
    }
    Ok(())
}

/// Prints what the forum answered. Anything unexpected is the end of the story.
fn expect(expected: &str, answer: Answer) -> Outcome {
    let line = answer.to_string();
    println!("{line}");
    if line != expected {
        return Err(format!("expected `{expected}`").into());
    }
    Ok(())
}

fn wait_until(end: Timestamp) {
    while let now = SystemClock.now()
        && now < end
    {
        thread::sleep(end.saturating_since(now));
    }
}
