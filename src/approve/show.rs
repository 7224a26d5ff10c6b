//! What an approver reads.

use std::fmt::Write as _;

use super::{RequestError, VerifiedRequest};
use crate::action::{Action, Line, Object, Tree, Value};

/// Lines that together are not longer than a person can be asked to read.
pub(super) struct Page {
    lines: Vec<String>,
    left: usize,
}

impl Page {
    /// The most characters of all lines.
    pub(super) const MAX_CHARS: usize = 1 << 20;

    pub(super) fn show(request: &VerifiedRequest) -> Result<Vec<String>, RequestError> {
        let mut page = Self::new();
        page.header(request)?;
        page.actions(request.actions())?;
        Ok(page.lines)
    }

    fn new() -> Self {
        Self {
            lines: Vec::new(),
            left: Self::MAX_CHARS,
        }
    }

    fn header(&mut self, request: &VerifiedRequest) -> Result<(), RequestError> {
        let task = request.task();
        self.quoted("task ", task.id().as_str(), "")?;
        self.quoted("purpose ", task.purpose().as_str(), "")?;
        self.quoted("for ", task.principal().as_str(), "")?;
        self.quoted("agent ", task.agent().as_str(), "")?;
        for delegate in request.delegates() {
            let stated = " (as stated by its delegator)";
            self.quoted("handed on to agent ", delegate.as_str(), stated)?;
        }
        self.plain(&format!("asked by {}", request.holder()))?;
        self.quoted("service ", request.service().as_str(), "")?;
        self.plain(&format!("to be answered before {}", request.until()))?;
        self.plain(&format!("token ends {}", request.token_until()))
    }

    fn actions(&mut self, actions: &[Action]) -> Result<(), RequestError> {
        for (number, action) in (1_usize..).zip(actions) {
            self.plain(&format!("action {number} of {}", actions.len()))?;
            self.quoted("  operation ", action.operation().as_str(), "")?;
            self.plain(&format!("  effect {}", action.effect()))?;
            self.quoted("  resource ", &action.resource().to_string(), "")?;
            self.tree("  argument ", "  no arguments", action.arguments())?;
            self.tree("  attribute ", "  no attributes", action.attributes())?;
        }
        Ok(())
    }

    fn tree(&mut self, what: &str, none: &str, tree: &Tree) -> Result<(), RequestError> {
        if tree.root().is_empty() {
            return self.plain(none);
        }
        self.members(what, &mut String::new(), tree.root())
    }

    fn members(
        &mut self,
        what: &str,
        path: &mut String,
        object: &Object,
    ) -> Result<(), RequestError> {
        let end = path.len();
        for (key, value) in object.iter() {
            if end > 0 {
                path.push('.');
            }
            // A key can be any text, quotes and dots of other scripts included.
            let mut quoted = Line::new(usize::MAX);
            quoted.quoted(key.as_str());
            path.push_str(&quoted.finish());
            self.value(what, path, value)?;
            path.truncate(end);
        }
        Ok(())
    }

    // As deep as a tree, which has few levels.
    fn value(&mut self, what: &str, path: &mut String, value: &Value) -> Result<(), RequestError> {
        match value {
            Value::List(values) if !values.is_empty() => {
                let end = path.len();
                for (index, value) in values.iter().enumerate() {
                    let _ = write!(path, "[{index}]");
                    self.value(what, path, value)?;
                    path.truncate(end);
                }
                Ok(())
            }
            Value::Object(object) if !object.is_empty() => self.members(what, path, object),
            leaf => self.line(|line| {
                line.plain(what);
                line.plain(path);
                line.plain(" = ");
                write_leaf(line, leaf);
            }),
        }
    }

    fn quoted(&mut self, before: &str, text: &str, after: &str) -> Result<(), RequestError> {
        self.line(|line| {
            line.plain(before);
            line.quoted(text);
            line.plain(after);
        })
    }

    /// For what has no text from outside.
    fn plain(&mut self, text: &str) -> Result<(), RequestError> {
        self.line(|line| line.plain(text))
    }

    fn line(&mut self, write: impl FnOnce(&mut Line)) -> Result<(), RequestError> {
        let mut line = Line::new(self.left);
        write(&mut line);
        // What cannot be shown in full cannot be approved.
        if line.is_full() {
            let limit = Self::MAX_CHARS;
            return Err(RequestError::TooLong { limit });
        }
        let line = line.finish();
        self.left = self.left.saturating_sub(line.chars().count() + 1);
        self.lines.push(line);
        Ok(())
    }
}

/// A value without members, so that its type shows: `1`, `"1"`, `decimal 1.00`, `number 1e30`,
/// `hex:31`.
fn write_leaf(line: &mut Line, value: &Value) {
    match value {
        Value::Null => line.plain("null"),
        Value::Bool(value) => line.plain(if *value { "true" } else { "false" }),
        Value::Int(value) => line.plain(&value.to_string()),
        Value::Decimal(value) => {
            line.plain("decimal ");
            // With as many digits after the point as its scale says.
            line.plain(&value.to_string());
        }
        Value::Number(value) => {
            line.plain("number ");
            line.plain(value.as_str());
        }
        Value::Text(value) => line.quoted(value),
        Value::Bytes(value) => {
            line.plain("hex:");
            for byte in value {
                line.plain(&format!("{byte:02x}"));
            }
        }
        Value::List(_) => line.plain("[]"),
        Value::Object(_) => line.plain("{}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::action::arbitrary;
    use crate::action::{Decimal, Effect};

    fn shown(actions: &[Action]) -> Vec<String> {
        let mut page = Page::new();
        page.actions(actions).unwrap();
        page.lines
    }

    fn publish(arguments: Tree) -> Action {
        Action::new(
            "forum.example".parse().unwrap(),
            "forum.publish".parse().unwrap(),
            Effect::Publish,
            "forum/thread/42".parse().unwrap(),
        )
        .with_arguments(arguments)
    }

    fn with<const N: usize>(pairs: [(&str, Value); N]) -> Action {
        publish(Tree::from_pairs(pairs).unwrap())
    }

    #[test]
    fn an_action_is_shown_in_full_one_thing_a_line() {
        let item = Object::from_pairs([
            ("price", Value::from(Decimal::new(2, 9870).unwrap())),
            ("name", Value::from("a \"b\"\nc")),
        ]);
        let action = with([
            ("items", vec![Value::from(item.unwrap())].into()),
            ("none", Vec::new().into()),
            ("big", Value::number("1e30").unwrap()),
            ("one", 1.into()),
            ("text", "1".into()),
            ("raw", Value::Bytes(vec![0, 255])),
            ("gone", Value::Null),
        ])
        .with_attributes(Tree::from_pairs([("visibility", "internal")]).unwrap());
        assert_eq!(
            shown(&[action, publish(Tree::empty())]),
            [
                "action 1 of 2",
                r#"  operation "forum.publish""#,
                "  effect publish",
                r#"  resource "forum/thread/42""#,
                r#"  argument "big" = number 1e30"#,
                r#"  argument "gone" = null"#,
                r#"  argument "items"[0]."name" = "a \"b\"\nc""#,
                r#"  argument "items"[0]."price" = decimal 98.70"#,
                r#"  argument "none" = []"#,
                r#"  argument "one" = 1"#,
                r#"  argument "raw" = hex:00ff"#,
                r#"  argument "text" = "1""#,
                r#"  attribute "visibility" = "internal""#,
                "action 2 of 2",
                r#"  operation "forum.publish""#,
                "  effect publish",
                r#"  resource "forum/thread/42""#,
                "  no arguments",
                "  no attributes",
            ]
        );
    }

    #[test]
    fn a_long_value_is_not_shortened() {
        let text = "It depends. ".repeat(5_000);
        let lines = shown(&[with([("text", text.as_str().into())])]);
        assert!(lines.contains(&format!("  argument \"text\" = \"{text}\"")));
    }

    #[test]
    fn what_is_too_long_to_be_shown_in_full_is_refused_and_not_cut() {
        let page = |chars: usize| {
            let action = with([("text", "x".repeat(chars).into())]);
            Page::new().actions(&[action])
        };
        assert!(page(Page::MAX_CHARS / 2).is_ok());
        let error = page(Page::MAX_CHARS).unwrap_err();
        assert_eq!(error.code(), "request_too_long");
    }

    #[test]
    fn many_values_under_a_long_path_are_refused_without_writing_them_all() {
        let mut value = Value::from(vec![Value::Null; 4_000]);
        for _ in 0..29 {
            value = Object::from_pairs([("\u{200b}".repeat(80), value)])
                .unwrap()
                .into();
        }
        let error = Page::new().actions(&[with([("a", value)])]).unwrap_err();
        assert_eq!(error.code(), "request_too_long");
    }

    #[test]
    fn a_text_that_looks_like_another_line_or_value_does_not() {
        let forged = "x\"\n  argument \"to\" = \"ada\u{202e}\u{3164}\u{feff}";
        let lines = shown(&[with([("text", forged.into())])]);
        assert!(
            lines.contains(
                &r#"  argument "text" = "x\"\n  argument \"to\" = \"ada\u{202e}\u{3164}\u{feff}""#
                    .to_owned()
            )
        );
    }

    fn hides(character: char) -> bool {
        character.is_control()
            || matches!(
                character,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
                    | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                    | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                    | '\u{e0000}'..='\u{e0fff}'
            )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn different_actions_never_look_the_same(left in arbitrary::action(), right in arbitrary::action()) {
            // The service stands in the header, one for all actions.
            let same = left == right || (left.service() != right.service()
                && Action::new(right.service().clone(), left.operation().clone(), left.effect(), left.resource().clone())
                    .with_arguments(left.arguments().clone())
                    .with_attributes(left.attributes().clone()) == right);
            prop_assert_eq!(shown(&[left]) == shown(&[right]), same);
        }

        #[test]
        fn different_arguments_never_look_the_same(left in arbitrary::tree(), right in arbitrary::tree()) {
            let same = left == right;
            prop_assert_eq!(shown(&[publish(left)]) == shown(&[publish(right)]), same);
        }

        #[test]
        fn different_lists_of_actions_never_look_the_same(
            left in prop::collection::vec(arbitrary::tree(), 1..4),
            right in prop::collection::vec(arbitrary::tree(), 1..4),
        ) {
            let same = left == right;
            let actions = |trees: Vec<Tree>| trees.into_iter().map(publish).collect::<Vec<_>>();
            prop_assert_eq!(shown(&actions(left)) == shown(&actions(right)), same);
        }

        #[test]
        fn no_line_has_a_character_that_hides_or_moves_others(key in "[^.*]{1,20}", text: String, special in "[\\p{C}\\p{Z}\\p{M}\u{3164}\u{2800}]{0,8}") {
            prop_assume!(key.len() <= 256);
            let pairs = [(key, Value::from(text + &special))];
            for line in shown(&[publish(Tree::from_pairs(pairs).unwrap())]) {
                prop_assert!(!line.chars().any(hides), "{:?}", line);
            }
        }
    }
}
