//! From a file to a permit.

use std::sync::Arc;

use super::*;
use crate::action::{Effect, Tree};
use crate::clock::FixedClock;
use crate::gate::Gate;
use crate::keys::RootKeyId;
use crate::ledger::ForgetfulLedger;
use crate::manifest::Place;
use crate::mint::{Assignment, Issuer, Minted};
use crate::present::Holder;
use crate::scope::{
    ApprovalRule, ApproverGroup, Budget, Capability, Clause, Condition, Constraint, Matcher,
    Measure, Pattern, Requirement,
};
use crate::testing::{
    END, agent, approver_key, call, forum, issuer, present, read, task, verifier,
};

const FORUM: &str = r#"
task      = "answer-thread"
purpose   = "answer thread {thread}"
audience  = ["forum.example"]
ttl       = "15m"
max_depth = 3

[parameters]
thread = "segment"

[approvers]
editor = "KEY"

[[allow]]
operation = "forum.read"
resource  = "forum/thread/{thread}"

[[allow]]
operation      = "forum.draft"
resource       = "forum/thread/{thread}"
arguments.text = { min_len = 1, max_len = 2000 }
budget         = { name = "drafts", uses = 1 }

[[allow]]
operation = "forum.publish"
resource  = "forum/thread/{thread}"
approval  = { of = ["editor"], at_least = 1 }
"#;

fn forum_manifest() -> Manifest {
    let key = approver_key(9).public_key().to_string();
    Manifest::parse_unchecked("forum.toml", &FORUM.replace("KEY", &key)).unwrap()
}

fn mint(thread: &str) -> Minted {
    let issuer = Issuer::new(issuer(), RootKeyId::new(1));
    let ada = Assignment::new("t-1", "ada@example.com", "helper").unwrap();
    let parameters = Parameters::new().with("thread", thread);
    let holder = agent(1).public_key();
    let minted = issuer.mint_task(&forum_manifest(), &parameters, &ada, &holder, now());
    minted.unwrap()
}

#[test]
fn a_task_file_mints_the_token_that_code_mints() -> Result<(), Box<dyn std::error::Error>> {
    let thread = "forum/thread/42";
    let draft = Capability::operation("forum.draft", thread)?
        .argument("text", Matcher::text_length(1, 2_000)?)?;
    let editor = ApprovalRule::any_of([approver_key(9).public_key()])?;
    let scope = Scope::builder()
        .allow(Capability::operation("forum.read", thread)?)
        .allow_with(draft, Condition::Budget(Budget::uses("drafts", 1)?))
        .allow_with(
            Capability::operation("forum.publish", thread)?,
            Condition::Approval(editor),
        )
        .audience(forum())
        .not_after(at(END))
        .build()?;
    let issuer = Issuer::new(issuer(), RootKeyId::new(1));
    let minted = issuer.mint(&task(), scope, &agent(1).public_key(), now())?;
    assert_eq!(mint("42").token.to_text(), minted.token.to_text());
    assert_ne!(mint("43").token.to_text(), minted.token.to_text());
    Ok(())
}

#[test]
fn what_a_task_file_grants_passes_the_gate_and_nothing_else() {
    let clock = Arc::new(FixedClock::new(crate::testing::now()));
    let ledger = ForgetfulLedger::started_at(at(START));
    let gate = Gate::new(verifier(), ledger).with_clock(clock);
    let helper = Holder::new(mint("42").token, agent(1)).unwrap();
    let admit = |resource: &str| {
        let sent = present(&helper, crate::testing::now());
        let admitted = gate.admit(&sent, &call(), read(resource));
        admitted.map(drop).map_err(|refusal| refusal.code())
    };
    assert_eq!(admit("forum/thread/42"), Ok(()));
    assert_eq!(admit("forum/thread/43"), Err("resource_outside"));
    assert_eq!(admit("forum/thread/42/1"), Err("resource_outside"));
}

#[test]
fn a_denial_leads_to_the_line_of_the_file() {
    let manifest = forum_manifest();
    let lines = |places: &[Place]| places.iter().map(|place| place.line()).collect::<Vec<_>>();
    assert_eq!(lines(manifest.places().allow()), [14, 18, 24]);
    // The budget of the second rule, and the approval of the third.
    assert_eq!(lines(manifest.places().require()), [18, 24]);
    let line = |clause| manifest.places().of(clause).map(Place::line);
    assert_eq!(line(Clause::Allow(2)), Some(24));
    assert_eq!(line(Clause::Require(0)), Some(18));
    assert_eq!(line(Clause::Deny(0)), None);
    assert_eq!(line(Clause::Window), None);
}

#[test]
fn every_key_of_a_rule_means_what_the_scope_language_says() -> Result<(), Box<dyn std::error::Error>>
{
    let text = r#"
[approvers]
ada = "ADA"
bob = "BOB"
eve = "EVE"

[[allow]]
operation = "mail.*"
future = true
effect = "send"
resource = "outbox/*/draft-*/**"
open_arguments = true
signature = true
when_tainted = true
[allow.arguments]
a = true
b = { equals = 7 }
c = { one_of = ["x", "*"] }
d = { min = 1, max = 5 }
e = { min = 0.5, max = 98.70, scale = 2 }
"f.*" = { like = "*@corp.com", some = true }
f = { max_count = 3 }
g = { max_bytes = 9, optional = true }
"h.i" = { from = "calendar:attendees" }
j = 0.5
[allow.attributes]
public = false

[[deny]]
effect = "delete"
resource = "**"
arguments.all = { equals = true, if_present = true }

[[require]]
operation = "mail.send"
budget = { name = "spend", sum = "amount", scale = 2, at_most = 500, each = "1h" }
approval = [{ of = ["ada", "bob"], at_least = 2 }, { of = ["eve"], at_least = 1 }]

[[require]]
budget = { name = "all", uses = 20 }
"#;
    let keys = [1, 2, 3].map(|number| approver_key(number).public_key());
    let [ada, bob, eve] = keys;
    let text = text
        .replace("ADA", &ada.to_string())
        .replace("BOB", &bob.to_string())
        .replace("EVE", &eve.to_string());

    let mail = Capability::operation("mail.*", "outbox/*/draft-*/**")?
        .with_effect(Effect::Send)
        .argument("a", Matcher::equals(true))?
        .argument("b", Matcher::equals(7))?
        .argument("c", Matcher::one_of(["x", "*"])?)?
        .argument("d", Matcher::int(1, 5)?)?
        .argument("e", Matcher::decimal(2, 50, 9870)?)?
        .argument("f", Matcher::count(0, 3)?)?
        .with_argument(Constraint::new("f.*", Matcher::text("*@corp.com")?)?.some()?)?
        .optional_argument("g", Matcher::bytes_length(0, 9)?)?
        .argument("h.i", Matcher::from_label("calendar:attendees")?)?
        .argument("j", Matcher::Equals(half()))?
        .attribute("public", Matcher::equals(false))?
        .open_arguments();
    let signed = Requirement::new(Pattern::from(&mail), Condition::Signature).when_tainted();
    let all = Constraint::new("all", Matcher::equals(true))?.if_present();
    let send = Pattern::any().operation("mail.send")?;
    let spend = Budget::sum("spend", Measure::decimal("amount", 2)?, 50_000)?
        .each(std::time::Duration::from_secs(3600))?;
    let people = ApprovalRule::new(vec![
        ApproverGroup::new(2, [ada, bob])?,
        ApproverGroup::new(1, [eve])?,
    ])?;
    let everything = Condition::Budget(Budget::uses("all", 20)?);
    let expected = Scope::builder()
        .allow(mail)
        .deny(
            Pattern::any()
                .with_effect(Effect::Delete)
                .resource("**")?
                .with_argument(all)?,
        )
        .require(signed)
        .require(Requirement::new(send.clone(), Condition::Approval(people)))
        .require(Requirement::new(send, Condition::Budget(spend)))
        .require(Requirement::new(Pattern::any(), everything))
        .audience(forum())
        .not_after(at(END))
        .max_depth(0)
        .build()?;
    assert_eq!(scope(&text, &Parameters::new()), expected);
    Ok(())
}

fn half() -> crate::scope::Scalar {
    match crate::action::Value::number("0.5").unwrap() {
        crate::action::Value::Number(number) => number.into(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn parameters_come_from_json_too() {
    let rest = "parameters.n = { type = \"integer\", max = 9 }\n[[allow]]\nfuture = true\neffect = \"read\"\nresource = \"a/{n}\"\n";
    let tree = Tree::from_json_slice(br#"{"n": 7}"#).unwrap();
    let given = Parameters::new().with("n", 7);
    assert_eq!(scope(rest, &tree.into()), scope(rest, &given));
}

#[test]
fn the_example_of_the_page_is_a_task_file() {
    let page = include_str!("../../../docs/manifest.md");
    let example = page
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let manifest = Manifest::parse_unchecked("page.toml", example.unwrap()).unwrap();
    let parameters = Parameters::new().with("thread", "42").with("stars", 3);
    let scope = manifest.scope(&parameters, now()).unwrap();
    let allow = scope.allow().unwrap();
    assert_eq!(
        allow[1].arguments()[0].matcher(),
        &Matcher::int(None, 3).unwrap()
    );
    assert_eq!(scope.require().len(), 3);
    assert_eq!(scope.max_depth(), Some(1));
}

#[test]
fn a_parameter_fills_a_range_a_cap_and_every_kind_of_rule() -> Result<(), Box<dyn std::error::Error>>
{
    let rest = r#"
[parameters]
n = { type = "integer", min = 1, max = 9 }
price = { type = "decimal", scale = 2, max = 500 }
who = { type = "text", max_len = 40 }

[[allow]]
future = true
effect = "pay"
resource = "shop/{n}"
arguments.n = { min = "{n}", max = "{n}" }
arguments.price = { max = "{price}", scale = 2 }
budget = { name = "shop", sum = "price", scale = 2, at_most = "{price}" }

[[deny]]
arguments.to = "{who}"

[[require]]
attributes.owner = { one_of = ["ada", "{who}"], if_present = true }
budget = { name = "all", uses = "{n}" }
"#;
    let price = crate::action::Value::number("98.7")?;
    let parameters = Parameters::new()
        .with("n", 7)
        .with("price", price)
        .with("who", "eve*");
    let pay = Capability::effect(Effect::Pay, "shop/7")?
        .argument("n", Matcher::int(7, 7)?)?
        .argument("price", Matcher::decimal(2, None, 9870)?)?;
    let shop = Budget::sum("shop", Measure::decimal("price", 2)?, 9870)?;
    let owner = Constraint::new("owner", Matcher::one_of(["ada", "eve*"])?)?.if_present();
    let owned = Pattern::any().with_attribute(owner)?;
    let expected = Scope::builder()
        .allow_with(pay, Condition::Budget(shop))
        .deny(Pattern::any().argument("to", Matcher::equals("eve*"))?)
        .require(Requirement::new(
            owned,
            Condition::Budget(Budget::uses("all", 7)?),
        ))
        .audience(forum())
        .not_after(at(END))
        .max_depth(0)
        .build()?;
    assert_eq!(scope(rest, &parameters), expected);
    Ok(())
}
