//! Operations, effects, resources, and what is not about the action alone.

use bailiwick::action::{Action, Effect};
use bailiwick::scope::{Capability, Matcher, Pattern};

use super::*;
use crate::world::{NOW, act, seconds, send};

pub(super) fn all() -> Vec<Construct> {
    [operations(), resources(), limits()]
        .into_iter()
        .flatten()
        .collect()
}

fn on(resource: &str) -> Ask {
    Ask::new(act("mail.send", Effect::Send, resource))
}

fn of(operation: &str, effect: Effect) -> Ask {
    Ask::new(act(operation, effect, "outbox"))
}

fn grants(operation: &str, resource: &str) -> Scope {
    scope(|scope| scope.allow(Capability::operation(operation, resource).unwrap()))
}

fn operations() -> Vec<Construct> {
    let send = Effect::Send;
    vec![
        construct(
            "allow-operation",
            "one operation, on one resource",
            grants("mail.send", "outbox"),
            [
                yes("that-operation", of("mail.send", send)),
                no(
                    "another-operation",
                    "operation_not_granted",
                    of("mail.read", Effect::Read),
                ),
                no(
                    "an-operation-below",
                    "operation_not_granted",
                    of("mail.send.later", send),
                ),
            ],
        ),
        construct(
            "allow-sub-tree",
            "every operation below a name",
            grants("mail.draft.*", "outbox"),
            [
                yes("below", of("mail.draft.edit", Effect::Draft)),
                yes("far-below", of("mail.draft.edit.subject", Effect::Draft)),
                no(
                    "not-the-name-itself",
                    "operation_not_granted",
                    of("mail.draft", Effect::Draft),
                ),
                no(
                    "a-longer-name",
                    "operation_not_granted",
                    of("mail.drafts.edit", Effect::Draft),
                ),
            ],
        ),
        construct(
            "allow-effect",
            "whatever operation has that effect",
            scope(|scope| scope.allow(Capability::effect(Effect::Read, "outbox").unwrap())),
            [
                yes("that-effect", of("mail.list", Effect::Read)),
                no(
                    "another-effect",
                    "effect_not_granted",
                    of("mail.list", Effect::Write),
                ),
            ],
        ),
        construct(
            "allow-operation-and-effect",
            "an operation, and only with that effect",
            scope(|scope| {
                scope.allow(
                    Capability::operation("mail.*", "outbox")
                        .unwrap()
                        .with_effect(Effect::Draft),
                )
            }),
            [
                yes("both", of("mail.draft", Effect::Draft)),
                no(
                    "another-effect",
                    "effect_not_granted",
                    of("mail.draft", Effect::Send),
                ),
            ],
        ),
        construct(
            "allow-several",
            "one check, in which each capability is an alternative",
            scope(|scope| {
                scope
                    .allow(Capability::operation("mail.read", "inbox/**").unwrap())
                    .allow(Capability::operation("mail.send", "outbox").unwrap())
            }),
            [
                yes(
                    "the-first",
                    Ask::new(act("mail.read", Effect::Read, "inbox/7")),
                ),
                yes("the-second", on("outbox")),
                no("neither", "resource_outside", on("inbox/7")),
            ],
        ),
        construct(
            "empty-scope",
            "a later block that says nothing restricts nothing",
            scope(|scope| scope),
            [yes("whatever-the-first-allows", on("anything/at/all"))],
        ),
    ]
}

fn resources() -> Vec<Construct> {
    let outside = "resource_outside";
    vec![
        construct(
            "resource-exact",
            "literal segments",
            grants("mail.send", "box/ada/out"),
            [
                yes("that", on("box/ada/out")),
                no("longer", outside, on("box/ada/out/1")),
                no("shorter", outside, on("box/ada")),
                no("another-case", outside, on("box/Ada/out")),
            ],
        ),
        construct(
            "resource-any-segment",
            "`*` is one whole segment",
            grants("mail.send", "box/*/out"),
            [
                yes("any", on("box/eve/out")),
                no("two-segments", outside, on("box/eve/old/out")),
                no("none", outside, on("box/out")),
                no("another-end", outside, on("box/eve/in")),
            ],
        ),
        construct(
            "resource-any-at-both-ends",
            "literal segments between two `*`",
            grants("mail.send", "*/ada/*"),
            [
                yes("any", on("box/ada/out")),
                no("another-middle", outside, on("box/eve/out")),
            ],
        ),
        construct(
            "resource-any-only",
            "one segment, whatever it is",
            grants("mail.send", "*"),
            [yes("one", on("box")), no("two", outside, on("box/ada"))],
        ),
        construct(
            "resource-affix",
            "one `*` in a segment is one or more bytes",
            grants("mail.send", "box/a*z/out"),
            [
                yes("one-byte", on("box/abz/out")),
                yes("two-bytes-one-character", on("box/aéz/out")),
                no("no-byte", outside, on("box/az/out")),
                no("another-start", outside, on("box/bbz/out")),
            ],
        ),
        construct(
            "resource-prefix",
            "a segment with a prefix",
            grants("mail.send", "box/draft-*"),
            [
                yes("longer", on("box/draft-1")),
                no("the-prefix-alone", outside, on("box/draft-")),
            ],
        ),
        construct(
            "resource-suffix",
            "a segment with a suffix",
            grants("mail.send", "*.eml"),
            [
                yes("longer", on("a.eml")),
                no("another", outside, on("a.txt")),
            ],
        ),
        construct(
            "resource-tail",
            "a last `**` is one or more segments",
            grants("mail.send", "box/ada/**"),
            [
                yes("one-more", on("box/ada/out")),
                yes("two-more", on("box/ada/out/1")),
                no("none", outside, on("box/ada")),
                no("beside", outside, on("box/adam/out")),
            ],
        ),
        construct(
            "resource-any-and-tail",
            "`*` before a last `**`",
            grants("mail.send", "*/ada/**"),
            [
                yes("one-more", on("box/ada/out")),
                no("another", outside, on("box/eve/out")),
            ],
        ),
        construct(
            "resource-everything",
            "`**` alone is every resource",
            grants("mail.send", "**"),
            [
                yes("anything", on("a/b/c")),
                no(
                    "another-operation",
                    "operation_not_granted",
                    of("mail.read", Effect::Read),
                ),
            ],
        ),
        construct(
            "resource-star",
            "a literal `*` in a segment",
            grants("mail.send", r"box/\*"),
            [
                yes("the-star", on("box/*")),
                no("another", outside, on("box/ada")),
            ],
        ),
    ]
}

fn limits() -> Vec<Construct> {
    let action = || Ask::new(send());
    let elsewhere = || {
        let other = Action::new(
            "calendar.example".parse().unwrap(),
            "mail.send".parse().unwrap(),
            Effect::Send,
            "outbox".parse().unwrap(),
        );
        Ask::new(other)
    };
    vec![
        construct(
            "window",
            "from a second, included, to a second, excluded",
            scope(|scope| {
                scope
                    .not_before(seconds(NOW - 10))
                    .not_after(seconds(NOW + 10))
            }),
            [
                no("one-second-early", "not_yet_valid", action().at(NOW - 11)),
                yes("at-its-start", action().at(NOW - 10)),
                yes("in-its-last-second", action().at(NOW + 9)),
                no("at-its-end", "expired", action().at(NOW + 10)),
            ],
        ),
        construct(
            "window-start",
            "a start alone",
            scope(|scope| scope.not_before(seconds(NOW))),
            [
                yes("at-its-start", action()),
                no("before", "not_yet_valid", action().at(NOW - 1)),
            ],
        ),
        construct(
            "window-end",
            "an end alone",
            scope(|scope| scope.not_after(seconds(NOW + 1))),
            [
                yes("before", action()),
                no("at-its-end", "expired", action().at(NOW + 1)),
            ],
        ),
        construct(
            "audience",
            "one service",
            scope(|scope| scope.audience("mail.example".parse().unwrap())),
            [
                yes("that-service", action()),
                no("another", "audience_mismatch", elsewhere()),
            ],
        ),
        construct(
            "audience-several",
            "several services",
            scope(|scope| {
                scope
                    .audience("drive.example".parse().unwrap())
                    .audience("mail.example".parse().unwrap())
            }),
            [
                yes("one-of-them", action()),
                no("another", "audience_mismatch", elsewhere()),
            ],
        ),
        construct(
            "depth",
            "how many blocks may follow the first",
            scope(|scope| scope.max_depth(1)),
            [yes("as-many", action())],
        ),
        construct(
            "several-clauses",
            "everything that a block can say at once, in the order in which it is written",
            scope(|scope| {
                scope
                    .allow(
                        Capability::operation("mail.send", "outbox")
                            .unwrap()
                            .argument("to", Matcher::equals("ann"))
                            .unwrap(),
                    )
                    .deny(Pattern::any().with_effect(Effect::Delete))
                    .require(super::conditions::signature_for(
                        Pattern::any().with_effect(Effect::Send),
                    ))
                    .not_before(seconds(NOW - 60))
                    .not_after(seconds(NOW + 60))
                    .audience("mail.example".parse().unwrap())
                    .max_depth(2)
            }),
            [
                yes("all-hold", with(r#"{"to": "ann"}"#)),
                no(
                    "one-does-not",
                    "signature_required",
                    with(r#"{"to": "ann"}"#).session(),
                ),
            ],
        ),
    ]
}
