//! When lists count, and after which.

use super::{Layout, List, NOW, Vector, before, delta, entries, list, signed, vector};

pub(super) fn times() -> Vec<Vector> {
    let at = |name, comment, issued, next_update| {
        let list = List {
            issued,
            next_update,
            ..list(&Layout::new())
        };
        vector(name, comment, &signed(&list))
    };
    vec![
        at(
            "within-skew",
            "issued 5 s in the future",
            NOW + 5_000,
            NOW + 6_000,
        )
        .with("change", "replaced"),
        at(
            "from-future",
            "issued 5.001 s in the future",
            NOW + 5_001,
            NOW + 6_000,
        )
        .refused("list_from_future"),
        at(
            "last-moment",
            "a millisecond before the next one is due",
            NOW - 9_000,
            NOW + 1,
        )
        .with("change", "replaced"),
        at("expired", "the next one is due", NOW - 9_000, NOW).refused("list_expired"),
    ]
}

pub(super) fn numbers() -> Vec<Vector> {
    let one = list(&entries::one());
    let numbered = |number, list: &List| List {
        number,
        ..list.clone()
    };
    let after = |name, comment, list: &List| before(vector(name, comment, &signed(list)), &one);
    let foreign = list(&entries::more()).changing(&entries::several(), &entries::one_more());
    let renewed = List {
        issued: NOW,
        next_update: NOW + 3_600_000,
        ..one.clone()
    };
    let lines = || entries::lines(&entries::one().bytes());
    vec![
        after(
            "rolled-back",
            "a lower number than the list that is known",
            &numbered(2, &one),
        )
        .refused("list_rolled_back"),
        after(
            "rolled-back-delta",
            "a delta to an older list",
            &numbered(2, &delta()),
        )
        .refused("list_rolled_back"),
        after(
            "forked",
            "the same number with other entries",
            &list(&entries::several()),
        )
        .refused("list_forked"),
        after(
            "forked-delta",
            "a delta to the same number with other entries",
            &numbered(3, &delta()),
        )
        .refused("list_forked"),
        after(
            "forked-before",
            "a delta that goes on from other entries",
            &numbered(4, &foreign),
        )
        .refused("list_forked"),
        after(
            "gap",
            "a delta that goes on from a later list",
            &numbered(5, &delta()),
        )
        .refused("list_gap"),
        vector(
            "gap-from-nothing",
            "a delta before any list",
            &signed(&delta()),
        )
        .refused("list_gap"),
        after("again", "the list that is known", &one)
            .with("change", "nothing")
            .with_all("entry", lines()),
        after(
            "renewed",
            "the same number and entries, issued later",
            &renewed,
        )
        .with("change", "renewed")
        .with_all("entry", lines()),
        after(
            "skipped",
            "a list with a number far higher",
            &numbered(9, &one),
        )
        .with("change", "replaced")
        .with_all("entry", lines()),
        before(
            after("delta-again", "a delta that is known", &delta()),
            &delta(),
        )
        .with("change", "nothing")
        .with_all("entry", entries::lines(&entries::more().bytes())),
    ]
}
