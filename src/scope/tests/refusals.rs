//! What cannot be said: every refusal, and what stands just inside it.

use std::time::Duration;

use super::*;
use crate::action::{Decimal, Resource, Segment};
use crate::scope::arbitrary::approvers;
use crate::scope::{
    ApprovalRule, ApproverGroup, Bounds, Budget, BudgetName, Choices, Condition, DecimalRange,
    IntRange, Label, Measure, OperationPattern, Path, Requirement, ResourcePattern, Scalar,
    ScopeBuilder, ScopeError, SegmentPattern, Step, Tail, TextPattern,
};

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, ScopeError>, error: ScopeError, message: &str) {
    assert_eq!(result.as_ref().err(), Some(&error), "{result:?}");
    assert_eq!(error.to_string(), message);
}

#[test]
fn an_operation_pattern_is_an_operation_or_a_sub_tree() {
    for text in [
        "", "*", ".*", "a.*.*", "a.*.b", "a*", "a.", "A.*", "a.b*", "a. *", "a\n",
    ] {
        let found = text.parse::<OperationPattern>();
        assert_eq!(found, Err(ScopeError::OperationPattern(text.to_owned())));
    }
    refused(
        "a\n.*".parse::<OperationPattern>(),
        ScopeError::OperationPattern("a\n.*".to_owned()),
        r"`a\n.*` is neither an operation nor a sub-tree such as `forum.*`",
    );
    assert!(Capability::operation("a b", "x").is_err());
    assert!(Pattern::any().operation("a b").is_err());
}

#[test]
fn a_resource_pattern_is_canonical() {
    for text in [
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        ".",
        "..",
        "a/../b",
        "a/%2e",
        r"a\b",
        "a**",
        "**/a",
        "a/**/b",
        "***",
        "a/***",
        "*a*",
        "a*b*",
        "a/\u{7}",
        "u\u{308}",
        "u\u{308}*",
        "*/%*",
        r"\**",
        r"a/\**",
    ] {
        assert!(
            matches!(
                text.parse::<ResourcePattern>(),
                Err(ScopeError::ResourcePattern(_))
            ),
            "{text:?}"
        );
    }
    refused(
        "a/..".parse::<ResourcePattern>(),
        ScopeError::ResourcePattern("..".to_owned()),
        "`..` is not a resource pattern",
    );
    let star = TextPattern::parse("*").unwrap();
    let lone = ResourcePattern::new(vec![SegmentPattern::Affix(star)], Tail::Closed);
    assert!(lone.is_err(), "a lone star is `Any`");
    let slash = TextPattern::parse("a/*").unwrap();
    let slash = ResourcePattern::new(vec![SegmentPattern::Affix(slash)], Tail::Closed);
    assert!(slash.is_err());
    assert!(ResourcePattern::new(vec![], Tail::Closed).is_err());
}

#[test]
fn a_resource_pattern_is_no_longer_than_a_resource() {
    let any = |n| vec![SegmentPattern::Any; n];
    let most = Resource::MAX_SEGMENTS;
    assert!(ResourcePattern::new(any(most), Tail::Closed).is_ok());
    assert!(ResourcePattern::new(any(most + 1), Tail::Closed).is_err());
    assert!(ResourcePattern::new(any(most - 1), Tail::Open).is_ok());
    assert!(ResourcePattern::new(any(most), Tail::Open).is_err());
}

#[test]
fn a_path_begins_with_a_key_and_fits_a_tree() {
    for text in [
        "", ".", "a.", ".a", "a..b", "*", "*.a", "a.**", "a.b*", "a.*b",
    ] {
        assert_eq!(text.parse::<Path>(), Err(ScopeError::Path(text.to_owned())));
    }
    assert!(Path::new(vec![]).is_err());
    assert!(Path::new(vec![Step::Each]).is_err());
    assert!(vec!["a"; 20].join(".").parse::<Path>().is_ok());
    assert!(vec!["a"; 21].join(".").parse::<Path>().is_err());
    refused(
        "a\n.".parse::<Path>(),
        ScopeError::Path("a\n.".to_owned()),
        r"`a\n.` is not a path that can be used here",
    );
}

#[test]
fn a_text_pattern_has_one_star() {
    for text in ["", "a", "**", "a*b*"] {
        assert_eq!(
            TextPattern::parse(text),
            Err(ScopeError::Wildcard(text.to_owned()))
        );
    }
    assert!(TextPattern::new("a*", "").is_err());
    assert!(TextPattern::new("", "*").is_err());
    refused(
        Matcher::text("a**"),
        ScopeError::Wildcard("a**".to_owned()),
        "`a**` does not have exactly one `*`",
    );
}

#[test]
fn labels_and_budget_names_are_short_and_plain() {
    for text in ["", "A", "a b", "a/b", "ä", "a\n"] {
        assert_eq!(Label::new(text), Err(ScopeError::Label(text.to_owned())));
        assert_eq!(
            BudgetName::new(text),
            Err(ScopeError::BudgetName(text.to_owned()))
        );
    }
    for text in ["a.b", "a:b"] {
        assert!(Label::new(text).is_ok());
        assert!(BudgetName::new(text).is_err());
    }
    assert!(Label::new(&"a".repeat(128)).is_ok() && Label::new(&"a".repeat(129)).is_err());
    for text in ["a@b", "a:b@b/c@d", "a@Zürich/x y"] {
        assert!(Label::new(text).is_ok(), "{text}");
    }
    for text in ["@b", "a@", "a@b//c", "a@../b", "A@b", "a/b@c", "a@b%2f"] {
        assert_eq!(Label::new(text), Err(ScopeError::Label(text.to_owned())));
    }
    let longest = format!("{}@{}", "a".repeat(128), "b".repeat(4_096));
    assert!(Label::new(&longest).is_ok() && Label::new(&format!("{longest}b")).is_err());
    assert!(BudgetName::new(&"a".repeat(64)).is_ok() && BudgetName::new(&"a".repeat(65)).is_err());
    assert_eq!(
        ScopeError::Label("A".into()).to_string(),
        "`A` is not a label"
    );
    refused(
        Budget::uses("A", 1),
        ScopeError::BudgetName("A".to_owned()),
        "`A` is not the name of a budget",
    );
}

#[test]
fn a_range_holds_something_and_ends_somewhere() {
    refused(
        IntRange::new(Some(2), Some(1)),
        ScopeError::EmptyRange,
        "the range is empty: its least value is over its greatest",
    );
    refused(
        Matcher::int(None, None),
        ScopeError::UnboundedRange,
        "the range has neither a least nor a greatest value",
    );
    assert_eq!(Bounds::new(2, Some(1)), Err(ScopeError::EmptyRange));
    assert!(IntRange::new(Some(1), Some(1)).is_ok());
    assert!(Bounds::new(1, Some(1)).is_ok());
    let range = IntRange::new(Some(1), None).unwrap();
    assert!(DecimalRange::new(18, range).is_ok());
    refused(
        DecimalRange::new(19, range),
        ScopeError::Scale(19),
        "no decimal has scale 19",
    );
    assert_eq!(Measure::decimal("a", 19), Err(ScopeError::Scale(19)));
    let measure = Measure::Decimal("a".parse().unwrap(), 19);
    assert_eq!(Budget::sum("b", measure, 1), Err(ScopeError::Scale(19)));
}

#[test]
fn choices_are_different_values_of_one_type() {
    for (choices, why) in [
        (vec![], "none is given"),
        (
            vec![Scalar::from(1), Scalar::from("1")],
            "they are of several types",
        ),
        (
            vec![
                Scalar::from(Decimal::new(1, 1).unwrap()),
                Scalar::from(Decimal::new(2, 10).unwrap()),
            ],
            "they are of several types",
        ),
        (
            vec![Scalar::from(1), Scalar::from(2), Scalar::from(1)],
            "one stands twice",
        ),
    ] {
        refused(
            Choices::new(choices),
            ScopeError::Choices(why),
            &format!("choices must be different values of one type: {why}"),
        );
    }
}

#[test]
fn some_wants_a_list_and_if_present_no_capability() {
    refused(
        is("a.b", Ok(Matcher::equals(1))).some(),
        ScopeError::SomeWithoutList("a.b".to_owned()),
        "`some` needs a `*` in its path, and `a.b` has none",
    );
    let constraint = || is("a", Ok(Matcher::equals(1))).if_present();
    refused(
        all_mail().with_argument(constraint()),
        ScopeError::IfPresent("a".to_owned()),
        "`if_present` at `a` does not belong into a capability",
    );
    assert!(all_mail().with_attribute(constraint()).is_err());
    assert!(Pattern::any().with_attribute(constraint()).is_ok());
}

#[test]
fn nothing_stands_twice() {
    let twice = |what: &str| ScopeError::Duplicate(what.to_owned());
    let one = || is("a.*", Ok(Matcher::equals(1)));
    let capability = || all_mail().with_argument(one()).unwrap();
    refused(
        capability().with_argument(one()),
        twice("a.*"),
        "`a.*` stands twice",
    );
    let again = all_mail()
        .with_attribute(one())
        .unwrap()
        .with_attribute(one());
    assert_eq!(again, Err(twice("a.*")));
    assert!(capability().with_attribute(one()).is_ok());
    assert!(capability().with_argument(one().some().unwrap()).is_ok());
    let pattern = || Pattern::any().with_argument(one()).unwrap();
    // In doubt `some` and `optional` say nothing.
    assert_eq!(
        pattern().with_argument(one().some().unwrap()),
        Err(twice("a.*"))
    );
    assert_eq!(pattern().with_argument(one().optional()), Err(twice("a.*")));
    assert!(pattern().with_argument(one().if_present()).is_ok());

    let builder = Scope::builder;
    let condition = || Requirement::new(Pattern::any(), Condition::Signature);
    let service = || "forum".parse().unwrap();
    let budget = |cap| Condition::Budget(Budget::uses("b", cap).unwrap());
    for (scope, what) in [
        (
            builder().allow(all_mail()).allow(all_mail()),
            "a capability",
        ),
        (builder().deny(pattern()).deny(pattern()), "a deny entry"),
        (
            builder().require(condition()).require(condition()),
            "a requirement",
        ),
        (builder().audience(service()).audience(service()), "forum"),
        (
            builder()
                .require(Requirement::new(Pattern::any(), budget(1)))
                .require(Requirement::new(Pattern::any(), budget(2))),
            "b",
        ),
    ] {
        assert_eq!(scope.build(), Err(twice(what)));
    }
    let tainted = builder()
        .require(condition())
        .require(condition().when_tainted());
    assert!(tainted.build().is_ok());
}

#[test]
fn approvers_can_satisfy_the_rule() {
    let [a, b, _] = *approvers();
    let group = |n, keys: &[_]| ApproverGroup::new(n, keys.iter().copied());
    let one = |key| group(1, &[key]).unwrap();
    for (result, why) in [
        (group(0, &[a]).map(drop), "the threshold is 0"),
        (group(0, &[]).map(drop), "the threshold is 0"),
        (
            group(1, &[]).map(drop),
            "the threshold is over their number",
        ),
        (
            group(3, &[a, b]).map(drop),
            "the threshold is over their number",
        ),
        (group(1, &[a, b, a]).map(drop), "a key stands twice"),
        (ApprovalRule::new(vec![]).map(drop), "there are none"),
        (
            ApprovalRule::new(vec![one(a), one(b), one(a)]).map(drop),
            "a key stands in two groups",
        ),
    ] {
        refused(
            result,
            ScopeError::Approvers(why),
            &format!("approvers cannot be used: {why}"),
        );
    }
    assert_eq!(group(2, &[a, b]), group(2, &[b, a]));
}

#[test]
fn a_budget_lets_something_through_and_its_windows_are_whole_seconds() {
    for cap in [0, -1, i64::MIN] {
        refused(
            Budget::uses("b", cap),
            ScopeError::Cap(cap),
            &format!("a budget of {cap} lets nothing through"),
        );
    }
    let each = |window| Budget::uses("b", 1).unwrap().each(window);
    let most = Duration::from_secs(u32::MAX.into());
    for window in [
        Duration::ZERO,
        Duration::from_millis(500),
        Duration::from_millis(1500),
        most + Duration::from_secs(1),
        Duration::MAX,
    ] {
        refused(
            each(window),
            ScopeError::Window(window),
            &format!("a budget's window is 1 to 4294967295 whole seconds, not {window:?}"),
        );
    }
    assert_eq!(each(most).unwrap().window(), Some(most));
    assert_eq!(Budget::uses("b", 1).unwrap().window(), None);
    assert!(matches!(Measure::int("a.*"), Err(ScopeError::Path(_))));
    assert!(matches!(
        Measure::decimal("a.*", 2),
        Err(ScopeError::Path(_))
    ));
    let listed = Measure::Int("a.*".parse().unwrap());
    assert!(matches!(
        Budget::sum("b", listed, 1),
        Err(ScopeError::Path(_))
    ));
}

#[test]
fn a_scope_is_not_empty_where_it_speaks() {
    let builder = Scope::builder;
    refused(
        builder().allow_only([]).build(),
        ScopeError::EmptyAllow,
        "an empty allow list grants nothing",
    );
    refused(
        builder().deny(Pattern::any()).build(),
        ScopeError::EmptyDeny,
        "a deny entry that names nothing denies everything",
    );
    refused(
        builder().audience_only([]).build(),
        ScopeError::EmptyAudience,
        "an empty audience list admits no service",
    );
    refused(
        builder().not_before(at(1)).not_after(at(1)).build(),
        ScopeError::EmptyWindow,
        "the time window ends before it starts",
    );
    assert_eq!(builder().build(), Ok(Scope::default()));
    let scope = builder()
        .allow(all_mail())
        .not_after(at(2))
        .build()
        .unwrap();
    assert_eq!(scope.clone().into_builder().build(), Ok(scope));
}

#[test]
fn a_scope_has_so_many_entries_and_no_more() {
    let numbered = |n: usize| Capability::operation("a", &format!("r{n}")).unwrap();
    let pattern = |n: usize| Pattern::from(&numbered(n));
    type Grow = fn(ScopeBuilder, Pattern, Capability, usize) -> ScopeBuilder;
    let kinds: [(&str, Grow); 4] = [
        ("capabilities", |scope, _, capability, _| {
            scope.allow(capability)
        }),
        ("deny entries", |scope, pattern, _, _| scope.deny(pattern)),
        ("requirements", |scope, pattern, _, _| {
            scope.require(Requirement::new(pattern, Condition::Signature))
        }),
        ("audiences", |scope, _, _, n| {
            scope.audience(format!("s{n}").parse().unwrap())
        }),
    ];
    for (what, grow) in kinds {
        let of = |count| {
            let numbers = 0..count;
            let grown = |scope, n| grow(scope, pattern(n), numbered(n), n);
            numbers.fold(Scope::builder(), grown).build()
        };
        assert!(of(64).is_ok());
        refused(
            of(65),
            ScopeError::TooMany {
                what,
                found: 65,
                limit: 64,
            },
            &format!("{what}: 65 are more than 64"),
        );
    }
}

#[test]
fn a_literal_star_is_not_a_wildcard() {
    let resource = |text: &str| text.parse::<Resource>().unwrap();
    let exact = ResourcePattern::exact(&resource("a/*/b*"));
    assert_eq!(exact.to_string(), r"a/\*/b\*");
    assert_eq!(exact.to_string().parse(), Ok(exact.clone()));
    assert!(exact.matches(&resource("a/*/b*")));
    assert!(!exact.matches(&resource("a/x/bx")));
    let literal = SegmentPattern::Literal(Segment::parse("**").unwrap());
    let stars = ResourcePattern::new(vec![literal], Tail::Open).unwrap();
    assert_eq!(stars.to_string(), r"\*\*/**");
    assert_eq!(stars.to_string().parse(), Ok(stars));
}
