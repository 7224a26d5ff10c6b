//! The steps, each with the line that it must print.

use std::time::Duration;

use bailiwick::clock::{Clock, SystemClock};
use bailiwick::keys::{HolderKey, IssuerKey, IssuerPublicKey};
use bailiwick::mint::Issuer;
use bailiwick::present::AttemptId;
use bailiwick::scope::{Capability, Scope};
use serde_json::json;

use crate::agent::{Agent, Client, Request};
use bailiwick_examples::{Child, Outcome, ROOT, expect, wait_until};

use crate::people::People;
use crate::{issuer, server, thief};

pub(crate) fn tell() -> Outcome {
    let root = IssuerKey::generate()?;
    let people = People::new(&root.public_key())?;
    let server = start(&root.public_key(), &people)?;
    let forum = Client::new(server.address());
    let ada = Issuer::new(root, ROOT);
    let (key, now) = (HolderKey::generate()?, SystemClock.now());
    let editor = people.grace.public_key();
    let minted = issuer::helper(&ada, &key.public_key(), editor, now)?;
    let helper = Agent::new(minted.token, key, &forum)?;
    let stop_ticket = minted.stop.to_text();

    the_helper_does_its_task(&helper)?;
    the_helper_tries_more(&helper)?;
    nobody_repeats_or_changes_its_requests(&helper, &forum)?;
    a_thief_gets_nothing_out_of_its_token(&helper, &forum)?;
    a_scout_may_even_less(&helper, &forum)?;
    grace_approves_the_answer(&helper, &people)?;
    a_moderator_takes_two_people(&ada, &forum, &people)?;
    whoever_holds_the_ticket_stops_the_helper(&helper, &forum, &stop_ticket)?;
    only_what_was_allowed_has_happened(server)
}

/// The forum in a process of its own. It gets no secret.
fn start(root: &IssuerPublicKey, people: &People) -> Outcome<Child> {
    let directory = people.directory.as_bytes();
    let directory: String = directory.iter().map(|byte| format!("{byte:02x}")).collect();
    let (root, signer) = (root.to_string(), people.directory_key.to_string());
    Child::start(server::ROLE, [root.as_str(), &signer, &directory])
}

const ANSWER: &str = "No: the snapshot is immutable.";

fn the_helper_does_its_task(helper: &Agent<'_>) -> Outcome {
    let answer = helper.ask(&Request::read(42))?;
    answer.must_be("allow forum.read forum/thread/42")?;

    let (draft, attempt) = (Request::draft(42, ANSWER), AttemptId::random()?);
    let answer = helper.attempt(&draft, attempt, &[])?;
    answer.must_be("allow forum.draft forum/thread/42")?;

    // Had the answer been lost: the same attempt once more is not charged, and not done, twice.
    let answer = helper.attempt(&draft, attempt, &[])?;
    answer.must_be("again forum.draft forum/thread/42")
}

fn the_helper_tries_more(helper: &Agent<'_>) -> Outcome {
    // Granted, but only for a text that the editor has approved.
    let answer = helper.ask(&Request::publish(42, ANSWER))?;
    answer.must_be("deny approval_required forum.publish forum/thread/42")?;

    let answer = helper.ask(&Request::read(43))?;
    answer.must_be("deny resource_outside forum.read forum/thread/43")?;

    let answer = helper.ask(&Request::grant(42, "helper"))?;
    answer.must_be("deny operation_not_granted acl.grant forum/thread/42")?;

    let answer = helper.ask(&Request::pinned_draft(42, ANSWER))?;
    answer.must_be("deny argument_unexpected forum.draft forum/thread/42")?;

    // One draft was granted, and one is there.
    let answer = helper.ask(&Request::draft(42, "Or yes?"))?;
    answer.must_be("deny budget_exceeded forum.draft forum/thread/42")
}

fn nobody_repeats_or_changes_its_requests(helper: &Agent<'_>, forum: &Client) -> Outcome {
    let read = Request::read(42);
    let sent = helper.signed(&read)?;
    let answer = forum.send(&read, sent.clone())?;
    answer.must_be("allow forum.read forum/thread/42")?;
    let answer = forum.send(&read, sent)?;
    answer.must_be("deny proof_replayed forum.read forum/thread/42")?;

    let draft = Request::draft(42, ANSWER);
    let changed = |body: String| body.replace(ANSWER, "Yes, everywhere.");
    let answer = forum.send(&draft, helper.signed(&draft)?.map(changed))?;
    answer.must_be("deny proof_invalid forum.draft forum/thread/42")
}

fn a_thief_gets_nothing_out_of_its_token(helper: &Agent<'_>, forum: &Client) -> Outcome {
    let read = Request::read(42);
    let thief = thief::readdressed(&helper.token(), HolderKey::generate()?, forum)?;
    let answer = thief.ask(&read)?;
    answer.must_be("deny chain_invalid forum.read forum/thread/42")?;

    let stolen = thief::stolen(&helper.token(), HolderKey::generate()?, forum, &read)?;
    let answer = forum.send(&read, stolen)?;
    answer.must_be("deny proof_invalid forum.read forum/thread/42")
}

fn a_scout_may_even_less(helper: &Agent<'_>, forum: &Client) -> Outcome {
    // Whole seconds count, so it lives for two to three.
    let end = SystemClock.now().saturating_add(Duration::from_secs(3));
    let only_read = Scope::builder()
        .allow(Capability::operation("forum.read", "forum/thread/42")?)
        .not_after(end)
        .build()?;
    let key = HolderKey::generate()?;
    let pem = key.to_pkcs8_pem()?;
    let scout = helper.delegate("scout", key, only_read)?;
    let answer = scout.ask(&Request::read(42))?;
    answer.must_be("allow forum.read forum/thread/42")?;

    let draft = Request::draft(42, "Scouts can write, too.");
    let answer = scout.ask(&draft)?;
    answer.must_be("deny operation_not_granted forum.draft forum/thread/42")?;

    // It cuts off the block that narrows. What is left is the helper's, and names the helper's key.
    let cut = thief::without_last_block(&scout.token())?;
    assert_eq!(cut, helper.token());
    let stolen = thief::stolen(&cut, HolderKey::from_pkcs8_pem(&pem)?, forum, &draft)?;
    let answer = forum.send(&draft, stolen)?;
    answer.must_be("deny proof_invalid forum.draft forum/thread/42")?;

    wait_until(end);
    let answer = scout.ask(&Request::read(42))?;
    answer.must_be("deny expired forum.read forum/thread/42")?;
    // The scout's time was not the helper's.
    let answer = helper.ask(&Request::read(42))?;
    answer.must_be("allow forum.read forum/thread/42")
}

fn grace_approves_the_answer(helper: &Agent<'_>, people: &People) -> Outcome {
    let publish = Request::publish(42, ANSWER);
    let answer = helper.ask(&publish)?;
    answer.must_be("deny approval_required forum.publish forum/thread/42")?;
    let yes = people.grace.approve(helper, answer.approval_request()?)?;

    // Exactly that text, and once.
    let answer = helper.ask_with(&Request::publish(42, "Yes, everywhere."), &[&yes])?;
    answer.must_be("deny approval_mismatch forum.publish forum/thread/42")?;
    let attempt = AttemptId::random()?;
    let answer = helper.attempt(&publish, attempt, &[&yes])?;
    answer.must_be("allow forum.publish forum/thread/42")?;
    let answer = helper.ask_with(&publish, &[&yes])?;
    answer.must_be("deny approval_used forum.publish forum/thread/42")?;
    let answer = helper.attempt(&publish, attempt, &[&yes])?;
    answer.must_be("again forum.publish forum/thread/42")
}

fn a_moderator_takes_two_people(ada: &Issuer, forum: &Client, people: &People) -> Outcome {
    let (key, now) = (HolderKey::generate()?, SystemClock.now());
    let both = [people.grace.public_key(), people.linus.public_key()];
    let minted = issuer::steward(ada, &key.public_key(), both, now)?;
    let steward = Agent::new(minted.token, key, forum)?;
    let grant = Request::grant(42, "barbara");

    let answer = steward.ask(&grant)?;
    answer.must_be("deny approval_required acl.grant forum/thread/42")?;
    let grace = people.grace.approve(&steward, answer.approval_request()?)?;
    let answer = steward.ask_with(&grant, &[&grace])?;
    answer.must_be("deny approval_required acl.grant forum/thread/42")?;
    let linus = people.linus.approve(&steward, answer.approval_request()?)?;
    let answer = steward.ask_with(&grant, &[&grace, &linus])?;
    answer.must_be("allow acl.grant forum/thread/42")
}

/// Ada got the ticket with the token, and has it on her phone.
fn whoever_holds_the_ticket_stops_the_helper(
    helper: &Agent<'_>,
    forum: &Client,
    ticket: &str,
) -> Outcome {
    let answer = helper.ask(&Request::read(42))?;
    answer.must_be("allow forum.read forum/thread/42")?;
    forum.stop(ticket)?;
    let answer = helper.ask(&Request::read(42))?;
    answer.must_be("deny revoked forum.read forum/thread/42")
}

/// The forum itself says at the end what it has become.
fn only_what_was_allowed_has_happened(server: Child) -> Outcome {
    let question = json!({ "by": "grace", "text": "Does a read need a lock here?" });
    let draft = json!({ "by": "helper, for ada@example.com (t-42)", "text": ANSWER });
    let other = json!({ "by": "linus", "text": "Salaries, for moderators only" });
    let by = "helper, for ada@example.com (t-42), approved by grace";
    let published = json!({ "by": by, "text": ANSWER });
    let posts = [question, published];
    let expected = json!({
        "42": { "posts": posts, "drafts": [draft], "moderators": ["barbara"] },
        "43": { "posts": [other], "drafts": [], "moderators": [] },
    });
    expect(&server.end()?, &expected)
}
