//! Questions that are answered wrongly by who is not exact.

use bailiwick::action::{Resource, Value};
use bailiwick::review::{Claim, Comparison, Effort, Witness, compare, prove};
use bailiwick::scope::*;

use super::{hostile, large};

fn scope(allow: impl IntoIterator<Item = Capability>) -> Scope {
    Scope::builder().allow_only(allow).build().unwrap()
}

fn on(resource: &str) -> Capability {
    Capability::operation("a.b", resource).unwrap()
}

fn with(path: &str, matcher: Matcher) -> Capability {
    on("x").argument(path, matcher).unwrap()
}

fn compared(first: &[Scope], second: &[Scope]) -> Comparison {
    let (first, second) = (Layers::blocks(first), Layers::blocks(second));
    compare(&first, &second, Effort::default())
}

/// Both allow the same, whichever comes first.
fn same(first: impl IntoIterator<Item = Capability>, second: impl IntoIterator<Item = Capability>) {
    let (first, second) = ([scope(first)], [scope(second)]);
    assert_eq!(compared(&first, &second), Comparison::Equal);
    assert_eq!(compared(&second, &first), Comparison::Equal);
}

/// The second allows more; what, for example.
fn gained(first: &[Scope], second: &[Scope]) -> Box<Witness> {
    match compared(first, second) {
        Comparison::Wider(witness) => witness,
        other => panic!("not wider: {other:?}"),
    }
}

fn argument(witness: &Witness, path: &str) -> Value {
    witness.action().arguments().get(path).cloned().unwrap()
}

#[test]
fn ranges_cover_one_another_only_together() {
    let range = |min, max| with("n", Matcher::int(min, max).unwrap());
    same([range(1, 10)], [range(1, 4), range(5, 10)]);
    let gap = [scope([range(1, 4), range(6, 10)])];
    let witness = gained(&gap, &[scope([range(1, 10)])]);
    assert_eq!(argument(&witness, "n"), Value::Int(5));
    let ends = [range(i64::MIN, 0), range(1, i64::MAX)];
    same(ends, [with("n", Matcher::int(i64::MIN, None).unwrap())]);
}

#[test]
fn boxes_cover_one_another_only_together() {
    let both = |a: (i64, i64), b: (i64, i64)| {
        let range = |(min, max): (i64, i64)| Matcher::int(min, max).unwrap();
        with("a", range(a)).argument("b", range(b)).unwrap()
    };
    let pieces = [
        both((0, 5), (0, 3)),
        both((6, 9), (0, 9)),
        both((0, 5), (4, 9)),
    ];
    same(pieces.clone(), [both((0, 9), (0, 9))]);
    let most = [scope(pieces.into_iter().take(2))];
    let witness = gained(&most, &[scope([both((0, 9), (0, 9))])]);
    assert!(matches!(argument(&witness, "b"), Value::Int(4..=9)));
}

#[test]
fn a_short_text_is_in_two_patterns_that_overlap() {
    let overlapping = with("t", Matcher::text("ab*").unwrap())
        .argument("t", Matcher::text("*bc").unwrap())
        .unwrap()
        .argument("t", Matcher::text_length(0, 3).unwrap())
        .unwrap();
    same([overlapping], [with("t", Matcher::equals("abc"))]);
}

#[test]
fn texts_of_one_byte_are_the_ascii_characters() {
    let texts = |skip: char| {
        (0..128_u8)
            .map(char::from)
            .filter(move |c| *c != skip)
            .map(String::from)
    };
    let all = with("t", Matcher::text_length(1, 1).unwrap());
    same(
        [all.clone()],
        [with("t", Matcher::one_of(texts('é')).unwrap())],
    );
    let most = [scope([with("t", Matcher::one_of(texts('%')).unwrap())])];
    assert_eq!(
        argument(&gained(&most, &[scope([all])]), "t"),
        Value::from("%")
    );
}

#[test]
fn a_pattern_is_all_texts_of_more_than_its_ends() {
    let long = with("t", Matcher::text("*").unwrap());
    same([long], [with("t", Matcher::text_length(1, None).unwrap())]);
    let empty = with("t", Matcher::text_length(0, 0).unwrap());
    same([empty], [with("t", Matcher::equals(""))]);
}

#[test]
fn true_and_false_are_all_that_a_boolean_is() {
    let of = |value: bool| with("f", Matcher::equals(value));
    same(
        [of(true), of(false)],
        [with("f", Matcher::one_of([true, false]).unwrap())],
    );
}

#[test]
fn bytes_of_one_byte_are_256() {
    let bytes = |count: usize| {
        let all = (0..=255_u8)
            .take(count)
            .map(|byte| Scalar::Bytes(vec![byte]));
        with("b", Matcher::OneOf(Choices::new(all.collect()).unwrap()))
    };
    let one = || with("b", Matcher::bytes_length(1, 1).unwrap());
    same([bytes(256)], [one()]);
    let witness = gained(&[scope([bytes(255)])], &[scope([one()])]);
    assert_eq!(argument(&witness, "b"), Value::Bytes(vec![255]));
}

#[test]
fn resources_are_split_by_their_length_and_their_segments() {
    same([on("**")], [on("*"), on("*/**")]);
    same([on("*/**")], [on("*/*"), on("*/*/**")]);
    let witness = gained(&[scope([on("*"), on("*/*/**")])], &[scope([on("**")])]);
    assert_eq!(witness.action().resource().segments().len(), 2);
    // No resource is longer.
    let most = vec!["*"; Resource::MAX_SEGMENTS];
    let open = [&most[1..], &["**"]].concat().join("/");
    same([on(&most.join("/"))], [on(&open)]);
}

#[test]
fn a_segment_of_a_witness_is_canonical() {
    // `x` and this accent are written as one character, and `.` alone is no segment.
    for resource in ["x/*\u{301}", "x/.*", "x/*.", "x/x*\u{301}"] {
        let witness = gained(&[scope([on("y")])], &[scope([on("y"), on(resource)])]);
        assert_eq!(witness.action().resource().segments().len(), 2);
    }
}

#[test]
fn an_operation_has_at_most_128_bytes() {
    let name = "a".repeat(126);
    let below = |rest: &str| Capability::operation(&format!("{name}.{rest}"), "x").unwrap();
    // One byte is left: a letter.
    let letters = ('a'..='z').map(|c| below(&c.to_string()));
    same(letters.clone(), [below("*")]);
    let most = [scope(letters.filter(|it| *it != below("q")))];
    let witness = gained(&most, &[scope([below("*")])]);
    assert_eq!(witness.action().operation().as_str(), format!("{name}.q"));
    let full = "a".repeat(128);
    let nothing = Capability::operation(&format!("{full}.*"), "x").unwrap();
    same([on("x"), nothing], [on("x")]);
}

#[test]
fn an_argument_that_nothing_names_makes_the_difference_of_open_and_closed() {
    let closed = with("n", Matcher::int(0, 9).unwrap());
    let open = closed.clone().open_arguments();
    let witness = gained(&[scope([closed.clone()])], &[scope([open])]);
    assert_eq!(witness.action().arguments().root().len(), 2);
    let more = closed
        .clone()
        .optional_argument("z", Matcher::equals("q"))
        .unwrap();
    let witness = gained(&[scope([closed])], &[scope([more])]);
    assert_eq!(argument(&witness, "z"), Value::from("q"));
}

#[test]
fn one_element_that_is_and_another_that_is_not_need_a_list_of_two() {
    let some = |text: &str| {
        Constraint::new("l.*", Matcher::equals(text))
            .unwrap()
            .some()
            .unwrap()
    };
    let both = on("x")
        .with_argument(some("v"))
        .unwrap()
        .with_argument(some("w"))
        .unwrap();
    let short = |capability: Capability, most| {
        capability
            .argument("l", Matcher::count(1, most).unwrap())
            .unwrap()
    };
    same([short(both.clone(), 1), on("y")], [on("y")]);
    let witness = gained(&[scope([on("y")])], &[scope([short(both, 2), on("y")])]);
    assert!(matches!(argument(&witness, "l"), Value::List(list) if list.len() == 2));
}

#[test]
fn a_list_that_no_tree_can_hold_is_never_there() {
    let huge = with("l", Matcher::count(5_000, None).unwrap());
    same([huge, on("y")], [on("y")]);
    let large = with("l", Matcher::count(1_000, None).unwrap());
    let witness = gained(&[scope([on("y")])], &[scope([large, on("y")])]);
    assert!(matches!(argument(&witness, "l"), Value::List(list) if list.len() == 1_000));
}

#[test]
fn what_is_noted_is_the_same_at_every_place() {
    let noted = || Matcher::from_label("m").unwrap();
    let twice = |a: &str, b: &str| {
        with("a", Matcher::equals(a))
            .argument("b", Matcher::equals(b))
            .unwrap()
            .argument("a", noted())
            .unwrap()
    };
    let not_b = Pattern::any().argument("b", noted()).unwrap();
    let denying = |capability| {
        let scope = Scope::builder().allow_only([capability, on("y")]);
        scope
            .deny(not_b.clone().resource("x").unwrap())
            .build()
            .unwrap()
    };
    // `v` is noted for one, so it is for the other.
    assert_eq!(
        compared(&[denying(twice("v", "v"))], &[scope([on("y")])]),
        Comparison::Equal
    );
    let witness = gained(&[scope([on("y")])], &[denying(twice("v", "w"))]);
    let label = Label::new("m").unwrap();
    assert_eq!(witness.notes().contains(&label, "v"), Some(true));
    assert_eq!(witness.notes().contains(&label, "w"), Some(false));
}

#[test]
fn a_lower_cap_is_narrower_and_a_witness_says_what_was_spent() {
    let capped = |cap| {
        let budget = Budget::uses("mail", cap).unwrap();
        let scope = Scope::builder().allow_with(on("x"), Condition::Budget(budget));
        scope.build().unwrap()
    };
    let witness = gained(&[capped(3)], &[capped(5)]);
    assert_eq!(witness.spent(&Budget::uses("mail", 9).unwrap()), 3);
    assert!(witness.to_string().contains("spent of budget mail: 3"));
}

#[test]
fn nobody_who_is_left_out_can_stand_in() {
    let keys = [1, 2, 3]
        .map(|n| bailiwick::keys::dangerous::approver_key_from_seed(&[n; 32]).public_key());
    let needing = |threshold, keys: &[_]| {
        let rule = ApprovalRule::at_least(threshold, keys.to_vec()).unwrap();
        Scope::builder()
            .allow_with(on("x"), Condition::Approval(rule))
            .build()
            .unwrap()
    };
    // Two of three are one of each pair.
    let pairs: Vec<Scope> = [[0, 1], [1, 2], [0, 2]]
        .iter()
        .map(|pair| needing(1, &pair.map(|index| keys[index])))
        .collect();
    assert_eq!(compared(&[needing(2, &keys)], &pairs), Comparison::Equal);
    let witness = gained(&[needing(2, &keys)], &pairs[..1]);
    assert_eq!(witness.approved_by().len(), 1);
}

#[test]
fn a_witness_says_how_large_what_it_cuts_is() {
    let long = |max| [scope([with("text", Matcher::text_length(0, max).unwrap())])];
    let witness = gained(&long(Some(4_000)), &long(Some(8_000)));
    assert!(
        witness.to_string().contains("xxx… (4001 bytes)\n"),
        "{witness}"
    );
}

#[test]
fn text_from_a_scope_forges_no_line_of_a_witness() {
    let hostile = "v\ntime: \u{202e}never\u{1b}[2J";
    let witness = gained(
        &[scope([on("y")])],
        &[scope([on("y"), with("t", Matcher::equals(hostile))])],
    );
    let text = witness.to_string();
    assert!(
        text.contains(r#"argument t: "v\ntime: \u{202e}never\u{1b}[2J""#),
        "{text}"
    );
    assert_eq!(
        text.lines()
            .filter(|line| line.starts_with("time: "))
            .count(),
        1
    );
}

#[test]
fn what_takes_too_long_is_undecided_and_what_was_found_is_told() {
    let (easy, hard) = ([scope([on("y")])], hostile::hard());
    let verdict = compared(&easy, &hard);
    assert!(matches!(verdict, Comparison::Undecided { .. }));
    assert!(verdict.lost().is_some() && verdict.gained().is_none());
    let verdict = compared(&hard, &easy);
    assert!(matches!(verdict, Comparison::Undecided { .. }));
    assert!(verdict.lost().is_none() && verdict.gained().is_some());
}

#[test]
fn without_effort_nothing_is_decided() {
    let blocks = [scope([on("x")])];
    let layers = Layers::blocks(&blocks);
    let nothing = Comparison::Undecided {
        lost: None,
        gained: None,
    };
    assert_eq!(compare(&layers, &layers, Effort::steps(0)), nothing);
    let claim = Claim::Never(Pattern::any());
    assert!(!prove(&layers, &claim, Effort::steps(0)).is_proved());
    assert!(!prove(&layers, &claim, Effort::default()).is_proved());
    assert!(prove(&Layers::blocks(&[]), &claim, Effort::default()).is_proved());
}

#[test]
fn two_task_files_of_fifty_capabilities_cost_little() {
    let (old, new) = (
        [large::scope(false).unwrap()],
        [large::scope(true).unwrap()],
    );
    // A tenth of what a question may cost.
    let little = Effort::steps(500_000);
    let (before, after) = (Layers::blocks(&old), Layers::blocks(&new));
    assert_eq!(compare(&before, &before, little), Comparison::Equal);
    assert!(matches!(
        compare(&before, &after, little),
        Comparison::Wider(_)
    ));
}

#[test]
fn hostile_scopes_cost_no_more_than_the_effort() {
    for hostile in hostile::crafted() {
        let verdict = compared(&[scope([on("y")])], &[hostile]);
        assert_ne!(verdict, Comparison::Equal);
    }
}

#[test]
fn what_is_spent_leaves_room_for_the_amount_under_one_cap_and_not_under_the_other() {
    let capped = |cap| {
        let order = with("n", Matcher::int(3, 9).unwrap());
        let budget = Budget::sum("sum", Measure::int("n").unwrap(), cap).unwrap();
        let scope = Scope::builder().allow_with(order, Condition::Budget(budget));
        scope.build().unwrap()
    };
    let witness = gained(&[capped(4)], &[capped(5)]);
    let sum = Budget::sum("sum", Measure::int("n").unwrap(), 9).unwrap();
    let Value::Int(amount) = argument(&witness, "n") else {
        panic!("no amount");
    };
    assert_eq!(witness.spent(&sum) + amount, 5);
}

#[test]
fn elements_are_shared_in_the_one_way_that_works() {
    let some = |it: Capability, pattern| {
        let one = Constraint::new("l.*", Matcher::text(pattern).unwrap()).unwrap();
        it.with_argument(one.some().unwrap()).unwrap()
    };
    let three = ["v*", "q", "*w"].into_iter().fold(on("x"), some);
    let short = three.argument("l", Matcher::count(0, 2).unwrap()).unwrap();
    let witness = gained(&[scope([on("y")])], &[scope([short, on("y")])]);
    assert!(matches!(argument(&witness, "l"), Value::List(list) if list.len() == 2));
}

#[test]
fn of_two_texts_that_must_differ_one_is_another_choice() {
    let either = || Matcher::one_of(["v", "w"]).unwrap();
    let noted = || Matcher::from_label("m").unwrap();
    let both = with("a", either()).argument("a", noted()).unwrap();
    let both = both.argument("b", either()).unwrap();
    let not_b = Pattern::any().argument("b", noted()).unwrap();
    let scopes = Scope::builder().allow(both).allow(on("y"));
    let denying = scopes.deny(not_b.resource("x").unwrap()).build().unwrap();
    let witness = gained(&[scope([on("y")])], &[denying]);
    assert_ne!(argument(&witness, "a"), argument(&witness, "b"));
}
