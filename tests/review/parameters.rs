//! Task files whose parameters are left open: what holds for every value, and for which one it does not.

use bailiwick::catalog::Catalog;
use bailiwick::clock::Timestamp;
use bailiwick::manifest::{Compared, Findings, Manifest, Parameters, Proved, Samples, Subject};
use bailiwick::review::{Claim, Comparison, Effort, Proof, Vocabulary};
use bailiwick::scope::{Layers, Pattern};

use super::dice::Dice;

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_800_000_000).unwrap()
}

fn file(parameters: &str, rules: &str) -> Manifest {
    parsed(parameters, rules).unwrap_or_else(|it| panic!("{it}"))
}

fn parsed(parameters: &str, rules: &str) -> Result<Manifest, Findings> {
    let head = r#"
        task = "t"
        purpose = "p"
        audience = ["forum.example"]
        ttl = "15m"
        [parameters]
    "#;
    Manifest::parse_unchecked("t.toml", &format!("{head}{parameters}\n{rules}"))
}

fn allow(resource: &str) -> String {
    format!("[[allow]]\noperation = \"forum.read\"\nresource = \"{resource}\"\n")
}

fn deny(resource: &str) -> String {
    format!("[[deny]]\nresource = \"{resource}\"\n")
}

fn compared(old: &Manifest, new: &Manifest, vocabulary: &Vocabulary) -> Compared {
    let sides = [Subject::Manifest(old), Subject::Manifest(new)];
    let samples = Samples::of(&sides, &[], vocabulary, &Parameters::new());
    samples.compare(sides[0], sides[1], vocabulary, now(), Effort::default())
}

fn proved(file: &Manifest, claim: &Claim, given: &Parameters) -> Proved {
    let (subject, vocabulary) = (Subject::Manifest(file), Vocabulary::everything());
    let samples = Samples::of(&[subject], &[claim], &vocabulary, given);
    samples.prove(subject, claim, &vocabulary, now(), Effort::default())
}

/// The new one is wider, for these values and no others that were tried before.
fn gained_for(old: &Manifest, new: &Manifest, values: Parameters) {
    let compared = compared(old, new, &Vocabulary::everything());
    assert!(
        matches!(compared.comparison, Comparison::Wider(_)),
        "{compared:?}"
    );
    assert_eq!(compared.gained_for, Some(values));
}

#[test]
fn a_claim_about_one_object_is_not_proved_by_another_value() {
    let file = file("thread = \"segment\"", &allow("forum/thread/{thread}"));
    let never = |resource| Claim::Never(Pattern::any().resource(resource).unwrap());
    let proved_of = |resource| proved(&file, &never(resource), &Parameters::new());

    let refuted = proved_of("forum/thread/secret");
    assert!(matches!(refuted.proof, Proof::Refuted(_)));
    let secret = Parameters::new().with("thread", "secret");
    assert_eq!(refuted.refuted_for, Some(secret));
    assert!(proved_of("forum/user/secret").proof.is_proved());

    let given = Parameters::new().with("thread", "42");
    assert!(
        proved(&file, &never("forum/thread/secret"), &given)
            .proof
            .is_proved()
    );
}

#[test]
fn a_deny_entry_about_one_value_is_missed_when_it_is_gone() {
    let grant = allow("forum/thread/{thread}");
    let new = file("thread = \"segment\"", &grant);
    let old = file("thread = \"segment\"", &(grant + &deny("forum/thread/7")));
    gained_for(&old, &new, Parameters::new().with("thread", "7"));
}

#[test]
fn two_parameters_may_be_the_same() {
    let names = "one = \"segment\"\ntwo = \"segment\"";
    let grant = allow("forum/thread/{one}");
    let old = file(names, &(grant.clone() + &deny("forum/thread/{two}")));
    // It still has to be used.
    let new = file(names, &(grant + &deny("forum/user/{two}")));
    let values = Parameters::new()
        .with("one", "any-one")
        .with("two", "any-one");
    gained_for(&old, &new, values);
}

#[test]
fn what_a_file_no_longer_refuses_is_gained() {
    let grant = allow("forum/thread/{n}");
    let up_to = |max| {
        file(
            &format!("n = {{ type = \"integer\", min = 1, max = {max} }}"),
            &grant,
        )
    };
    gained_for(&up_to(3), &up_to(5), Parameters::new().with("n", 5));
    let less = compared(&up_to(5), &up_to(3), &Vocabulary::everything());
    assert!(matches!(less.comparison, Comparison::Narrower(_)));
    let same = compared(&up_to(3), &up_to(3), &Vocabulary::everything());
    assert_eq!(same.comparison, Comparison::Equal);
}

#[test]
fn a_text_that_a_catalog_takes_is_tried() {
    let catalog = Catalog::parse(
        "forum.toml",
        r#"
            service = "forum.example"
            [operation."forum.read"]
            effect = "read"
            resource = "forum/thread"
            [operation."forum.read".arguments]
            order = { type = "enum", values = ["new", "old"] }
            words = "text"
        "#,
    );
    let catalog = catalog.unwrap_or_else(|it| panic!("{it}"));
    let up_to = |max| {
        let arguments =
            format!("arguments.order = \"{{order}}\"\narguments.words = {{ max_len = {max} }}\n");
        file("order = \"text\"", &(allow("forum/thread") + &arguments))
    };
    let compared = compared(&up_to(3), &up_to(5), &Vocabulary::of([&catalog]));
    assert!(
        matches!(compared.comparison, Comparison::Wider(_)),
        "{compared:?}"
    );
    let order = compared.gained_for.unwrap();
    assert!(["new", "old"].contains(&order.get("order").unwrap().as_text().unwrap()));
}

#[test]
fn a_name_that_is_like_two_patterns_at_once_is_tried() {
    let grant = allow("forum/{name}");
    let denied = |more: &str| {
        let rules = grant.clone() + &deny("forum/ab*") + &deny("forum/*ba") + more;
        file("name = \"segment\"", &rules)
    };
    let old = denied("");
    let more = denied(&deny("forum/abxba"));
    let same = compared(&old, &more, &Vocabulary::everything());
    assert_eq!(same.comparison, Comparison::Equal);
    // What only both together had denied.
    let one = |name: &str| file("name = \"segment\"", &(grant.clone() + &deny(name)));
    gained_for(
        &old,
        &one("forum/ab*"),
        Parameters::new().with("name", "xba"),
    );
    gained_for(
        &old,
        &one("forum/*ba"),
        Parameters::new().with("name", "abx"),
    );
    gained_for(
        &more,
        &one("forum/abxba"),
        Parameters::new().with("name", "yba"),
    );
}

#[test]
fn a_short_name_that_is_like_two_patterns_by_an_overlap_is_tried() {
    let kinds = "name = { type = \"text\", max_len = 3 }";
    let named = |rule: &str| {
        format!("operation = \"forum.read\"\nresource = \"forum\"\narguments.name = {rule}\n")
    };
    let denied = |rule: &str| format!("[[deny]]\n{}", named(rule));
    let grant = format!("[[allow]]\n{}", named("\"{name}\""));
    let all = grant.clone() + &denied("{ like = \"ab*\" }") + &denied("{ like = \"*ba\" }");
    let new = file(kinds, &grant);
    let compared = compared(&file(kinds, &all), &new, &Vocabulary::everything());
    assert!(compared.comparison.gained().is_some());
    let samples = Samples::of(
        &[Subject::Manifest(&file(kinds, &all))],
        &[],
        &Vocabulary::everything(),
        &Parameters::new(),
    );
    let aba = Parameters::new().with("name", "aba");
    assert!(samples.are_all() && samples.sets().contains(&aba));
}

#[test]
fn what_stands_in_the_purpose_alone_is_tried_once_unless_one_file_refuses_it() {
    let file = |values: &str| {
        let text = format!(
            "task = \"t\"\npurpose = \"for {{who}}\"\naudience = [\"forum.example\"]\nttl = \"15m\"\n\
             [parameters]\nwho = {{ type = \"enum\", values = {values} }}\n{}",
            allow("forum")
        );
        Manifest::parse_unchecked("t.toml", &text).unwrap_or_else(|it| panic!("{it}"))
    };
    let (few, more) = (file("[\"a\", \"b\"]"), file("[\"a\", \"b\", \"c\"]"));
    let all = Vocabulary::everything();
    let samples = Samples::of(&[Subject::Manifest(&more)], &[], &all, &Parameters::new());
    assert_eq!((samples.sets().len(), samples.are_all()), (1, true));
    gained_for(&few, &more, Parameters::new().with("who", "c"));
}

#[test]
fn of_too_many_combinations_nothing_is_proved() {
    let names: Vec<String> = (0..9).map(|n| format!("p{n}")).collect();
    let kinds: Vec<String> = names
        .iter()
        .map(|it| format!("{it} = \"boolean\""))
        .collect();
    let arguments = |last: &str| {
        let all = names.iter().map(|it| match it.as_str() {
            "p8" => format!("arguments.{it} = {last}\n"),
            _ => format!("arguments.{it} = \"{{{it}}}\"\n"),
        });
        allow("forum") + &all.collect::<String>()
    };
    let open = file(&kinds.join("\n"), &arguments("\"{p8}\""));
    let verdict = compared(&open, &open, &Vocabulary::everything()).comparison;
    let nothing = Comparison::Undecided {
        lost: None,
        gained: None,
    };
    assert_eq!(verdict, nothing);
    let never = Claim::Never(Pattern::any().resource("admin/**").unwrap());
    assert_eq!(
        proved(&open, &never, &Parameters::new()).proof,
        Proof::Undecided
    );
    let given = (1..9).fold(Parameters::new(), |all, n| all.with(&format!("p{n}"), true));
    assert!(proved(&open, &never, &given).proof.is_proved());
    // What is found in one of them counts.
    let wider = file(
        &kinds.join("\n"),
        &(arguments("\"{p8}\"") + &allow("admin")),
    );
    let verdict = compared(&open, &wider, &Vocabulary::everything()).comparison;
    assert!(verdict.gained().is_some());
    let fewer = file(&kinds[..8].join("\n"), &arguments("true"));
    let verdict = compared(&fewer, &fewer, &Vocabulary::everything()).comparison;
    assert_eq!(verdict, Comparison::Equal);
}

/// Over files that tell few segments apart, every value is tried by hand.
#[test]
fn samples_say_what_every_value_says() {
    let words = ["a", "b", "{t}", "{u}", "*", "a*"];
    let mut counts = [0; 4];
    for seed in 0..400 {
        let mut dice = Dice::seeded(seed);
        let mut resource = || format!("{}/{}", dice.pick(&words[..5]), dice.pick(&words));
        let mut lines = [allow(&resource()), allow(&resource()), deny(&resource())];
        // Every parameter has to be used.
        let used = deny("x/{t}/x") + &deny("x/{u}/x");
        let before = lines.concat() + &used;
        let changed = dice.below(3);
        lines[changed] = match changed {
            2 => deny(&format!("{}/{}", dice.pick(&words), dice.pick(&words))),
            _ => allow(&format!("{}/{}", dice.pick(&words), dice.pick(&words))),
        };
        let after = lines.concat() + &used;
        let kinds = "t = \"segment\"\nu = { type = \"enum\", values = [\"a\", \"c\"] }";
        // A line that stands in a file twice is refused.
        let (Ok(old), Ok(new)) = (parsed(kinds, &before), parsed(kinds, &after)) else {
            continue;
        };
        let texts = ["a", "b", "c", "any-t", "aa", "ax"].into_iter();
        let values =
            texts.flat_map(|t| ["a", "c"].map(|u| Parameters::new().with("t", t).with("u", u)));
        counts[agreed(&old, &new, values)] += 1;
    }
    assert!(counts.iter().all(|count| *count > 3), "{counts:?}");
}

/// What samples find is what is found with one of all values: nothing, a gain, a loss, or both, in this order.
fn agreed(old: &Manifest, new: &Manifest, values: impl Iterator<Item = Parameters>) -> usize {
    let mut all = (false, false);
    for values in values {
        let (old, new) = (old.scope(&values, now()), new.scope(&values, now()));
        let (old, new) = (Vec::from_iter(old), Vec::from_iter(new));
        if old == new {
            continue;
        }
        let (old, new) = (Layers::blocks(&old), Layers::blocks(&new));
        let verdict = Vocabulary::everything().compare(&old, &new, Effort::default());
        all.0 |= verdict.lost().is_some();
        all.1 |= verdict.gained().is_some();
    }
    let verdict = compared(old, new, &Vocabulary::everything()).comparison;
    let found = (verdict.lost().is_some(), verdict.gained().is_some());
    assert_eq!(found, all, "{old:#?}\n{new:#?}\n{verdict:?}");
    usize::from(found.0) * 2 + usize::from(found.1)
}

/// The same of numbers and of texts, which have an order, lengths and patterns.
#[test]
fn samples_of_numbers_and_texts_say_what_every_value_says() {
    let kinds = r#"
        n = { type = "integer", min = 1, max = 5 }
        m = { type = "integer", min = 2, max = 6 }
        s = { type = "text", max_len = 3 }
    "#;
    let matchers = [
        "number = { max = \"{n}\" }",
        "number = { min = \"{m}\" }",
        "number = \"{n}\"",
        "number = 4",
        "number = { min = 3, max = 4 }",
        "text = \"{s}\"",
        "text = \"ab\"",
        "text = { like = \"a*\" }",
        "text = { like = \"*b\" }",
        "text = { max_len = 2 }",
    ];
    // Every parameter has to be used.
    let used = ["n", "m", "s"].map(|it| {
        format!("[[deny]]\narguments.{it} = {{ equals = \"{{{it}}}\", if_present = true }}\n")
    });
    let used = used.concat();
    let letters = ["a", "b", "q"];
    let longer = |words: &[String]| -> Vec<String> {
        let more = words
            .iter()
            .flat_map(|it| letters.map(|letter| format!("{it}{letter}")));
        more.collect()
    };
    let one = letters.map(str::to_owned).to_vec();
    let (two, mut three) = (longer(&one), longer(&longer(&one)));
    three.retain(|it| it.contains('q') || it == "aab");
    let texts = [one, two, three].concat();
    let mut counts = [0; 4];
    for seed in 0..50 {
        let mut dice = Dice::seeded(seed);
        let mut line = |deny: bool| {
            let (one, other) = (dice.pick(&matchers[..5]), dice.pick(&matchers[5..]));
            let (kind, open) = match deny {
                true => ("deny", ""),
                false => ("allow", "open_arguments = true\n"),
            };
            let operation = "operation = \"forum.read\"\nresource = \"forum\"\n";
            format!("[[{kind}]]\n{operation}{open}arguments.{one}\narguments.{other}\n")
        };
        let (grant, kept, changed) = (line(false), line(true), line(true));
        let before = grant.clone() + &kept + &changed + &used;
        let after = grant + &kept + &line(true) + &used;
        let (Ok(old), Ok(new)) = (parsed(kinds, &before), parsed(kinds, &after)) else {
            continue;
        };
        let numbers = (1..=5).flat_map(|n| (2..=6).map(move |m| (n, m)));
        let values = numbers.flat_map(|(n, m)| {
            let both = Parameters::new().with("n", n).with("m", m);
            let each = texts.iter();
            each.map(move |text| both.clone().with("s", text.as_str()))
        });
        counts[agreed(&old, &new, values)] += 1;
    }
    assert!(counts.iter().all(|count| *count > 2), "{counts:?}");
}

#[test]
fn what_is_never_minted_is_not_allowed_and_counts_once_the_entry_is_gone() {
    let rules = allow("forum/{a}");
    let never = format!("{rules}[[never]]\nresource = \"forum/secret\"\n");
    let (old, new) = (
        file("a = \"segment\"", &never),
        file("a = \"segment\"", &rules),
    );
    gained_for(&old, &new, Parameters::new().with("a", "secret"));
    let claim = Claim::Never(Pattern::any().resource("forum/secret").unwrap());
    let given = Parameters::new();
    assert!(proved(&old, &claim, &given).proof.is_proved());
    assert!(!proved(&new, &claim, &given).proof.is_proved());
}

#[test]
fn nothing_is_said_of_approvers_whom_nobody_looked_up() {
    let asks = |who: &str| {
        let approver = format!("[approvers]\nada = {{ directory = \"{who}\" }}\n");
        let asked = "approval = { of = [\"ada\"], at_least = 1 }\n";
        file("", &format!("{approver}{}{asked}", allow("forum/1")))
    };
    let compared = compared(&asks("Ada"), &asks("Eve"), &Vocabulary::everything());
    let undecided = Comparison::Undecided {
        lost: None,
        gained: None,
    };
    assert_eq!(compared.comparison, undecided);
    let claim = Claim::Never(Pattern::any());
    let proved = proved(&asks("Ada"), &claim, &Parameters::new());
    assert_eq!(proved.proof, Proof::Undecided);
}
