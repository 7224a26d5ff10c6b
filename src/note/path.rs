//! Where values stand in an answer.

use std::fmt;
use std::slice;
use std::str::FromStr;

use serde_json::Value;

use crate::action::preview_text;

/// Where texts stand in the JSON of an answer: a part of JSONPath (RFC 9535), of names, places and `[*]`.
///
/// It begins with `$`. `.name` and `['name']` are a member of an object, `[2]` is an element of a list, and `[*]` is each
/// element of a list. There are no filters and no descents: a value is noted for where it stands, never searched for.
///
/// ```
/// use bailiwick::note::ValuePath;
///
/// let path: ValuePath = "$.attendees[*].email".parse()?;
/// let event = serde_json::json!({ "attendees": [{ "email": "ann@example.com" }, { "name": "Bob" }, { "email": 7 }] });
/// assert_eq!(path.texts(&event), ["ann@example.com"]);
/// assert!("$..email".parse::<ValuePath>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuePath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Element(usize),
    Each,
}

/// A text is no path to values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{path}` is no path: `$` and at most {} of `.name`, `['name']`, `[2]` and `[*]`",
    ValuePath::MAX_STEPS
)]
pub struct ValuePathError {
    /// The text, escaped and shortened.
    pub path: String,
}

impl ValuePath {
    /// The most steps of a path.
    pub const MAX_STEPS: usize = 16;
    /// The most bytes of a path.
    pub const MAX_BYTES: usize = 512;

    /// The texts there, in order. What is missing there, or is no text, is left out.
    pub fn texts<'a>(&self, answer: &'a Value) -> Vec<&'a str> {
        let mut found = vec![answer];
        for step in &self.0 {
            found = found.into_iter().flat_map(|it| step.below(it)).collect();
        }
        found.into_iter().filter_map(Value::as_str).collect()
    }

    /// What stands there, each with the path to it alone.
    pub(crate) fn select<'a>(&self, answer: &'a Value) -> Vec<(Self, &'a Value)> {
        let mut found = vec![(Self(Vec::new()), answer)];
        for step in &self.0 {
            let below = |(path, value): (Self, &'a Value)| {
                let below = step.below(value).iter().enumerate();
                below.map(move |(index, value)| (path.then(step.at(index)), value))
            };
            found = found.into_iter().flat_map(below).collect();
        }
        found
    }

    /// From the end of this path on by another; `None` if both are too long together.
    pub(crate) fn join(&self, on: &Self) -> Option<Self> {
        let path = Self([self.0.as_slice(), &on.0].concat());
        let fits = path.0.len() <= Self::MAX_STEPS && path.to_string().len() <= Self::MAX_BYTES;
        fits.then_some(path)
    }

    fn then(&self, step: Step) -> Self {
        let mut path = self.clone();
        path.0.push(step);
        path
    }
}

impl Step {
    /// What is one step below a value.
    fn below<'a>(&self, value: &'a Value) -> &'a [Value] {
        let one = match self {
            Self::Member(name) => value.as_object().and_then(|object| object.get(name)),
            Self::Element(index) => value.as_array().and_then(|list| list.get(*index)),
            Self::Each => return value.as_array().map_or(&[], Vec::as_slice),
        };
        one.map_or(&[], slice::from_ref)
    }

    /// The step to one of what is below.
    fn at(&self, index: usize) -> Self {
        match self {
            Self::Each => Self::Element(index),
            step => step.clone(),
        }
    }
}

impl FromStr for ValuePath {
    type Err = ValuePathError;

    fn from_str(text: &str) -> Result<Self, ValuePathError> {
        let error = || ValuePathError {
            path: preview_text(text),
        };
        let short = Some(text).filter(|text| text.len() <= Self::MAX_BYTES);
        let mut rest = short
            .and_then(|text| text.strip_prefix('$'))
            .ok_or_else(error)?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = step(rest).ok_or_else(error)?;
            steps.push(step);
            rest = after;
        }
        match steps.len() {
            0..=Self::MAX_STEPS => Ok(Self(steps)),
            _ => Err(error()),
        }
    }
}

/// The first step of a text, and what comes after it. Each step has one spelling.
fn step(text: &str) -> Option<(Step, &str)> {
    if let Some(text) = text.strip_prefix('.') {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end)?;
        return is_short(name).then(|| (Step::Member(name.to_owned()), rest));
    }
    let text = text.strip_prefix('[')?;
    if let Some(text) = text.strip_prefix('\'') {
        let (name, rest) = text.split_once("']")?;
        let plain = |letter: char| letter != '\'' && letter != '\\' && !letter.is_control();
        return (!is_short(name) && name.chars().all(plain))
            .then(|| (Step::Member(name.to_owned()), rest));
    }
    let (inside, rest) = text.split_once(']')?;
    if inside == "*" {
        return Some((Step::Each, rest));
    }
    let index: usize = inside.parse().ok()?;
    (index.to_string() == inside).then_some((Step::Element(index), rest))
}

/// A name that is written after a dot.
fn is_short(name: &str) -> bool {
    let letter = |letter: char| letter == '_' || letter.is_ascii_alphabetic() || !letter.is_ascii();
    let mut letters = name.chars();
    letters.next().is_some_and(letter) && letters.all(|it| letter(it) || it.is_ascii_digit())
}

impl fmt::Display for ValuePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.0.iter().try_for_each(|step| match step {
            Step::Member(name) if is_short(name) => write!(f, ".{name}"),
            Step::Member(name) => write!(f, "['{name}']"),
            Step::Element(index) => write!(f, "[{index}]"),
            Step::Each => f.write_str("[*]"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(text: &str) -> ValuePath {
        text.parse().unwrap()
    }

    #[test]
    fn a_path_leads_to_texts_and_to_nothing_else() {
        let answer = json!({
            "to": "a",
            "e-mail": ["b", "c", 3, { "x": "d" }],
            "rows": [{ "id": 1, "who": ["e"] }, { "id": 2, "who": "f" }, { "who": ["g", null, "h"] }],
        });
        for (text, texts) in [
            ("$", &[][..]),
            ("$.to", &["a"]),
            ("$.to[0]", &[]),
            ("$.to[*]", &[]),
            ("$['e-mail']", &[]),
            ("$['e-mail'][*]", &["b", "c"]),
            ("$['e-mail'][1]", &["c"]),
            ("$['e-mail'][9]", &[]),
            ("$['e-mail'][3].x", &["d"]),
            ("$.rows[*].who[*]", &["e", "g", "h"]),
            ("$.rows[*].who", &["f"]),
            ("$.rows.who", &[]),
            // Of an object, `[*]` is nothing.
            ("$[*]", &[]),
        ] {
            assert_eq!(path(text).texts(&answer), texts, "{text}");
        }
        assert_eq!(path("$").texts(&json!("x")), ["x"]);
    }

    #[test]
    fn what_is_selected_says_where_it_stands() {
        let answer = json!({ "rows": [{ "a": "x" }, {}, { "a": "y" }] });
        let found = path("$.rows[*].a").select(&answer);
        let places: Vec<_> = found.iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(places, ["$.rows[0].a", "$.rows[2].a"]);
        for (path, value) in found {
            assert_eq!(path.texts(&answer), [value.as_str().unwrap()]);
        }
    }

    #[test]
    fn a_path_has_one_spelling() {
        for text in ["$", "$.a", "$.ä_1[*]['b c'][0]['']", "$['1']", "$['a.b']"] {
            assert_eq!(path(text).to_string(), text);
        }
        let long = format!("${}", ".a".repeat(17));
        let wide = format!("$.{}", "a".repeat(600));
        for text in [
            "",
            "a",
            "$a",
            "$.",
            "$..a",
            "$.1",
            "$.a-b",
            "$.a.",
            "$[",
            "$[]",
            "$[-1]",
            "$[01]",
            "$[+1]",
            "$[1:2]",
            "$[?@.a]",
            "$.*",
            "$['a']",
            "$[\"a\"]",
            "$['a\\'b']",
            "$['a",
            "$[ 1]",
            " $",
            "$.a b",
            &long,
            &wide,
        ] {
            assert!(text.parse::<ValuePath>().is_err(), "{text}");
        }
    }

    #[test]
    fn two_paths_become_one_unless_it_is_too_long() {
        assert_eq!(path("$.a[3]").join(&path("$.b")), Some(path("$.a[3].b")));
        let nine = path(&format!("${}", ".a".repeat(9)));
        assert!(nine.join(&path(&format!("${}", ".a".repeat(7)))).is_some());
        assert!(nine.join(&path(&format!("${}", ".a".repeat(8)))).is_none());
        let wide = path(&format!("$.{}", "a".repeat(300)));
        assert!(wide.join(&wide).is_none());
    }
}
