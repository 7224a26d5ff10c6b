//! Constraints of capabilities on lists and on what is in them.

use bailiwick::scope::Matcher;

use super::*;

const OUTSIDE: &str = "argument_outside";
const UNEXPECTED: &str = "argument_unexpected";

fn of(constraints: impl IntoIterator<Item = Constraint>) -> Scope {
    allow(|capability| {
        constraints
            .into_iter()
            .try_fold(capability, |one, next| one.with_argument(next))
    })
}

fn open(constraints: impl IntoIterator<Item = Constraint>) -> Scope {
    allow(|capability| {
        let all = constraints
            .into_iter()
            .try_fold(capability, |one, next| one.with_argument(next))?;
        Ok(all.open_arguments())
    })
}

pub(super) fn all() -> Vec<Construct> {
    let corp = || Matcher::text("*@corp.com").unwrap();
    let x = || Matcher::equals("x");
    let count = |min, max: u32| Matcher::count(min, max).unwrap();
    let some = |path, matcher| at(path, matcher).some().unwrap();
    vec![
        construct(
            "count",
            "how many elements a list has",
            of([at("to", count(1, 3))]),
            [
                yes("three", with(r#"{"to": [1, "2", null]}"#)),
                no("four", OUTSIDE, with(r#"{"to": [1, 2, 3, 4]}"#)),
                no("none", OUTSIDE, with(r#"{"to": []}"#)),
                no("no-list", OUTSIDE, with(r#"{"to": "abc"}"#)),
            ],
        ),
        construct(
            "count-at-most",
            "at most so many elements",
            of([at("to", count(0, 1))]),
            [
                yes("none", with(r#"{"to": []}"#)),
                no("two", OUTSIDE, with(r#"{"to": [1, 2]}"#)),
            ],
        ),
        construct(
            "every",
            "every element of a list, which is not empty",
            of([at("to.*", corp())]),
            [
                yes("all", with(r#"{"to": ["ann@corp.com", "bob@corp.com"]}"#)),
                no(
                    "one-bad",
                    OUTSIDE,
                    with(r#"{"to": ["ann@corp.com", "eve@evil.com"]}"#),
                ),
                no("empty", OUTSIDE, with(r#"{"to": []}"#)),
                no("no-list", OUTSIDE, with(r#"{"to": "ann@corp.com"}"#)),
                no(
                    "one-of-another-type",
                    OUTSIDE,
                    with(r#"{"to": ["ann@corp.com", 1]}"#),
                ),
            ],
        ),
        construct(
            "every-of-some",
            "every element, and at least two of them",
            of([at("to.*", x()), at("to", Matcher::count(2, None).unwrap())]),
            [
                yes("two", with(r#"{"to": ["x", "x"]}"#)),
                no("one", OUTSIDE, with(r#"{"to": ["x"]}"#)),
            ],
        ),
        construct(
            "every-of-none",
            "every element, of which there may be none",
            of([at("to.*", x()), at("to", count(0, 3))]),
            [
                yes("none", with(r#"{"to": []}"#)),
                yes("one", with(r#"{"to": ["x"]}"#)),
                no("one-bad", OUTSIDE, with(r#"{"to": ["y"]}"#)),
            ],
        ),
        construct(
            "some",
            "at least one element",
            of([some("to.*", x())]),
            [
                yes("one-of-two", with(r#"{"to": [1, "x"]}"#)),
                no("none", OUTSIDE, with(r#"{"to": ["y"]}"#)),
                no("empty", OUTSIDE, with(r#"{"to": []}"#)),
            ],
        ),
        construct(
            "some-of-none",
            "at least one element: a count that allows 0 does not help",
            of([some("to.*", x()), at("to", count(0, 3))]),
            [
                yes("one", with(r#"{"to": ["x"]}"#)),
                no("empty", OUTSIDE, with(r#"{"to": []}"#)),
            ],
        ),
        construct(
            "every-integer",
            "a range of every element",
            of([at("to.*", Matcher::int(1, 5).unwrap())]),
            [
                yes("all", with(r#"{"to": [1, 5]}"#)),
                no("one-over", OUTSIDE, with(r#"{"to": [1, 6]}"#)),
                no("a-text", OUTSIDE, with(r#"{"to": ["1"]}"#)),
            ],
        ),
        construct(
            "every-decimal",
            "a decimal range of every element",
            of([at("to.*", Matcher::decimal(2, 0, 500).unwrap())]),
            [
                yes("all", with(r#"{"to": [{"$decimal": [2, "500"]}]}"#)),
                no(
                    "one-over",
                    OUTSIDE,
                    with(r#"{"to": [{"$decimal": [2, "501"]}]}"#),
                ),
            ],
        ),
        construct(
            "every-noted",
            "every element was noted",
            of([at("to.*", Matcher::from_label("mail:from").unwrap())]),
            [
                yes(
                    "all",
                    with(r#"{"to": ["ann", "ann"]}"#).seen("mail:from", "ann"),
                ),
                no(
                    "one-not",
                    OUTSIDE,
                    with(r#"{"to": ["ann", "eve"]}"#).seen("mail:from", "ann"),
                ),
                no("nothing-noted", OUTSIDE, with(r#"{"to": ["ann"]}"#)),
            ],
        ),
        construct(
            "list-in-list",
            "every element of every inner list",
            of([at("to.*.*", x())]),
            [
                yes("all", with(r#"{"to": [["x"], ["x", "x"]]}"#)),
                no(
                    "an-inner-one-is-empty",
                    OUTSIDE,
                    with(r#"{"to": [["x"], []]}"#),
                ),
                no("one-bad", OUTSIDE, with(r#"{"to": [["x"], ["y"]]}"#)),
            ],
        ),
        construct(
            "some-in-every-list",
            "at least one element of every inner list",
            of([some("to.*.*", x())]),
            [
                yes("all", with(r#"{"to": [["x", 1], ["x"]]}"#)),
                no("not-in-one", OUTSIDE, with(r#"{"to": [["x"], [1]]}"#)),
            ],
        ),
        construct(
            "objects-in-list",
            "a member of every object in a list; each is closed",
            of([at("items.*.id", x())]),
            [
                yes("all", with(r#"{"items": [{"id": "x"}, {"id": "x"}]}"#)),
                no(
                    "one-more-member",
                    UNEXPECTED,
                    with(r#"{"items": [{"id": "x"}, {"id": "x", "more": 1}]}"#),
                ),
                no(
                    "one-without",
                    "argument_missing",
                    with(r#"{"items": [{"id": "x"}, {}]}"#),
                ),
                no(
                    "one-no-object",
                    OUTSIDE,
                    with(r#"{"items": [{"id": "x"}, "x"]}"#),
                ),
            ],
        ),
        construct(
            "objects-in-list-open",
            "the same, where others are let through",
            open([at("items.*.id", x())]),
            [
                yes(
                    "one-more-member",
                    with(r#"{"items": [{"id": "x", "more": 1}]}"#),
                ),
                no("one-bad", OUTSIDE, with(r#"{"items": [{"id": "y"}]}"#)),
            ],
        ),
        construct(
            "optional-in-list",
            "a member that objects in a list may lack",
            of([at("items.*.id", x()).optional()]),
            [
                yes("one-lacks-it", with(r#"{"items": [{"id": "x"}, {}]}"#)),
                no(
                    "one-bad",
                    OUTSIDE,
                    with(r#"{"items": [{"id": "x"}, {"id": "y"}]}"#),
                ),
                no(
                    "one-no-object",
                    OUTSIDE,
                    with(r#"{"items": [{"id": "x"}, 1]}"#),
                ),
            ],
        ),
        construct(
            "some-object-in-list",
            "a member of at least one object; each object is closed",
            of([some("items.*.id", x())]),
            [
                yes(
                    "one-and-another-type",
                    with(r#"{"items": [{"id": "x"}, 1]}"#),
                ),
                no(
                    "an-object-with-one-more",
                    UNEXPECTED,
                    with(r#"{"items": [{"id": "x"}, {"more": 1}]}"#),
                ),
                yes(
                    "a-decimal-beside",
                    with(r#"{"items": [{"id": "x"}, {"$decimal": [2, "1"]}]}"#),
                ),
            ],
        ),
        construct(
            "members-in-list",
            "two members of every object, one of which may be absent",
            of([
                at("items.*.id", x()),
                at("items.*.n", Matcher::int(0, None).unwrap()).optional(),
            ]),
            [
                yes(
                    "with-and-without",
                    with(r#"{"items": [{"id": "x", "n": 1}, {"id": "x"}]}"#),
                ),
                no(
                    "one-under",
                    OUTSIDE,
                    with(r#"{"items": [{"id": "x", "n": -1}]}"#),
                ),
            ],
        ),
    ]
}
