//! Constraints of capabilities: what must be there, and what else may be.

use bailiwick::scope::{Matcher, ScopeError};

use super::*;

const OUTSIDE: &str = "argument_outside";
const MISSING: &str = "argument_missing";
const UNEXPECTED: &str = "argument_unexpected";

pub(super) fn all() -> Vec<Construct> {
    let text = |text: &str| Matcher::equals(text);
    let closed = |paths: &[&str]| {
        let add = |capability: Result<_, ScopeError>, path: &&str| {
            capability.and_then(|one: bailiwick::scope::Capability| one.argument(path, text("x")))
        };
        allow(|capability| paths.iter().fold(Ok(capability), add))
    };
    vec![
        construct(
            "closed",
            "no argument but those that are named",
            closed(&["a", "b"]),
            [
                yes("both", with(r#"{"a": "x", "b": "x"}"#)),
                no(
                    "one-more",
                    UNEXPECTED,
                    with(r#"{"a": "x", "b": "x", "c": 1}"#),
                ),
                no("one-less", MISSING, with(r#"{"a": "x"}"#)),
            ],
        ),
        construct(
            "open",
            "`open_arguments` lets others through",
            allow(|capability| Ok(capability.argument("a", text("x"))?.open_arguments())),
            [
                yes("one-more", with(r#"{"a": "x", "c": 1}"#)),
                no("another-value", OUTSIDE, with(r#"{"a": "y", "c": 1}"#)),
            ],
        ),
        construct(
            "optional",
            "an argument that may be absent, and is named all the same",
            allow(|capability| {
                capability
                    .argument("a", text("x"))?
                    .optional_argument("b", text("y"))
            }),
            [
                yes("present", with(r#"{"a": "x", "b": "y"}"#)),
                yes("absent", with(r#"{"a": "x"}"#)),
                no("null", OUTSIDE, with(r#"{"a": "x", "b": null}"#)),
                no("another-value", OUTSIDE, with(r#"{"a": "x", "b": "z"}"#)),
                no("one-more", UNEXPECTED, with(r#"{"a": "x", "c": "y"}"#)),
            ],
        ),
        construct(
            "nested",
            "a value in an object in the arguments",
            closed(&["meta.kind"]),
            [
                yes("there", with(r#"{"meta": {"kind": "x"}}"#)),
                no(
                    "one-more-inside",
                    UNEXPECTED,
                    with(r#"{"meta": {"kind": "x", "more": 1}}"#),
                ),
                no("no-object", OUTSIDE, with(r#"{"meta": "x"}"#)),
                no(
                    "a-decimal-is-no-object",
                    OUTSIDE,
                    with(r#"{"meta": {"$decimal": [2, "1"]}}"#),
                ),
                no("absent", MISSING, with("{}")),
            ],
        ),
        construct(
            "nested-twice",
            "two values in one object",
            closed(&["meta.kind", "meta.id"]),
            [
                yes("both", with(r#"{"meta": {"kind": "x", "id": "x"}}"#)),
                no("one", MISSING, with(r#"{"meta": {"kind": "x"}}"#)),
            ],
        ),
        construct(
            "optional-nested",
            "a value that may be absent, with the object around it",
            allow(|capability| capability.optional_argument("meta.kind", text("x"))),
            [
                yes("there", with(r#"{"meta": {"kind": "x"}}"#)),
                yes("without-the-value", with(r#"{"meta": {}}"#)),
                yes("without-the-object", with("{}")),
                no("no-object", OUTSIDE, with(r#"{"meta": 1}"#)),
                no(
                    "a-decimal-is-no-object",
                    OUTSIDE,
                    with(r#"{"meta": {"$decimal": [2, "1"]}}"#),
                ),
                no(
                    "one-more-inside",
                    UNEXPECTED,
                    with(r#"{"meta": {"more": 1}}"#),
                ),
            ],
        ),
        construct(
            "attribute",
            "an attribute, which the service looks up; attributes are never closed",
            allow(|capability| capability.attribute("owner", text("ada"))),
            [
                yes("equal", having(r#"{"owner": "ada", "size": 3}"#)),
                no(
                    "another",
                    "attribute_outside",
                    having(r#"{"owner": "eve"}"#),
                ),
                no("absent", "attribute_missing", having("{}")),
            ],
        ),
        construct(
            "argument-and-attribute",
            "an argument and an attribute, each noted",
            allow(|capability| {
                let noted = || Matcher::from_label("mail:from");
                capability
                    .argument("to", noted()?)?
                    .attribute("owner", noted()?)
            }),
            [
                yes(
                    "both",
                    Ask::new(
                        crate::world::send()
                            .with_arguments(crate::json::tree(r#"{"to": "ann"}"#))
                            .with_attributes(crate::json::tree(r#"{"owner": "bob"}"#)),
                    )
                    .seen("mail:from", "ann")
                    .seen("mail:from", "bob"),
                ),
                no(
                    "one",
                    "attribute_missing",
                    with(r#"{"to": "ann"}"#).seen("mail:from", "ann"),
                ),
            ],
        ),
    ]
}
