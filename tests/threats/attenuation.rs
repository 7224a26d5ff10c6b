//! Attenuation. A holder's block is made by the stock library where the encoder would not write it, and its signature
//! holds: nothing but the grammar and the meaning of a chain stands in the way.
//!
//! | class | test |
//! |---|---|
//! | (an honest block by the stock library is read) | `a_block_that_a_stock_builder_makes_of_the_same_text_is_read` |
//! | child allows ⇒ parent allows, random chains | `what_a_child_allows_its_parent_allows` (10⁵ cases), `what_a_child_is_permitted_its_parent_is_permitted_through_real_bytes`; oracle: `tests/differential` |
//! | a holder's block with a fact | `a_holders_block_with_a_fact_is_refused` |
//! | with a rule | `a_holders_block_with_a_rule_is_refused` |
//! | with a scope annotation | `a_holders_block_with_a_scope_annotation_is_refused` |
//! | with a check that satisfies itself | `a_holders_block_with_a_check_of_its_own_is_refused` |
//! | later end time | `a_later_end_has_no_effect` |
//! | earlier start | `an_earlier_start_has_no_effect` |
//! | wider audience | `a_wider_audience_has_no_effect` |
//! | deeper depth | `a_deeper_depth_has_no_effect` |
//! | more capabilities, or none | `more_capabilities_have_no_effect`, `leaving_allow_out_grants_nothing` |
//! | parent revoked | `a_revoked_parent_takes_all_below_with_it_and_not_its_siblings`, `a_revoked_task_or_root_takes_everything_with_it` |
//! | first block without allow, end time or audience | `a_first_block_without_allow_end_or_audience_is_refused` |
//! | contradictory scopes | `contradictory_scopes_are_warned_about_at_mint` |
//! | a fact that a verifier forgets | `token::oracle` and `tests/differential` (the stock library without each fact) |
//! | deny: one bad element, an extra, missing or mistyped argument | `a_deny_entry_meets_lists_and_arguments_in_doubt` |
//! | no proof by the last holder, the last block dropped, a proof by an earlier holder | `only_the_last_holder_presents` |
//! | a block of the wrong kind | `a_first_block_cannot_stand_later_nor_a_later_one_first` |
//! | a budget claimed for another block | `a_budget_of_another_block_is_refused` |

use std::time::Duration;

use bailiwick::action::Task;
use bailiwick::action::{Action, Effect};
use bailiwick::decide::{Facts, decide};
use bailiwick::keys::{HolderKey, RootKeyId};
use bailiwick::mint::{Issuer, MintError, MintWarning};
use bailiwick::present::Holder;
use bailiwick::revoke::RevocationSet;
use bailiwick::scope::{
    Budget, Capability, Condition, Layers, Matcher, Pattern, Requirement, Scope, ScopeBuilder,
    evaluate,
};
use bailiwick::verify::Verifier;

use crate::forge::{Parts, stock_block, stock_first, stock_later};
use crate::support::cases::{self, Case};
use crate::support::dice::Dice;
use crate::world::{
    END, ROOT, START, action, agent, ask, at, bounded, call, forum, gate, gate_at, gate_without,
    hand_on, holder, issuer_key, mail, mint, now, outcome, post, present, present_at, read, scope,
    tree, try_actions, verifier,
};

// Blocks that no encoder of ours writes.

/// What a gate says to a token whose second block a stock builder made of this Datalog.
fn ask_later(datalog: &str) -> &'static str {
    let first = Parts::of(&mint(scope()));
    let content = stock_later(&first, 1, datalog);
    ask(&first.append(1, 2, &content).presented_by(2))
}

/// What a gate says to a token whose first block a stock builder made of this Datalog.
fn ask_first(datalog: &str) -> &'static str {
    ask(&Parts::mint(ROOT, 1, &stock_first(datalog)).presented_by(1))
}

const FACTS: &str = r#"
    bailiwick(1); issued(2027-01-15T08:00:00Z);
    task("t-1"); purpose("answer thread 42"); principal("ada@example.com"); agent("helper");
    check if possession("signature") or possession("session");
"#;
const WINDOW: &str = "check if time($time), $time < 2027-01-15T08:15:00Z;";
const AUDIENCE: &str = r#"check if service("forum.example");"#;
const DEPTH: &str = "check if depth($depth), $depth <= 3;";
const ALLOW: &str =
    r#"check if operation("forum.read"), resource(["forum", "thread", "42", "post"]);"#;

#[test]
fn a_block_that_a_stock_builder_makes_of_the_same_text_is_read() {
    assert_eq!(
        ask_first(&[FACTS, WINDOW, AUDIENCE, DEPTH, ALLOW].concat()),
        "allowed"
    );
    assert_eq!(ask_later(r#"delegate("scout")"#), "allowed");
    let other = ALLOW.replace("42", "43");
    assert_eq!(
        ask_later(&[r#"delegate("scout");"#, ALLOW].concat()),
        "allowed"
    );
    assert_eq!(
        ask_later(&[r#"delegate("scout");"#, &other].concat()),
        "resource_outside"
    );
}

#[test]
fn a_holders_block_with_a_fact_is_refused() {
    for fact in [
        r#"delegate("boss")"#,
        "bailiwick(1)",
        r#"agent("boss")"#,
        r#"task("t-2")"#,
        r#"operation("forum.read")"#,
        r#"effect("read")"#,
        r#"resource(["forum", "thread", "42", "post"])"#,
        r#"service("forum.example")"#,
        "time(2020-01-01T00:00:00Z)",
        "depth(0)",
        r#"possession("signature")"#,
        "tainted(false)",
        "approved_by(hex:00)",
        r#"spent("0/mail", "uses", 0, 0)"#,
        r#"right("everything")"#,
    ] {
        assert_eq!(
            ask_later(&format!(r#"delegate("scout"); {fact}"#)),
            "block_malformed",
            "{fact}"
        );
        let first = [FACTS, fact, ";", WINDOW, AUDIENCE, DEPTH, ALLOW].concat();
        assert_eq!(ask_first(&first), "block_malformed", "{fact}");
    }
    assert_eq!(
        ask_later("check if time($time), $time < 2027-01-15T08:15:00Z"),
        "block_malformed"
    );
}

#[test]
fn a_holders_block_with_a_rule_is_refused() {
    for rule in [
        r#"operation("forum.read") <- operation($o)"#,
        r#"approved_by($k) <- delegate($k)"#,
        "depth(0) <- time($t)",
    ] {
        assert_eq!(
            ask_later(&format!(r#"delegate("scout"); {rule}"#)),
            "block_malformed",
            "{rule}"
        );
    }
}

#[test]
fn a_holders_block_with_a_scope_annotation_is_refused() {
    use biscuit_auth::builder::{BlockBuilder, Scope as Trusting};
    let first = Parts::of(&mint(scope()));
    let third = crate::forge::key_pair(50).public();
    for trusted in [
        Trusting::Authority,
        Trusting::Previous,
        Trusting::PublicKey(third),
    ] {
        let builder = BlockBuilder::new()
            .code(r#"delegate("scout")"#)
            .unwrap()
            .scope(trusted.clone());
        let content = stock_block(&first, 1, builder);
        let sent = first.clone().append(1, 2, &content).presented_by(2);
        assert_eq!(ask(&sent), "block_malformed", "{trusted}");
    }
    let key = "ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    for trusted in ["authority", "previous", key] {
        let check =
            format!(r#"delegate("scout"); check if service("forum.example") trusting {trusted}"#);
        assert_eq!(ask_later(&check), "block_malformed", "{check}");
    }
    assert_eq!(
        ask_later(r#"delegate("scout"); check if service("forum.example")"#),
        "allowed"
    );
}

#[test]
fn a_holders_block_with_a_check_of_its_own_is_refused() {
    for check in [
        // Satisfied by itself.
        "check if true",
        r#"check if delegate("scout")"#,
        r#"check if operation($o) or delegate($d)"#,
        r#"check if delegate($o), $o.starts_with("s")"#,
        // Of another kind.
        r#"reject if operation("forum.publish")"#,
        r#"check all operation($operation), $operation == "forum.read""#,
        // Nearly what the encoder writes.
        r#"check if operation("forum.read")"#,
        r#"check if resource(["forum", "thread", "42", "post"]), operation("forum.read")"#,
        r#"check if operation($o), $o == "forum.read", resource(["forum", "thread", "42", "post"])"#,
        r#"check if time($t), $t < 2027-01-15T08:15:00Z"#,
        r#"check if time($time), $time <= 2027-01-15T08:15:00Z"#,
        r#"check if operation($operation), !($operation.matches("forum.*"))"#,
    ] {
        assert_eq!(
            ask_later(&format!(r#"delegate("scout"); {check}"#)),
            "block_malformed",
            "{check}"
        );
    }
}

#[test]
fn a_holders_block_with_a_context_is_refused() {
    let first = Parts::of(&mint(scope()));
    let builder = || {
        biscuit_auth::builder::BlockBuilder::new()
            .code(r#"delegate("scout")"#)
            .unwrap()
    };
    let with = builder().context("approved by ada".to_owned());
    for (builder, expected) in [(builder(), "allowed"), (with, "block_malformed")] {
        let content = stock_block(&first, 1, builder);
        assert_eq!(
            ask(&first.clone().append(1, 2, &content).presented_by(2)),
            expected
        );
    }
}

#[test]
fn a_first_block_cannot_stand_later_nor_a_later_one_first() {
    let first = Parts::of(&mint(scope()));
    let again = first.last().content.clone();
    assert_eq!(
        ask(&first.append(1, 2, &again).presented_by(2)),
        "block_malformed"
    );
    let later = [r#"delegate("helper");"#, WINDOW, AUDIENCE, DEPTH, ALLOW].concat();
    assert_eq!(ask_first(&later), "block_malformed");
}

#[test]
fn a_first_block_without_allow_end_or_audience_is_refused() {
    for parts in [
        [FACTS, AUDIENCE, DEPTH, ALLOW],
        [FACTS, WINDOW, DEPTH, ALLOW],
        [FACTS, WINDOW, AUDIENCE, DEPTH],
    ] {
        assert_eq!(ask_first(&parts.concat()), "block_malformed");
    }
    // A start is no end.
    let start = WINDOW.replace('<', ">=").replace("08:15", "08:00");
    assert_eq!(
        ask_first(&[FACTS, &start, AUDIENCE, DEPTH, ALLOW].concat()),
        "block_malformed"
    );

    let issuer = Issuer::new(issuer_key(), RootKeyId::new(1));
    let task = Task::new("t-1", "answer", "ada", "helper").unwrap();
    let mint = |scope: ScopeBuilder| {
        let scope = scope.build().unwrap();
        issuer
            .mint(&task, scope, &agent(1).public_key(), at(START))
            .map(|_| ())
            .unwrap_err()
    };
    let capability = || Capability::operation("forum.read", "forum/**").unwrap();
    assert!(matches!(mint(bounded()), MintError::NoAllow));
    let endless = Scope::builder().allow(capability()).audience(forum());
    assert!(matches!(mint(endless), MintError::NoEnd));
    let anywhere = Scope::builder().allow(capability()).not_after(at(END));
    assert!(matches!(mint(anywhere), MintError::NoAudience));
}

#[test]
fn the_facts_and_the_proof_that_a_first_block_must_have_cannot_be_left_out() {
    let rest = [WINDOW, AUDIENCE, DEPTH, ALLOW].concat();
    for line in FACTS
        .split_inclusive(';')
        .filter(|line| !line.trim().is_empty())
    {
        let without = FACTS.replace(line, "");
        assert_eq!(
            ask_first(&[&without, &rest[..]].concat()),
            "block_malformed",
            "{line}"
        );
    }
    // A token that only a session may use would be no more than a holder's wish.
    let session = FACTS.replace(r#"possession("signature") or "#, "");
    assert_eq!(
        ask_first(&[&session, &rest[..]].concat()),
        "block_malformed"
    );
}

#[test]
fn a_budget_of_another_block_is_refused() {
    let budget = |block: u8| {
        format!(
            r#"delegate("scout"); check if spent("{block}/mail", "uses", 0, $spent), $spent >= 0, $spent < 5;"#
        )
    };
    assert_eq!(ask_later(&budget(1)), "allowed");
    for other in [0, 2] {
        assert_eq!(ask_later(&budget(other)), "block_malformed");
    }
}

// Wider than the parent.

/// The content that the encoder writes for a second block of this scope, below a parent that ends later than its own.
fn content_below_a_longer_parent(own: ScopeBuilder) -> Vec<u8> {
    let longer = holder(scope().not_after(at(END + 5_000)));
    Parts::of(hand_on(&longer, 2, own).token())
        .last()
        .content
        .clone()
}

#[test]
fn a_later_end_has_no_effect() {
    let content = content_below_a_longer_parent(Scope::builder().not_after(at(END + 5_000)));
    let child = Parts::of(&mint(scope())).append(1, 2, &content);
    let verdict = |seconds| {
        let verifier = verifier().with_proof_window(Duration::from_secs(5_000));
        outcome(&gate_at(verifier, at(seconds)).admit(&child.presented_by(2), &call(), post()))
    };
    assert_eq!(verdict(END - 1), "allowed");
    assert_eq!(verdict(END), "expired");
    // Handing on refuses to write it.
    let until = Scope::builder().not_after(at(END + 1)).build().unwrap();
    let refused = holder(scope()).delegate(&agent(2).public_key(), "scout".parse().unwrap(), until);
    assert_eq!(refused.unwrap_err().code(), "outlives_token");
}

#[test]
fn an_earlier_start_has_no_effect() {
    let parent = holder(scope().not_before(at(START + 100)));
    let child = hand_on(&parent, 2, Scope::builder().not_before(at(START)));
    let verdict = |seconds| {
        let sent = present_at(&child, at(seconds));
        outcome(&gate_at(verifier(), at(seconds)).admit(&sent, &call(), post()))
    };
    assert_eq!(verdict(START + 99), "not_yet_valid");
    assert_eq!(verdict(START + 100), "allowed");
}

#[test]
fn a_wider_audience_has_no_effect() {
    let child = hand_on(
        &holder(scope()),
        2,
        Scope::builder().audience(mail()).audience(forum()),
    );
    assert_eq!(ask(&present(&child)), "allowed");
    let ring = bailiwick::keys::KeyRing::new([crate::world::root()]).unwrap();
    let at_mail = Verifier::new(mail(), ring);
    let sent = child.present(&mail(), &call(), now()).unwrap().to_text();
    let refused = at_mail.verify(&sent, &call(), now(), &RevocationSet::default());
    assert_eq!(refused.unwrap_err().code(), "audience_mismatch");
}

#[test]
fn a_deeper_depth_has_no_effect() {
    let second = hand_on(
        &holder(scope().max_depth(1)),
        2,
        Scope::builder().max_depth(9),
    );
    assert_eq!(ask(&present(&second)), "allowed");
    let refused = second.delegate(
        &agent(3).public_key(),
        "scout".parse().unwrap(),
        Scope::default(),
    );
    assert_eq!(refused.unwrap_err().code(), "depth_exceeded");
    // Written all the same.
    let second = Parts::of(second.token());
    let content = stock_later(&second, 2, r#"delegate("scout")"#);
    assert_eq!(
        ask(&second.append(2, 3, &content).presented_by(3)),
        "depth_exceeded"
    );
}

#[test]
fn a_token_is_handed_on_three_times_unless_it_says_otherwise() {
    let first = holder(scope());
    let fourth = hand_on(
        &hand_on(&hand_on(&first, 2, Scope::builder()), 3, Scope::builder()),
        4,
        Scope::builder(),
    );
    assert_eq!(ask(&present(&fourth)), "allowed");
    let parts = Parts::of(fourth.token());
    let content = stock_later(&parts, 4, r#"delegate("scout")"#);
    assert_eq!(
        ask(&parts.append(4, 5, &content).presented_by(5)),
        "depth_exceeded"
    );
}

#[test]
fn more_capabilities_have_no_effect() {
    let everything = || Scope::builder().allow(Capability::operation("forum.*", "**").unwrap());
    let child = hand_on(&holder(scope()), 2, everything());
    assert_eq!(ask(&present(&child)), "allowed");
    let refused = gate().admit(
        &present(&child),
        &call(),
        vec![read("forum/thread/43/post")],
    );
    assert_eq!(outcome(&refused), "resource_outside");
}

#[test]
fn leaving_allow_out_grants_nothing() {
    let child = hand_on(&holder(scope()), 2, Scope::builder());
    let refused = gate().admit(
        &present(&child),
        &call(),
        vec![read("forum/thread/43/post")],
    );
    assert_eq!(outcome(&refused), "resource_outside");
}

#[test]
fn a_child_cannot_take_a_denial_or_a_requirement_back() {
    let denied = scope().deny(Pattern::any().operation("forum.read").unwrap());
    let publish = Capability::operation("forum.read", "forum/thread/42/**").unwrap();
    let child = hand_on(&holder(denied), 2, Scope::builder().allow(publish.clone()));
    assert_eq!(ask(&present(&child)), "deny_matched");

    let once = Requirement::new(
        Pattern::any(),
        Condition::Budget(Budget::uses("reads", 1).unwrap()),
    );
    let more = Requirement::new(
        Pattern::any(),
        Condition::Budget(Budget::uses("reads", 100).unwrap()),
    );
    let child = hand_on(
        &holder(scope().require(once)),
        2,
        Scope::builder().allow(publish).require(more),
    );
    let gate = gate();
    let admit = || outcome(&gate.admit(&present(&child), &call(), post()));
    assert_eq!((admit(), admit()), ("allowed", "budget_exceeded"));
}

// Random chains.

#[test]
fn what_a_child_allows_its_parent_allows() {
    let (mut allowed, mut denied) = (0_u32, 0_u32);
    for seed in 0..100_000 {
        let mut dice = Dice::seeded(seed);
        let mut case = Case::random(&mut dice);
        let added = cases::scope(&mut dice, &case.actions[0], false);
        case.blocks.push(added);
        case.with_context(|context| {
            // Every prefix of the chain, under the same ceiling and house rules.
            let allows = |blocks| {
                let layers = Layers {
                    blocks,
                    ..case.layers()
                };
                evaluate(layers, &case.actions, context).is_allow()
            };
            let verdicts: Vec<_> = (1..=case.blocks.len())
                .map(|end| allows(&case.blocks[..end]))
                .collect();
            assert!(
                verdicts.is_sorted_by(|parent, child| parent >= child),
                "seed {seed}: {verdicts:?}"
            );
            allowed += u32::from(verdicts.contains(&true));
            denied += u32::from(verdicts.contains(&false));
        });
    }
    assert!(
        allowed > 20_000 && denied > 20_000,
        "{allowed} allowed, {denied} denied"
    );
}

/// Whether a service permits these actions to whoever holds this token.
fn permits(verifier: &Verifier, token: Parts, holder: u8, case: &Case) -> bool {
    let sent = token.presented_by(holder);
    let Ok(verified) = verifier.verify(&sent, &call(), now(), &RevocationSet::default()) else {
        return false;
    };
    let approvers: Vec<_> = case.known.approvers.iter().map(Vec::as_slice).collect();
    let facts = Facts::of(&verified)
        .approved_by(&approvers)
        .seen(&case.known.seen)
        .tainted(case.known.tainted);
    decide(&verified, case.house.as_ref(), &case.actions, &facts).is_allow()
}

#[test]
fn what_a_child_is_permitted_its_parent_is_permitted_through_real_bytes() {
    let verifier = verifier();
    let (mut allowed, mut narrowed) = (0, 0);
    for seed in 0..6_000 {
        let mut dice = Dice::seeded(seed);
        let case = Case::random(&mut dice);
        let issuer = Issuer::new(issuer_key(), RootKeyId::new(1));
        let task = Task::new("t-1", "answer", "ada", "helper").unwrap();
        let agents: Vec<u8> = (1..).take(case.blocks.len()).collect();
        let first = case.blocks[0].clone().into_builder().not_after(at(END));
        let Ok(minted) = first.build().map(|first| {
            issuer
                .mint(&task, first, &agent(1).public_key(), at(START))
                .unwrap()
                .token
        }) else {
            continue;
        };
        let mut token = minted;
        let mut parent = permits(&verifier, Parts::of(&token), 1, &case);
        for (scope, key) in case.blocks[1..].iter().zip(&agents) {
            let holder = Holder::new(token, agent(*key)).unwrap();
            let to: HolderKey = agent(key + 1);
            // Too deep, or for too long: handing on refuses.
            let Ok(child) =
                holder.delegate(&to.public_key(), "scout".parse().unwrap(), scope.clone())
            else {
                break;
            };
            let allows = permits(&verifier, Parts::of(&child), key + 1, &case);
            assert!(parent || !allows, "seed {seed}");
            narrowed += u32::from(parent && !allows);
            (token, parent) = (child, allows);
        }
        allowed += u32::from(parent);
    }
    assert!(
        allowed > 100 && narrowed > 100,
        "{allowed} allowed, {narrowed} narrowed"
    );
}

// Revocation.

#[test]
fn a_revoked_parent_takes_all_below_with_it_and_not_its_siblings() {
    let parent = holder(scope());
    let (one, two) = (
        hand_on(&parent, 2, Scope::builder()),
        hand_on(&parent, 3, Scope::builder()),
    );
    let below = hand_on(&one, 4, Scope::builder());
    let block = bailiwick::keys::Signature::from_bytes(Parts::of(one.token()).last().signature);
    for gate in [
        gate_without(|set| _ = set.holder(agent(2).public_key())),
        gate_without(|set| _ = set.block(&block)),
    ] {
        let admit = |holder| outcome(&gate.admit(&present(holder), &call(), post()));
        assert_eq!(admit(&one), "revoked");
        assert_eq!(admit(&below), "revoked");
        assert_eq!(admit(&two), "allowed");
        assert_eq!(admit(&parent), "allowed");
    }
    let gate = gate_without(|set| _ = set.holder(agent(1).public_key()));
    for holder in [&parent, &one, &two, &below] {
        assert_eq!(
            outcome(&gate.admit(&present(holder), &call(), post())),
            "revoked"
        );
    }
}

#[test]
fn a_revoked_task_or_root_takes_everything_with_it() {
    let child = hand_on(&holder(scope()), 2, Scope::builder());
    let root = *crate::world::root().key();
    let other = bailiwick::keys::dangerous::issuer_key_from_seed(&[101; 32]).public_key();
    let task = |id: &str| id.parse().unwrap();
    let admit =
        |gate: crate::world::SharedGate| outcome(&gate.admit(&present(&child), &call(), post()));
    assert_eq!(admit(gate_without(|set| _ = set.root(root))), "revoked");
    assert_eq!(
        admit(gate_without(|set| _ = set.task(root, task("t-1")))),
        "revoked"
    );
    // A task of another root, and another task.
    assert_eq!(
        admit(gate_without(|set| _ = set.task(other, task("t-1")))),
        "allowed"
    );
    assert_eq!(
        admit(gate_without(|set| _ = set.task(root, task("t-2")))),
        "allowed"
    );
}

#[test]
fn a_revoked_holder_does_not_come_back_by_signing_its_block_again() {
    let parts = Parts::of(hand_on(&holder(scope()), 2, Scope::builder()).token());
    let gate = gate_without(|set| _ = set.holder(agent(2).public_key()));
    let again = Parts::of(hand_on(&holder(scope()), 2, Scope::builder().max_depth(2)).token());
    for parts in [parts, again] {
        assert_eq!(
            outcome(&gate.admit(&parts.presented_by(2), &call(), post())),
            "revoked"
        );
    }
}

// What is granted.

#[test]
fn contradictory_scopes_are_warned_about_at_mint() {
    let issuer = Issuer::new(issuer_key(), RootKeyId::new(1));
    let task = Task::new("t-1", "answer", "ada", "helper").unwrap();
    let warnings = |deny: &str| {
        let scope = scope()
            .deny(Pattern::any().operation(deny).unwrap())
            .build()
            .unwrap();
        issuer
            .mint(&task, scope, &agent(1).public_key(), at(START))
            .unwrap()
            .warnings
    };
    assert_eq!(
        warnings("forum.*"),
        [MintWarning::Contradiction { allow: 0, deny: 0 }]
    );
    assert_eq!(warnings("forum.publish"), []);
}

#[test]
fn a_deny_entry_meets_lists_and_arguments_in_doubt() {
    let send = |json: &str| {
        let evil = Matcher::text("*@evil.com").unwrap();
        let deny = Pattern::any()
            .operation("forum.send")
            .unwrap()
            .argument("to.*", evil)
            .unwrap();
        let action =
            action("forum.send", Effect::Send, "forum/thread/42/post").with_arguments(tree(json));
        try_actions(scope().deny(deny), vec![action])
    };
    assert_eq!(send(r#"{"to": ["ann@corp.com"]}"#), "allowed");
    for json in [
        // One bad element, wherever it stands.
        r#"{"to": ["ann@corp.com", "eve@evil.com"]}"#,
        r#"{"to": ["eve@evil.com", "ann@corp.com"]}"#,
        // An extra argument hides nothing.
        r#"{"to": ["eve@evil.com"], "cc": []}"#,
        // Missing, mistyped, or with a mistyped element.
        "{}",
        r#"{"to": null}"#,
        r#"{"to": "eve@evil.com"}"#,
        r#"{"to": {"0": "eve@evil.com"}}"#,
        r#"{"to": ["ann@corp.com", null]}"#,
        r#"{"to": ["ann@corp.com", ["eve@evil.com"]]}"#,
    ] {
        assert_eq!(send(json), "deny_matched", "{json}");
    }
}

#[test]
fn only_the_last_holder_presents() {
    let second = Parts::of(hand_on(&holder(scope()), 2, Scope::builder()).token());
    assert_eq!(ask(&second.presented_by(2)), "allowed");
    for other in [1, 3, ROOT] {
        assert_eq!(ask(&second.presented_by(other)), "proof_invalid");
    }
    let mut cut = second;
    cut.blocks.pop();
    assert_eq!(ask(&cut.presented_by(2)), "proof_invalid");
    let stranger: Vec<Action> = post();
    assert_eq!(
        outcome(&gate().admit("", &call(), stranger)),
        "presentation_malformed"
    );
}
