//! Descriptions, explanations, vocabularies and lints.

use bailiwick::action::{Action, Effect};
use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::keys::dangerous::approver_key_from_seed;
use bailiwick::review::{
    Case, Comparison, Effort, Left, Level, Rule, Vocabulary, describe, explain, lint,
};
use bailiwick::scope::*;

const NOW: u64 = 1_800_000_000;

fn at(second: u64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + second).unwrap()
}

fn can(operation: &str, resource: &str) -> Capability {
    Capability::operation(operation, resource).unwrap()
}

fn approval(of: &[u8]) -> Condition {
    let keys = of
        .iter()
        .map(|n| approver_key_from_seed(&[*n; 32]).public_key());
    Condition::Approval(ApprovalRule::any_of(keys).unwrap())
}

fn uses(cap: i64) -> Condition {
    Condition::Budget(Budget::uses("mail", cap).unwrap())
}

#[test]
fn a_description_sorts_capabilities_by_what_is_left_of_them() {
    let scope = Scope::builder()
        .allow(can("mail.read", "inbox/**"))
        .allow_with(can("mail.send", "outbox/*"), uses(20))
        .allow_with(can("mail.publish", "list/*"), approval(&[1, 2]))
        .allow(can("mail.delete", "inbox/**"))
        .deny(Pattern::any().operation("mail.delete").unwrap())
        .not_after(at(900))
        .max_depth(0);
    let blocks = [scope.build().unwrap()];
    let description = describe(&Layers::blocks(&blocks), Effort::default());
    let left: Vec<Left> = description.grants().iter().map(|it| it.left).collect();
    let all = [
        Left::Freely,
        Left::WithinBudget,
        Left::WithApproval,
        Left::Nothing,
    ];
    assert_eq!(left, all);
    let text = description.to_string();
    for line in [
        "within a budget:",
        "    needs room in budget `mail`: at most 20 uses, says block 0",
        "with approval:",
        "granted, and never possible:",
        "  `mail.delete` on `inbox/**`",
        "  block 0: not after 2027-01-15T08:15:00Z",
        "  block 0: not to be handed on",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
}

#[test]
fn a_later_block_takes_from_what_the_first_one_grants() {
    let first = Scope::builder()
        .allow(can("mail.*", "inbox/**"))
        .build()
        .unwrap();
    let later = Scope::builder().require(Requirement::new(Pattern::any(), approval(&[1])));
    let blocks = [first, later.build().unwrap()];
    let layers = Layers::blocks(&blocks);
    assert_eq!(
        describe(&layers, Effort::default()).grants()[0].left,
        Left::WithApproval
    );
    let undecided = describe(&layers, Effort::steps(1));
    assert_eq!(undecided.grants()[0].left, Left::Undecided);
}

#[test]
fn text_of_a_scope_forges_no_line_of_a_description() {
    let hostile = "x\n  never:\u{202e}\u{1b}[2J";
    let capability = can("mail.read", "**")
        .argument("t", Matcher::equals(hostile))
        .unwrap();
    let deny = Pattern::any()
        .argument("t", Matcher::equals(hostile))
        .unwrap()
        .resource("y")
        .unwrap();
    let blocks = [Scope::builder()
        .allow(capability)
        .deny(deny)
        .build()
        .unwrap()];
    let text = describe(&Layers::blocks(&blocks), Effort::default()).to_string();
    assert!(!text.contains(['\u{202e}', '\u{1b}']), "{text}");
    assert_eq!(text.lines().count(), 4, "{text}");
}

#[test]
fn an_explanation_names_each_hop() {
    let deny = Scope::builder()
        .deny(Pattern::any().with_effect(Effect::Send))
        .build()
        .unwrap();
    let blocks = [Scope::builder().allow(can("mail.*", "**")).build().unwrap()];
    let mut layers = Layers::blocks(&blocks);
    layers.house = Some(&deny);
    let send = Action::new(
        "mail".parse().unwrap(),
        "mail.send".parse().unwrap(),
        Effect::Send,
        "outbox/1".parse().unwrap(),
    );
    let explanation = explain(&layers, &Case::new(send.clone(), at(0)));
    assert!(!explanation.is_allowed());
    let refusing: Vec<Origin> = explanation
        .hops()
        .iter()
        .filter(|hop| !hop.reasons.is_empty())
        .map(|hop| hop.origin)
        .collect();
    assert_eq!(refusing, [Origin::House]);
    layers.house = None;
    assert!(explain(&layers, &Case::new(send.clone(), at(0))).is_allowed());
    // Nobody grants anything without a block.
    assert!(!explain(&Layers::blocks(&[]), &Case::new(send, at(0))).is_allowed());
}

fn mail() -> Catalog {
    let text = r#"
        service = "mail"
        [operation."mail.read"]
        effect = "read"
        resource = "mail/{folder}/{id}"
        arguments = { folder = "text", id = "text", full = { type = "boolean", optional = true } }
        [operation."mail.send"]
        effect = "send"
        resource = "outbox"
        arguments = { to = { type = "list", items = "email" }, text = "text" }
    "#;
    Catalog::parse("mail.toml", text).unwrap_or_else(|findings| panic!("{findings}"))
}

#[test]
fn a_vocabulary_knows_operations_effects_resources_and_arguments() {
    let catalog = mail();
    let vocabulary = Vocabulary::of([&catalog]);
    let compared = |a: Capability, b: Capability| {
        let scope = |it| [Scope::builder().allow(it).build().unwrap()];
        let (a, b) = (scope(a), scope(b));
        let (a, b) = (Layers::blocks(&a), Layers::blocks(&b));
        vocabulary.compare(&a, &b, Effort::default())
    };
    let equal = |a, b| assert_eq!(compared(a, b), Comparison::Equal);
    equal(can("mail.read", "**"), can("mail.read", "mail/*/*"));
    equal(
        can("mail.read", "**"),
        Capability::effect(Effect::Read, "**").unwrap(),
    );
    let with = |it: Capability, path, matcher| it.optional_argument(path, matcher).unwrap();
    let full = Matcher::one_of([true, false]).unwrap();
    equal(
        can("mail.read", "**"),
        with(can("mail.read", "**"), "full", full),
    );
    let full = with(can("mail.read", "**"), "full", Matcher::equals(false));
    let Comparison::Wider(witness) = compared(full, can("mail.read", "**")) else {
        panic!("it may be full");
    };
    assert_eq!(witness.action().service().as_str(), "mail");
    assert_eq!(witness.action().arguments().get("full"), Some(&true.into()));
    let domain = can("mail.send", "**")
        .argument("to.*.domain", Matcher::equals("a"))
        .unwrap();
    let wide = compared(domain.open_arguments(), can("mail.send", "**"));
    assert!(matches!(wide, Comparison::Wider(_)));
}

fn found(scope: ScopeBuilder) -> Vec<(Rule, Option<Clause>)> {
    let catalog = mail();
    let lints = Vocabulary::of([&catalog]).lint(&scope.build().unwrap(), at(0), Effort::default());
    lints.into_iter().map(|it| (it.rule, it.clause)).collect()
}

fn plain() -> ScopeBuilder {
    Scope::builder().not_after(at(900)).max_depth(0)
}

#[test]
fn a_plain_scope_has_no_lints() {
    assert_eq!(found(plain().allow(can("mail.read", "mail/inbox/*"))), []);
}

#[test]
fn what_is_never_reached_or_met_is_found() {
    let reads = || can("mail.read", "mail/inbox/*");
    let dead = plain()
        .allow(reads())
        .allow(can("mail.erase", "mail/inbox/*"));
    assert_eq!(found(dead), [(Rule::Unreachable, Some(Clause::Allow(1)))]);
    let denied = plain()
        .allow(reads())
        .deny(Pattern::any().with_effect(Effect::Read));
    assert_eq!(found(denied), [(Rule::Unreachable, Some(Clause::Allow(0)))]);
    let twice = plain()
        .allow(reads())
        .allow(can("mail.read", "mail/inbox/7"));
    assert_eq!(found(twice), [(Rule::Redundant, Some(Clause::Allow(1)))]);
    let idle = plain()
        .allow(reads())
        .deny(Pattern::any().with_effect(Effect::Pay));
    assert_eq!(found(idle), [(Rule::Idle, Some(Clause::Deny(0)))]);
    let unasked = Requirement::new(
        Pattern::any().with_effect(Effect::Pay),
        Condition::Signature,
    );
    let idle = plain().allow(reads()).require(unasked);
    assert_eq!(found(idle), [(Rule::Idle, Some(Clause::Require(0)))]);
}

#[test]
fn a_deny_entry_that_takes_back_a_capability_is_named() {
    let scope = plain()
        .allow(can("mail.read", "mail/inbox/*"))
        .deny(Pattern::any().with_effect(Effect::Pay))
        .deny(Pattern::any().with_effect(Effect::Read));
    let catalog = mail();
    let lints = Vocabulary::of([&catalog]).lint(&scope.build().unwrap(), at(0), Effort::default());
    let dead = lints
        .iter()
        .find(|it| it.rule == Rule::Unreachable)
        .unwrap();
    assert!(
        dead.message.ends_with("deny entry 1 takes back all of it"),
        "{}",
        dead.message
    );
}

#[test]
fn lines_that_share_a_part_and_not_its_conditions_are_found() {
    let reads = |resource| can("mail.read", resource);
    let overlap = plain()
        .allow_with(reads("mail/*/7"), uses(5))
        .allow(reads("mail/inbox/*"));
    assert_eq!(found(overlap), [(Rule::Overlap, Some(Clause::Allow(1)))]);
    // An exception reads as it is meant, and is no line too many.
    let exception = plain()
        .allow(reads("mail/inbox/*"))
        .allow_with(reads("mail/inbox/7"), uses(5));
    assert_eq!(found(exception), []);
    let apart = plain()
        .allow_with(reads("mail/sent/*"), uses(5))
        .allow(reads("mail/inbox/*"));
    assert_eq!(found(apart), []);
    let same = plain()
        .allow(reads("mail/*/7"))
        .allow(reads("mail/inbox/*"))
        .require(Requirement::new(Pattern::any(), Condition::Signature));
    assert_eq!(found(same), []);
}

#[test]
fn what_is_wide_or_unguarded_is_found() {
    let all = plain().allow(can("mail.read", "**"));
    assert_eq!(found(all), [(Rule::WideResource, Some(Clause::Allow(0)))]);
    let sends = || can("mail.send", "outbox");
    let clause = Some(Clause::Allow(0));
    let unguarded = [(Rule::Unguarded, clause), (Rule::OpenArguments, clause)];
    assert_eq!(found(plain().allow(sends())), unguarded);
    assert_eq!(found(plain().allow_with(sends(), approval(&[1, 2]))), []);
    assert_eq!(found(plain().allow_with(sends(), uses(5))), []);
    let named = sends()
        .argument("to.*.domain", Matcher::equals("a"))
        .unwrap();
    let named = named
        .argument("text", Matcher::text_length(0, 99).unwrap())
        .unwrap();
    let named = named
        .argument("to.*.address", Matcher::text_length(0, 99).unwrap())
        .unwrap();
    assert_eq!(found(plain().allow(named)), unguarded[..1]);
}

#[test]
fn what_a_catalog_calls_irreversible_is_grave_whatever_its_effect() {
    let lint_of = |more: &str| {
        let text = format!(
            "service = \"disk.example\"\n[operation.\"disk.format\"]\neffect = \"write\"\n\
             resource = \"disk/{{id}}\"\narguments.id = \"text\"\n{more}"
        );
        let catalog = Catalog::parse("disk.toml", &text).unwrap();
        let format = Capability::operation("disk.format", "disk/1").unwrap();
        let scope = plain().allow(format).build().unwrap();
        let found = Vocabulary::of([&catalog]).lint(&scope, at(0), Effort::default());
        found.into_iter().map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(lint_of(""), [""; 0]);
    let said = "`disk.format` (write, irreversible) needs neither approval nor budget";
    assert_eq!(lint_of("irreversible = true\n")[0], said);
}

#[test]
fn lives_approvers_and_hops_are_looked_at() {
    let sends = || can("mail.send", "outbox");
    let alone = plain().allow_with(sends(), approval(&[1]));
    assert_eq!(
        found(alone),
        [(Rule::SingleApprover, Some(Clause::Require(0)))]
    );
    let short = plain()
        .not_after(at(60))
        .allow_with(sends(), approval(&[1, 2]));
    assert_eq!(found(short), [(Rule::ShortToAsk, Some(Clause::Window))]);
    let reads = || can("mail.read", "mail/inbox/*");
    let long = plain().not_after(at(90_000)).allow(reads());
    assert_eq!(found(long), [(Rule::LongLife, Some(Clause::Window))]);
    let free = Scope::builder().not_after(at(900)).allow(reads());
    assert_eq!(found(free), [(Rule::NoDepthLimit, None)]);
}

#[test]
fn without_a_catalog_only_named_effects_are_grave() {
    let of = |capability: Capability| {
        let scope = plain().allow(capability).build().unwrap();
        lint(&scope, at(0), Effort::default()).len()
    };
    assert_eq!(of(can("mail.send", "outbox")), 0);
    assert_eq!(of(can("mail.send", "outbox").with_effect(Effect::Send)), 2);
}

#[test]
fn rules_have_names_levels_and_reasons() {
    let mut ids: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Rule::ALL.len());
    assert!(Rule::ALL.iter().all(|rule| !rule.reason().is_empty()));
    assert_eq!(Rule::Unreachable.level(), Level::Error);
}
