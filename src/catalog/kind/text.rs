//! Values that are text on the wire: in a path, in a query, in a resource.

use super::Type;
use crate::action::Value;

/// A text as its caller would have written it where values have types: of numbers and truth values, in one spelling.
pub(super) fn wire_value(kind: &Type, text: &str) -> Option<Value> {
    match kind {
        Type::Integer => {
            let integer: i64 = text.parse().ok()?;
            (integer.to_string() == text).then_some(Value::Int(integer))
        }
        Type::Boolean => match text {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Number | Type::Decimal(_) => {
            let plain = !text.contains(['e', 'E']) && text != "-0";
            Value::number(text).ok().filter(|_| plain)
        }
        Type::List(_) | Type::Object(_) | Type::Any => None,
        _ => Some(Value::from(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_truth_values_have_one_spelling_as_text() {
        assert_eq!(wire_value(&Type::Integer, "-7"), Some(Value::Int(-7)));
        assert_eq!(wire_value(&Type::Boolean, "true"), Some(true.into()));
        assert_eq!(
            wire_value(&Type::Decimal(2), "98.70"),
            Value::number("98.7").ok()
        );
        assert_eq!(wire_value(&Type::Text, "7"), Some("7".into()));
        for text in [
            "07",
            "+7",
            "-0",
            " 7",
            "7 ",
            "7.0",
            "0x7",
            "",
            "٧",
            "9223372036854775808",
        ] {
            assert_eq!(wire_value(&Type::Integer, text), None, "{text}");
        }
        for text in ["True", "1", "yes", ""] {
            assert_eq!(wire_value(&Type::Boolean, text), None, "{text}");
        }
        for text in ["1e2", "1E2", "-0", ".5", "5.", "+5", "NaN", "01", ""] {
            assert_eq!(wire_value(&Type::Number, text), None, "{text}");
        }
        assert_eq!(wire_value(&Type::Any, "7"), None);
    }
}
