//! A value is one segment or one constant, whatever it looks like.

use proptest::prelude::*;

use super::*;
use crate::action::{Resource, Segment, Value};
use crate::scope::Scalar;

/// Values that a pattern, a path or a template would read in its own way.
fn hostile() -> impl Strategy<Value = String> {
    let sharp = prop::sample::select(vec![
        "*", "**", "..", ".", "/", "\\", "\\*", "%2f", "{", "}", "{b}", "{a}", "a", "42", "\n",
        "\u{202e}", "ü", " ",
    ]);
    prop_oneof![
        prop::collection::vec(sharp, 0..5).prop_map(|parts| parts.concat()),
        any::<String>(),
    ]
}

const ONE: &str = r#"
parameters = { a = "segment", b = "segment" }
[[allow]]
future = true
effect = "read"
resource = "x/{a}/{b}/**"
arguments.a = "{a}"
arguments.c = { one_of = ["c", "{b}"] }
"#;

proptest! {
    #[test]
    fn a_value_is_one_segment_and_matches_nothing_but_itself(
        a in hostile(), b in hostile(), other in hostile(),
    ) {
        let parameters = Parameters::new().with("a", a.as_str()).with("b", b.as_str());
        let scope = manifest(ONE).scope(&parameters, now());
        let canonical = Segment::parse(&a).is_ok() && Segment::parse(&b).is_ok();
        // `one_of` refuses to name the same text twice.
        prop_assert_eq!(scope.is_ok(), canonical && b != "c");
        let Ok(scope) = scope else { return Ok(()) };

        let grant = &scope.allow().unwrap()[0];
        let within = |a: &str, b: &str| {
            let resource = Resource::from_segments(["x", a, b, "rest"]);
            resource.is_ok_and(|resource| grant.resource().matches(&resource))
        };
        prop_assert!(within(&a, &b));
        prop_assert_eq!(within(&other, &b), other == a);
        prop_assert_eq!(within(&a, &other), other == b);
        let matcher = grant.arguments()[0].matcher();
        prop_assert_eq!(matcher, &crate::scope::Matcher::Equals(Scalar::Text(a)));
    }

    #[test]
    fn a_value_is_one_segment_of_the_object_of_a_label(a in hostile()) {
        let text = "parameters.a = \"segment\"\n[[allow]]\nfuture = true\neffect = \"read\"\nresource = \"x\"\n\
            arguments.to = { from = \"mail:from@mail/{a}/head\" }\n";
        let scope = manifest(text).scope(&Parameters::new().with("a", a.as_str()), now());
        prop_assert_eq!(scope.is_ok(), Segment::parse(&a).is_ok());
        let Ok(scope) = scope else { return Ok(()) };
        let object = Resource::from_segments(["mail", a.as_str(), "head"]).unwrap();
        let label = crate::scope::Label::new("mail:from").unwrap().of(&object);
        let matcher = scope.allow().unwrap()[0].arguments()[0].matcher();
        prop_assert_eq!(matcher, &crate::scope::Matcher::From(label));
    }

    #[test]
    fn a_value_forges_no_line_and_no_words_of_a_purpose(value in hostile()) {
        let rest = "parameters.t = \"text\"\n[[allow]]\nfuture = true\neffect = \"read\"\nresource = \"a\"\n";
        let text = file(rest).replace("\"p\"", "\"read {t} alone\"");
        let manifest = Manifest::parse_unchecked("t.toml", &text).unwrap();
        let purpose = manifest.purpose(&Parameters::new().with("t", value.as_str()));
        let Ok(purpose) = purpose else { return Ok(()) };
        let purpose = purpose.as_str();
        let shown = purpose.strip_prefix("read ").and_then(|rest| rest.strip_suffix(" alone")).unwrap();
        let plain = shown.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.@+".contains(&byte));
        let inner = shown.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let closed = inner.is_some_and(|inner| {
            // Every quote in it is escaped.
            let unescaped = inner.replace("\\\\", "").replace("\\\"", "");
            !unescaped.contains('"') && !inner.contains('\n')
        });
        prop_assert!(plain || closed, "{purpose}");
    }
}

fn code(kind: &str, value: Value) -> Result<(), &'static str> {
    let rest = format!(
        "parameters.p = {kind}\n[[allow]]\nfuture = true\neffect = \"read\"\nresource = \"a\"\narguments.a = {{ equals = \"{{p}}\"{} }}\n",
        if kind.contains("decimal") {
            ", scale = 2"
        } else {
            ""
        }
    );
    let parameters = Parameters::new().with("p", value);
    let scope = manifest(&rest).scope(&parameters, now());
    scope.map(drop).map_err(|error| error.code())
}

#[test]
fn each_type_of_parameter_takes_its_values_and_no_others() {
    let text = Value::from;
    let number = |text| Value::number(text).unwrap();
    let mistyped = Err("parameter_mistyped");
    let outside = Err("parameter_out_of_range");
    let not_canonical = Err("parameter_not_canonical");
    let segment = "\"segment\"";
    let short = "{ type = \"text\", max_len = 3 }";
    let choice = "{ type = \"enum\", values = [\"low\", \"high\"] }";
    let integer = "{ type = \"integer\", min = 1, max = 10 }";
    let decimal = "{ type = \"decimal\", scale = 2, min = 0.01, max = 5 }";
    for (kind, value, expected) in [
        (segment, text("42"), Ok(())),
        (segment, text("*"), Ok(())),
        (segment, text("{p}"), Ok(())),
        (segment, Value::Int(42), mistyped),
        (segment, Value::Null, mistyped),
        (segment, text(""), not_canonical),
        (segment, text(".."), not_canonical),
        (segment, text("a/b"), not_canonical),
        (segment, text("a%2fb"), not_canonical),
        (segment, text("a\n"), not_canonical),
        (segment, text("u\u{308}"), not_canonical),
        (short, text("a/b"), Ok(())),
        (short, text("abcd"), outside),
        (short, text(""), outside),
        (short, text("a\n"), not_canonical),
        (short, Value::Bool(true), mistyped),
        (choice, text("low"), Ok(())),
        (choice, text("Low"), outside),
        (choice, Value::Int(1), mistyped),
        (integer, Value::Int(1), Ok(())),
        (integer, Value::Int(10), Ok(())),
        (integer, Value::Int(0), outside),
        (integer, Value::Int(11), outside),
        (integer, text("5"), mistyped),
        (integer, number("5.5"), mistyped),
        (decimal, number("5.00"), Ok(())),
        (decimal, Value::Int(5), Ok(())),
        (decimal, number("5.01"), outside),
        (decimal, Value::Int(0), outside),
        (decimal, number("0.015"), mistyped),
        (decimal, text("1.00"), mistyped),
        ("\"boolean\"", Value::Bool(false), Ok(())),
        ("\"boolean\"", text("true"), mistyped),
        ("\"boolean\"", Value::Int(1), mistyped),
    ] {
        assert_eq!(code(kind, value.clone()), expected, "{kind} {value:?}");
    }
}

#[test]
fn each_parameter_is_given_and_nothing_besides() {
    let given = |parameters: Parameters| {
        let scope = manifest(ONE).scope(&parameters, now());
        scope.map(drop).map_err(|error| error.to_string())
    };
    let both = || Parameters::new().with("a", "1").with("b", "2");
    assert_eq!(given(both()), Ok(()));
    let missing = "parameter `b` is missing".to_owned();
    assert_eq!(given(Parameters::new().with("a", "1")), Err(missing));
    let unknown = r"the task has no parameter `a\n`".to_owned();
    assert_eq!(given(both().with("a\n", "1")), Err(unknown));
}

#[test]
fn a_scope_that_contradicts_itself_with_its_values_is_refused() {
    let rest = r#"
parameters.low = { type = "integer", min = 0, max = 9 }
[[allow]]
future = true
effect = "read"
resource = "a"
arguments.n = { min = "{low}", max = 5 }
"#;
    let code = |low: i64| {
        let scope = manifest(rest).scope(&Parameters::new().with("low", low), now());
        scope.map(drop).map_err(|error| error.code())
    };
    assert_eq!(code(5), Ok(()));
    assert_eq!(code(6), Err("scope_invalid"));
}

#[test]
fn a_purpose_that_gets_too_long_is_refused() {
    let rest =
        "parameters.t = \"text\"\n[[allow]]\nfuture = true\neffect = \"read\"\nresource = \"a\"\n";
    let text = file(rest).replace("\"p\"", "\"read {t}\"");
    let manifest = Manifest::parse_unchecked("t.toml", &text).unwrap();
    let code = |bytes: usize| {
        let parameters = Parameters::new().with("t", "x".repeat(bytes));
        let purpose = manifest.purpose(&parameters);
        purpose.map(drop).map_err(|error| error.code())
    };
    assert_eq!(code(1_019), Ok(()));
    assert_eq!(code(1_020), Err("purpose_invalid"));
}
