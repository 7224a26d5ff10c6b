//! Every construct by name: its text, and that a stock builder makes the same bytes of that text.

use std::time::Duration;

use super::*;
use crate::action::{Decimal, Effect, Value};
use crate::keys::ApproverPublicKey;
use crate::keys::dangerous::approver_key_from_seed;
use crate::scope::{
    ApprovalRule, ApproverGroup, Bounds, Budget, Condition, Constraint, Matcher, Measure, Pattern,
    Requirement, Scalar, ScopeBuilder,
};
use crate::token::datalog::stock::stock_blocks;
use crate::token::datalog::{Sink, Term};

/// Asserts that a scope is the construct that is meant: of a later block, whose only fact is its delegate.
fn is(name: &str, scope: ScopeBuilder, text: &str) {
    let content = later(scope.build().unwrap());
    let told = datalog(&content, 1);
    println!("{:4} {name}", size(&content));
    let least = first(least());
    let stock = stock_blocks(&[&datalog(&least, 0), &told]);
    let blocks = encode_all(&[least, content.clone()]);
    assert_eq!(blocks, stock, "{name}");
    assert_eq!(
        decode_all(&blocks).as_ref().map(|contents| &contents[1]),
        Ok(&content),
        "{name}"
    );
    assert_eq!(
        told,
        format!("delegate(\"summarizer\");\n{text}\n"),
        "{name}"
    );
}

/// How many characters of Base64 the checks add to a block with one fact of a default symbol.
fn size(content: &BlockContent) -> usize {
    let bytes = |tell: &dyn Fn(&mut ProtoSink<'_>)| {
        let mut symbols = SymbolTable::new();
        let mut sink = ProtoSink::new(&mut symbols, Vec::new());
        sink.fact(fact::FORMAT, &[Term::Integer(1)]);
        tell(&mut sink);
        sink.finish().len()
    };
    let alone = bytes(&|_| {});
    (bytes(&|sink| write::scope(sink, Origin::Block(0), content.scope())) - alone) * 4 / 3
}

fn scope() -> ScopeBuilder {
    Scope::builder()
}

/// A capability for `forum.read` on one resource, with more.
fn allow(more: impl FnOnce(Capability) -> Capability) -> ScopeBuilder {
    scope().allow(more(Capability::operation("read", "a").unwrap()))
}

/// An open capability with one constraint.
fn allow_argument(path: &str, matcher: Matcher) -> ScopeBuilder {
    allow(|capability| capability.argument(path, matcher).unwrap().open_arguments())
}

/// A deny entry for one operation, with one constraint.
fn deny_argument(path: &str, matcher: Matcher) -> ScopeBuilder {
    scope().deny(
        Pattern::any()
            .operation("x")
            .unwrap()
            .argument(path, matcher)
            .unwrap(),
    )
}

fn key(seed: u8) -> ApproverPublicKey {
    approver_key_from_seed(&[seed; 32]).public_key()
}

fn on_x(condition: Condition) -> ScopeBuilder {
    scope().require(Requirement::new(
        Pattern::any().operation("x").unwrap(),
        condition,
    ))
}

fn on_all(condition: Condition) -> ScopeBuilder {
    scope().require(Requirement::new(Pattern::any(), condition))
}

fn decimal(units: i64) -> Decimal {
    Decimal::new(2, units).unwrap()
}

fn number(text: &str) -> Scalar {
    match Value::number(text).unwrap() {
        Value::Number(number) => Scalar::Number(number),
        _ => panic!("an integer"),
    }
}

#[test]
fn targets_and_resources_of_capabilities() {
    let capability =
        |operation, resource| scope().allow(Capability::operation(operation, resource).unwrap());
    is(
        "operation",
        capability("forum.read", "forum/thread/42"),
        r#"check if operation("forum.read"), resource(["forum", "thread", "42"]);"#,
    );
    is(
        "sub-tree",
        capability("forum.*", "forum/thread/42"),
        r#"check if operation($operation), resource(["forum", "thread", "42"]), $operation.starts_with("forum.");"#,
    );
    is(
        "effect",
        scope().allow(Capability::effect(Effect::Read, "forum").unwrap()),
        r#"check if effect("read"), resource(["forum"]);"#,
    );
    is(
        "both",
        scope().allow(
            Capability::operation("a.*", "forum")
                .unwrap()
                .with_effect(Effect::Pay),
        ),
        r#"check if operation($operation), effect("pay"), resource(["forum"]), $operation.starts_with("a.");"#,
    );
    is(
        "a segment",
        capability("read", "forum/*/42"),
        r#"check if operation("read"), resource($resource), $resource.length() === 3, $resource.starts_with(["forum"]), $resource.ends_with(["42"]);"#,
    );
    is(
        "literals between",
        capability("read", "*/thread/*"),
        r#"check if operation("read"), resource($resource), $resource.length() === 3, $resource.get(1) == "thread";"#,
    );
    is(
        "inside a segment",
        capability("read", "forum/thread/4*x"),
        r#"check if operation("read"), resource($resource), $resource.length() === 3, $resource.starts_with(["forum", "thread"]), $resource.get(2).starts_with("4"), $resource.get(2).ends_with("x"), $resource.get(2).length() > 2;"#,
    );
    is(
        "segments below",
        capability("read", "forum/thread/**"),
        r#"check if operation("read"), resource($resource), $resource.length() > 2, $resource.starts_with(["forum", "thread"]);"#,
    );
    is(
        "any resource",
        capability("read", "**"),
        r#"check if operation("read"), resource($resource), $resource.length() > 0;"#,
    );
    let two = capability("read", "a").allow(Capability::operation("write", "b").unwrap());
    is(
        "alternatives",
        two,
        r#"check if operation("read"), resource(["a"]) or operation("write"), resource(["b"]);"#,
    );
}

#[test]
fn strict_leaves() {
    is(
        "equals",
        allow_argument("k", Matcher::equals("abc")),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k") == "abc";"#,
    );
    is(
        "equals, depth 2",
        allow_argument("j.k", Matcher::equals("abc")),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("j").type() === "map", $args.get("j").get("k") == "abc";"#,
    );
    is(
        "equals an integer",
        allow_argument("k", Matcher::equals(5)),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k") == 5;"#,
    );
    is(
        "equals a bool",
        allow_argument("k", Matcher::equals(true)),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k") == true;"#,
    );
    is(
        "equals a decimal",
        allow_argument("k", Matcher::equals(decimal(9870))),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k") == {2: 9870};"#,
    );
    is(
        "equals a number",
        allow_argument("k", Matcher::equals(number("1.5"))),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k") == {-1: "1.5"};"#,
    );
    is(
        "equals bytes",
        allow_argument("k", Matcher::equals(vec![1, 2])),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k") == hex:0102;"#,
    );
    is(
        "one of",
        allow_argument("k", Matcher::one_of(["aa", "bb", "cc"]).unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), ["aa", "bb", "cc"].contains($args.get("k"));"#,
    );
    is(
        "integer range",
        allow_argument("k", Matcher::int(1, 5).unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), ($args.get("k") >= 1 && $args.get("k") <= 5).try_or(false);"#,
    );
    is(
        "integer range, depth 2",
        allow_argument("j.k", Matcher::int(1, 5).unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("j").type() === "map", ($args.get("j").get("k") >= 1 && $args.get("j").get("k") <= 5).try_or(false);"#,
    );
    is(
        "integer at least",
        allow_argument("k", Matcher::int(1, None).unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), ($args.get("k") >= 1).try_or(false);"#,
    );
    is(
        "decimal range",
        allow_argument("k", Matcher::decimal(2, 0, 500).unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "map", $args.get("k").get(2).type() === "integer", $args.get("k").get(2) >= 0, $args.get("k").get(2) <= 500;"#,
    );
    is(
        "text pattern",
        allow_argument("k", Matcher::text("ab*yz").unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), ($args.get("k").starts_with("ab") && $args.get("k").ends_with("yz") && $args.get("k").length() > 4).try_or(false);"#,
    );
    is(
        "text prefix",
        allow_argument("k", Matcher::text("ab*").unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), ($args.get("k").starts_with("ab") && $args.get("k").length() > 2).try_or(false);"#,
    );
    is(
        "any text",
        allow_argument("k", Matcher::text("*").unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "string", $args.get("k").length() > 0;"#,
    );
    is(
        "text length",
        allow_argument("k", Matcher::text_length(1, 500).unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "string", $args.get("k").length() >= 1, $args.get("k").length() <= 500;"#,
    );
    is(
        "text length, at most",
        allow_argument("k", Matcher::text_length(0, 500).unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "string", $args.get("k").length() <= 500;"#,
    );
    is(
        "bytes length",
        allow_argument("k", Matcher::BytesLength(Bounds::new(1, None).unwrap())),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "bytes", $args.get("k").length() >= 1;"#,
    );
    is(
        "from",
        allow_argument("k", Matcher::from_label("l").unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), seen($seen), $seen.get("l").type() === "array", $seen.get("l").contains($args.get("k"));"#,
    );
    is(
        "count",
        allow_argument("k", Matcher::count(1, 5).unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "array", $args.get("k").length() >= 1, $args.get("k").length() <= 5;"#,
    );
}

#[test]
fn strict_paths() {
    let every = Constraint::new("k.*", Matcher::equals("abc")).unwrap();
    let open = |constraints: Vec<Constraint>| {
        allow(|capability| {
            let all = constraints.into_iter();
            all.fold(capability, |capability, one| {
                capability.with_argument(one).unwrap()
            })
            .open_arguments()
        })
    };
    let count = |min| Constraint::new("k", Matcher::count(min, 5).unwrap()).unwrap();
    is(
        "every",
        open(vec![every.clone()]),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "array", $args.get("k").length() > 0, $args.get("k").all($member -> $member == "abc");"#,
    );
    is(
        "every text",
        allow_argument("k.*", Matcher::text("ab*yz").unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "array", $args.get("k").length() > 0, $args.get("k").all($member -> ($member.starts_with("ab") && $member.ends_with("yz") && $member.length() > 4).try_or(false));"#,
    );
    is(
        "every, and a count",
        open(vec![count(1), every.clone()]),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "array", $args.get("k").length() >= 1, $args.get("k").length() <= 5, $args.get("k").type() === "array", $args.get("k").all($member -> $member == "abc");"#,
    );
    is(
        "every, and a count that allows 0",
        open(vec![count(0), every.clone()]),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "array", $args.get("k").length() <= 5, $args.get("k").type() === "array", $args.get("k").all($member -> $member == "abc");"#,
    );
    is(
        "some",
        open(vec![every.clone().some().unwrap()]),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("k").type() === "array", $args.get("k").any($member -> $member == "abc");"#,
    );
    is(
        "from, of every element",
        allow_argument("k.*", Matcher::from_label("l").unwrap()),
        r#"check if operation("read"), resource(["a"]), args($args), seen($seen), $args.get("k").type() === "array", $args.get("k").length() > 0, $args.get("k").all($member -> $seen.get("l").type() === "array" && $seen.get("l").contains($member));"#,
    );
    is(
        "through a list",
        allow_argument("a.*.b", Matcher::equals("abc")),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("a").type() === "array", $args.get("a").length() > 0, $args.get("a").all($member -> $member.type() === "map" && $member.get("b") == "abc");"#,
    );
    is(
        "a list in a list",
        allow_argument("a.*.*", Matcher::equals("abc")),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("a").type() === "array", $args.get("a").length() > 0, $args.get("a").all($member -> $member.type() === "array" && $member.length() > 0 && $member.all($node -> $node == "abc"));"#,
    );
    let optional = |path| {
        Constraint::new(path, Matcher::equals("abc"))
            .unwrap()
            .optional()
    };
    is(
        "optional",
        open(vec![optional("k")]),
        r#"check if operation("read"), resource(["a"]), args($args), !$args.contains("k") || $args.get("k") == "abc";"#,
    );
    is(
        "optional, depth 2",
        open(vec![optional("j.k")]),
        r#"check if operation("read"), resource(["a"]), args($args), !$args.contains("j") || $args.get("j").type() === "map" && $args.get("j").all($path -> $path.get(0).type() === "string") && (!$args.get("j").contains("k") || $args.get("j").get("k") == "abc");"#,
    );
    let attribute = |capability: Capability| {
        capability
            .attribute("owner", Matcher::equals("me"))
            .unwrap()
    };
    is(
        "attribute",
        allow(attribute),
        r#"check if operation("read"), resource(["a"]), attrs($attrs), $attrs.get("owner") == "me";"#,
    );
}

#[test]
fn closed_arguments() {
    let closed = |paths: &[(&str, bool)]| {
        allow(|capability| {
            paths
                .iter()
                .fold(capability, |capability, (path, optional)| {
                    let constraint = Constraint::new(path, Matcher::equals("abc")).unwrap();
                    let constraint = if *optional {
                        constraint.optional()
                    } else {
                        constraint
                    };
                    capability.with_argument(constraint).unwrap()
                })
        })
    };
    is(
        "closed",
        closed(&[("to", false), ("cc", false)]),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("to") == "abc", $args.get("cc") == "abc", $args.length() === 2;"#,
    );
    is(
        "closed, with an optional",
        closed(&[("to", false), ("cc", true)]),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("to") == "abc", !$args.contains("cc") || $args.get("cc") == "abc", $args.all($path -> ["to", "cc"].contains($path.get(0)));"#,
    );
    is(
        "closed inside",
        closed(&[("a.b", false)]),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("a").type() === "map", $args.get("a").get("b") == "abc", $args.length() === 1, $args.get("a").length() === 1;"#,
    );
    is(
        "closed inside what is optional",
        closed(&[("a.b", true)]),
        r#"check if operation("read"), resource(["a"]), args($args), !$args.contains("a") || $args.get("a").type() === "map" && $args.get("a").all($path -> $path.get(0).type() === "string") && (!$args.get("a").contains("b") || $args.get("a").get("b") == "abc"), $args.all($path -> ["a"].contains($path.get(0))), $args.get("a").type() !== "map" || $args.get("a").all($path -> $path.get(0).type() !== "string" || ["b"].contains($path.get(0)));"#,
    );
    is(
        "closed inside a list",
        closed(&[("a.*.b", false), ("a.*.c", true)]),
        r#"check if operation("read"), resource(["a"]), args($args), $args.get("a").type() === "array", $args.get("a").length() > 0, $args.get("a").all($member -> $member.type() === "map" && $member.get("b") == "abc"), !$args.contains("a") || $args.get("a").type() === "array" && $args.get("a").length() > 0 && $args.get("a").all($member -> $member.type() === "map" && $member.all($path -> $path.get(0).type() === "string") && (!$member.contains("c") || $member.get("c") == "abc")), $args.length() === 1, $args.get("a").all($member -> $member.all($path -> ["b", "c"].contains($path.get(0))));"#,
    );
}

#[test]
fn patterns_in_doubt() {
    let pattern = |pattern: Pattern| scope().deny(pattern);
    is(
        "deny",
        pattern(Pattern::any().operation("x").unwrap()),
        r#"check if operation($operation), !($operation === "x");"#,
    );
    is(
        "sub-tree",
        pattern(Pattern::any().operation("x.*").unwrap()),
        r#"check if operation($operation), !($operation.starts_with("x."));"#,
    );
    is(
        "effect",
        pattern(Pattern::any().with_effect(Effect::Delete)),
        r#"check if effect($effect), !($effect === "delete");"#,
    );
    is(
        "resource",
        pattern(Pattern::any().resource("forum/thread/42").unwrap()),
        r#"check if resource($resource), !($resource === ["forum", "thread", "42"]);"#,
    );
    is(
        "resource below",
        pattern(Pattern::any().resource("forum/4*/**").unwrap()),
        r#"check if resource($resource), !($resource.length() > 2 && $resource.starts_with(["forum"]) && $resource.get(1).starts_with("4") && $resource.get(1).length() > 1);"#,
    );
    let attribute = Pattern::any()
        .attribute("owner", Matcher::equals("me"))
        .unwrap();
    is(
        "attribute",
        pattern(attribute),
        r#"check if attrs($attrs), !(($attrs.get("owner") === "me").try_or(true));"#,
    );
    is(
        "alone",
        pattern(
            Pattern::any()
                .argument("k", Matcher::one_of(["a"]).unwrap())
                .unwrap(),
        ),
        r#"check if args($args), !($args.get("k").type() !== "string" || ["a"].contains($args.get("k")));"#,
    );
    let matchers = [
        (
            "equals",
            Matcher::equals("abc"),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k") === "abc").try_or(true));"#,
        ),
        (
            "equals a decimal",
            Matcher::equals(decimal(9870)),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").type() !== "map" || $args.get("k").get(2).type() !== "integer" || $args.get("k").get(2) === 9870));"#,
        ),
        (
            "equals a number",
            Matcher::equals(number("1.5")),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").type() !== "map" || $args.get("k").get(-1).type() !== "string" || $args.get("k").get(-1) === "1.5"));"#,
        ),
        (
            "one of",
            Matcher::one_of(["a", "b"]).unwrap(),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").type() !== "string" || ["a", "b"].contains($args.get("k"))));"#,
        ),
        (
            "one of decimals",
            Matcher::one_of([decimal(1), decimal(2)]).unwrap(),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").type() !== "map" || $args.get("k").get(2).type() !== "integer" || [{2: 1}, {2: 2}].contains($args.get("k"))));"#,
        ),
        (
            "integer range",
            Matcher::int(1, 5).unwrap(),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k") >= 1 && $args.get("k") <= 5).try_or(true));"#,
        ),
        (
            "decimal range",
            Matcher::decimal(2, 0, 500).unwrap(),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").type() !== "map" || $args.get("k").get(2).type() !== "integer" || $args.get("k").get(2) >= 0 && $args.get("k").get(2) <= 500));"#,
        ),
        (
            "text pattern",
            Matcher::text("ab*yz").unwrap(),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").starts_with("ab") && $args.get("k").ends_with("yz") && $args.get("k").length() > 4).try_or(true));"#,
        ),
        (
            "any text",
            Matcher::text("*").unwrap(),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").type() !== "string" || $args.get("k").length() > 0));"#,
        ),
        (
            "text length",
            Matcher::text_length(1, 500).unwrap(),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").type() !== "string" || $args.get("k").length() >= 1 && $args.get("k").length() <= 500));"#,
        ),
        (
            "from",
            Matcher::from_label("l").unwrap(),
            r#"check if operation($operation), args($args), seen($seen), !($operation === "x" && ($seen.get("l").type() !== "array" || $args.get("k").type() !== "string" || $seen.get("l").contains($args.get("k"))));"#,
        ),
        (
            "count",
            Matcher::count(0, 5).unwrap(),
            r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").type() !== "array" || $args.get("k").length() <= 5));"#,
        ),
    ];
    for (name, matcher, text) in matchers {
        is(name, deny_argument("k", matcher), text);
    }
    is(
        "any element",
        deny_argument("k.*", Matcher::equals("abc")),
        r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("k").type() !== "array" || $args.get("k").any($member -> ($member === "abc").try_or(true))));"#,
    );
    let count = Constraint::new("k", Matcher::count(0, 5).unwrap()).unwrap();
    let element = Constraint::new("k.*", Matcher::equals("abc")).unwrap();
    let both = Pattern::any()
        .with_argument(count)
        .unwrap()
        .with_argument(element)
        .unwrap();
    is(
        "any element, and a count that allows 0",
        pattern(both),
        r#"check if args($args), !(($args.get("k").type() !== "array" || $args.get("k").length() <= 5) && ($args.get("k").type() !== "array" || $args.get("k").length() === 0 || $args.get("k").any($member -> ($member === "abc").try_or(true))));"#,
    );
    is(
        "object on the way",
        deny_argument("j.k", Matcher::equals("abc")),
        r#"check if operation($operation), args($args), !($operation === "x" && ($args.get("j").type() !== "map" || ($args.get("j").get("k") === "abc").try_or(true)));"#,
    );
    let present = |path| {
        let constraint = Constraint::new(path, Matcher::one_of(["a"]).unwrap())
            .unwrap()
            .if_present();
        pattern(Pattern::any().with_argument(constraint).unwrap())
    };
    is(
        "if present",
        present("k"),
        r#"check if args($args), !($args.contains("k") && ($args.get("k").type() !== "string" || ["a"].contains($args.get("k"))));"#,
    );
    is(
        "if present, depth 2",
        present("j.k"),
        r#"check if args($args), !($args.contains("j") && ($args.get("j").type() !== "map" || $args.get("j").any($path -> $path.get(0).type() !== "string") || $args.get("j").contains("k") && ($args.get("j").get("k").type() !== "string" || ["a"].contains($args.get("j").get("k")))));"#,
    );
}

#[test]
fn checks() {
    is(
        "time",
        scope()
            .not_before(seconds(1_799_990_000))
            .not_after(seconds(1_800_000_000)),
        r#"check if time($time), $time >= 2027-01-15T05:13:20Z, $time < 2027-01-15T08:00:00Z;"#,
    );
    is(
        "end time",
        scope().not_after(seconds(1_800_000_000)),
        r#"check if time($time), $time < 2027-01-15T08:00:00Z;"#,
    );
    is(
        "audience",
        scope()
            .audience("a".parse().unwrap())
            .audience("b".parse().unwrap()),
        r#"check if service("a") or service("b");"#,
    );
    is(
        "depth",
        scope().max_depth(3),
        r#"check if depth($depth), $depth <= 3;"#,
    );
    is(
        "signature",
        on_x(Condition::Signature),
        r#"check if operation($operation), possession($possession), !($operation === "x") || $possession === "signature";"#,
    );
    is(
        "signature, every action",
        on_all(Condition::Signature),
        r#"check if possession("signature");"#,
    );
    let tainted =
        |pattern| scope().require(Requirement::new(pattern, Condition::Signature).when_tainted());
    is(
        "when tainted",
        tainted(Pattern::any().operation("x").unwrap()),
        r#"check if operation($operation), tainted($tainted), possession($possession), !($operation === "x" && $tainted) || $possession === "signature";"#,
    );
    is(
        "when tainted, every action",
        tainted(Pattern::any()),
        r#"check if tainted($tainted), possession($possession), !($tainted) || $possession === "signature";"#,
    );
    let any = |seeds: &[u8]| ApprovalRule::any_of(seeds.iter().map(|seed| key(*seed))).unwrap();
    is(
        "approval 1 of 1",
        on_x(Condition::Approval(any(&[1]))),
        r#"check if operation($operation), approved_by($approved_by), !($operation === "x") || $approved_by.intersection({ hex:8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c}).length() >= 1;"#,
    );
    let two_of_three = ApproverGroup::new(2, [key(1), key(2), key(3)]).unwrap();
    let one_of_two = ApproverGroup::new(1, [key(4), key(5)]).unwrap();
    let rule = |groups: &[&ApproverGroup]| {
        Condition::Approval(ApprovalRule::new(groups.iter().copied().cloned().collect()).unwrap())
    };
    is(
        "approval 2 of 3",
        on_x(rule(&[&two_of_three])),
        r#"check if operation($operation), approved_by($approved_by), !($operation === "x") || $approved_by.intersection({ hex:8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394, hex:8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c, hex:ed4928c628d1c2c6eae90338905995612959273a5c63f93636c14614ac8737d1}).length() >= 2;"#,
    );
    is(
        "approval 2 of 3 and 1 of 2",
        on_x(rule(&[&two_of_three, &one_of_two])),
        r#"check if operation($operation), approved_by($approved_by), !($operation === "x") || $approved_by.intersection({ hex:8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394, hex:8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c, hex:ed4928c628d1c2c6eae90338905995612959273a5c63f93636c14614ac8737d1}).length() >= 2 && $approved_by.intersection({ hex:6e7a1cdd29b0b78fd13af4c5598feff4ef2a97166e3ca6f2e4fbfccd80505bf1, hex:ca93ac1705187071d67b83c7ff0efe8108e8ec4530575d7726879333dbdabe7c}).length() >= 1;"#,
    );
    is(
        "approval, every action",
        on_all(rule(&[&two_of_three, &one_of_two])),
        r#"check if approved_by($approved_by), $approved_by.intersection({ hex:8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394, hex:8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c, hex:ed4928c628d1c2c6eae90338905995612959273a5c63f93636c14614ac8737d1}).length() >= 2, $approved_by.intersection({ hex:6e7a1cdd29b0b78fd13af4c5598feff4ef2a97166e3ca6f2e4fbfccd80505bf1, hex:ca93ac1705187071d67b83c7ff0efe8108e8ec4530575d7726879333dbdabe7c}).length() >= 1;"#,
    );
}

#[test]
fn budgets() {
    let uses = || Budget::uses("mail", 5).unwrap();
    let sum = |measure, cap| Condition::Budget(Budget::sum("pay", measure, cap).unwrap());
    is(
        "uses",
        on_x(Condition::Budget(uses())),
        r#"check if operation($operation), spent("1/mail", "uses", 0, $spent), !($operation === "x") || $spent >= 0 && $spent < 5;"#,
    );
    is(
        "uses, every action",
        on_all(Condition::Budget(uses())),
        r#"check if spent("1/mail", "uses", 0, $spent), $spent >= 0, $spent < 5;"#,
    );
    is(
        "fixed window",
        on_x(Condition::Budget(
            uses().each(Duration::from_secs(3600)).unwrap(),
        )),
        r#"check if operation($operation), spent("1/mail", "uses", 3600, $spent), !($operation === "x") || $spent >= 0 && $spent < 5;"#,
    );
    is(
        "sum, integer",
        on_x(sum(Measure::int("a").unwrap(), 100)),
        r#"check if operation($operation), args($args), spent("1/pay", "sum", 0, $spent), !($operation === "x") || $spent >= 0 && ($args.get("a") > 0 && $args.get("a") <= 100 - $spent).try_or(false);"#,
    );
    is(
        "sum, decimal",
        on_x(sum(Measure::decimal("a", 2).unwrap(), 10_000)),
        r#"check if operation($operation), args($args), spent("1/pay", "sum", 0, $spent), !($operation === "x") || $spent >= 0 && $args.get("a").type() === "map" && $args.get("a").get(2).type() === "integer" && $args.get("a").get(2) > 0 && $args.get("a").get(2) <= 10000 - $spent;"#,
    );
    is(
        "sum, depth 2",
        on_x(sum(Measure::int("j.a").unwrap(), 100)),
        r#"check if operation($operation), args($args), spent("1/pay", "sum", 0, $spent), !($operation === "x") || $spent >= 0 && $args.get("j").type() === "map" && ($args.get("j").get("a") > 0 && $args.get("j").get("a") <= 100 - $spent).try_or(false);"#,
    );
    is(
        "sum, every action",
        on_all(sum(Measure::int("a").unwrap(), 100)),
        r#"check if args($args), spent("1/pay", "sum", 0, $spent), $spent >= 0, ($args.get("a") > 0 && $args.get("a") <= 100 - $spent).try_or(false);"#,
    );
}
