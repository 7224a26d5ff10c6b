//! Constants and parameters between slashes: what templates of resources and of paths have in common.

use std::fmt;

use crate::action::{Key, preview_text};

/// A part of a pattern, between two slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<C> {
    /// Itself.
    Constant(C),
    /// `{name}`: exactly one segment.
    One(Key),
    /// `{name**}`, at the end: one or more segments.
    Rest(Key),
}

impl<C> Part<C> {
    /// The parameter that is put in here.
    pub(super) fn parameter(&self) -> Option<&Key> {
        match self {
            Part::Constant(_) => None,
            Part::One(key) | Part::Rest(key) => Some(key),
        }
    }
}

impl<C: fmt::Display> fmt::Display for Part<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Constant(constant) => constant.fmt(f),
            Part::One(key) => write!(f, "{{{key}}}"),
            Part::Rest(key) => write!(f, "{{{key}**}}"),
        }
    }
}

/// Why a text is no pattern of a resource or of a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// A constant is not canonical.
    #[error("constant `{constant}` is not canonical: {why}")]
    Constant {
        /// The constant, escaped and shortened.
        constant: String,
        /// What is wrong with it.
        why: String,
    },
    /// Braces that are not around a whole segment, or have no name in them.
    #[error("`{part}` is neither a constant nor `{{name}}` nor `{{name**}}`")]
    Braces {
        /// The segment, escaped and shortened.
        part: String,
    },
    /// A `{name**}` has something after it.
    #[error("`{{{parameter}**}}` is not at the end")]
    RestNotLast {
        /// The parameter, escaped and shortened.
        parameter: String,
    },
    /// A parameter is there twice.
    #[error("parameter `{parameter}` is there twice")]
    Twice {
        /// The parameter, escaped and shortened.
        parameter: String,
    },
    /// A path does not begin with `/`.
    #[error("path does not begin with `/`")]
    Relative,
    /// There are more segments than a resource can have.
    #[error("there are more than {max} segments")]
    TooLong {
        /// The most.
        max: usize,
    },
}

/// Reads the parts of a pattern.
pub(super) fn parts<C>(
    text: &str,
    constant: impl Fn(&str) -> Result<C, String>,
) -> Result<Vec<Part<C>>, PatternError> {
    const MAX: usize = crate::action::Resource::MAX_SEGMENTS;
    let mut parts: Vec<Part<C>> = Vec::new();
    for piece in text.split('/') {
        if parts.len() == MAX {
            return Err(PatternError::TooLong { max: MAX });
        }
        if let Some(Part::Rest(parameter)) = parts.last() {
            return Err(PatternError::RestNotLast {
                parameter: preview_text(parameter.as_str()),
            });
        }
        let part = part(piece, &constant)?;
        let twice = part.parameter().filter(|key| {
            let mut others = parts.iter().filter_map(Part::parameter);
            others.any(|other| other == *key)
        });
        if let Some(parameter) = twice {
            return Err(PatternError::Twice {
                parameter: preview_text(parameter.as_str()),
            });
        }
        parts.push(part);
    }
    Ok(parts)
}

fn part<C>(
    piece: &str,
    constant: impl Fn(&str) -> Result<C, String>,
) -> Result<Part<C>, PatternError> {
    let braces = || PatternError::Braces {
        part: preview_text(piece),
    };
    if !piece.contains(['{', '}']) {
        return constant(piece)
            .map(Part::Constant)
            .map_err(|why| PatternError::Constant {
                constant: preview_text(piece),
                why,
            });
    }
    let name = piece
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let name = name.ok_or_else(braces)?;
    let (name, rest) = match name.strip_suffix("**") {
        Some(name) => (name, true),
        None => (name, false),
    };
    if name.contains(['{', '}']) {
        return Err(braces());
    }
    let key = Key::parse(name).map_err(|_| braces())?;
    Ok(if rest {
        Part::Rest(key)
    } else {
        Part::One(key)
    })
}

/// The parameters of a pattern, each with the segments that stand in its place. No parameter takes an empty segment.
pub(super) fn matched<'p, 's, C: AsRef<str>>(
    pattern: &'p [Part<C>],
    segments: &'s [&'s str],
) -> Option<Vec<(&'p Key, &'s [&'s str])>> {
    let mut taken = Vec::new();
    let mut left = segments;
    for part in pattern {
        let (first, rest) = left.split_first()?;
        match part {
            Part::Constant(constant) => {
                if constant.as_ref() != *first {
                    return None;
                }
            }
            Part::One(key) => {
                if first.is_empty() {
                    return None;
                }
                taken.push((key, left.get(..1)?));
            }
            Part::Rest(key) => {
                if left.iter().any(|segment| segment.is_empty()) {
                    return None;
                }
                taken.push((key, left));
                left = &[];
                continue;
            }
        }
        left = rest;
    }
    left.is_empty().then_some(taken)
}

/// Whether two patterns match the same things, whatever their parameters are called.
pub(super) fn same_shape<C: PartialEq>(left: &[Part<C>], right: &[Part<C>]) -> bool {
    let same = |(left, right): (&Part<C>, &Part<C>)| match (left, right) {
        (Part::Constant(left), Part::Constant(right)) => left == right,
        (Part::One(_), Part::One(_)) | (Part::Rest(_), Part::Rest(_)) => true,
        _ => false,
    };
    left.len() == right.len() && left.iter().zip(right).all(same)
}

/// Whether something matches both patterns.
pub(super) fn overlap<C: AsRef<str>>(left: &[Part<C>], right: &[Part<C>]) -> bool {
    let not_empty = |part: &Part<C>| !matches!(part, Part::Constant(it) if it.as_ref().is_empty());
    match (left, right) {
        ([], []) => true,
        ([Part::Rest(_), ..], others @ [_, ..]) | (others @ [_, ..], [Part::Rest(_), ..]) => {
            others.iter().all(not_empty)
        }
        ([one, left @ ..], [two, right @ ..]) => {
            let meet = match (one, two) {
                (Part::Constant(one), Part::Constant(two)) => one.as_ref() == two.as_ref(),
                _ => not_empty(one) && not_empty(two),
            };
            meet && overlap(left, right)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<Part<String>>, PatternError> {
        parts(text, |constant| Ok(constant.to_owned()))
    }

    #[test]
    fn parts_are_read_and_others_are_refused() {
        let pattern = read("a/{b}/{c**}").unwrap();
        let shown: Vec<_> = pattern.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["a", "{b}", "{c**}"]);
        for text in [
            "x{a}", "{a}x", "{", "}", "{}", "{**}", "{{a}}", "{a*}", "{a.b}", "{a}{b}",
        ] {
            let error = read(text).unwrap_err();
            assert!(matches!(error, PatternError::Braces { .. }), "{text}");
        }
        let rest = read("{a**}/b").unwrap_err();
        assert!(matches!(rest, PatternError::RestNotLast { .. }));
        assert!(matches!(
            read("{a}/{a}").unwrap_err(),
            PatternError::Twice { .. }
        ));
        let long = vec!["a"; 65].join("/");
        assert!(matches!(
            read(&long).unwrap_err(),
            PatternError::TooLong { max: 64 }
        ));
    }

    #[test]
    fn a_parameter_takes_whole_segments_that_are_not_empty() {
        let takes = |pattern: &str, path: &str| {
            let segments: Vec<_> = path.split('/').collect();
            matched(&read(pattern).unwrap(), &segments).is_some()
        };
        assert!(takes("a/{b}", "a/x"));
        assert!(takes("a/{b**}", "a/x/y"));
        assert!(takes("a/", "a/"));
        for (pattern, path) in [
            ("a/{b}", "a"),
            ("a/{b}", "a/"),
            ("a/{b}", "a/x/y"),
            ("a/{b**}", "a"),
            ("a/{b**}", "a/x/"),
            ("a", "a/"),
            ("a/", "a"),
            ("a", "A"),
        ] {
            assert!(!takes(pattern, path), "{pattern} {path}");
        }
    }

    fn pattern() -> impl Strategy<Value = String> {
        let piece = prop_oneof![Just("a"), Just("b"), Just(""), Just("{p}"), Just("{q}")];
        let rest = prop_oneof![Just(""), Just("/{r**}")];
        (prop::collection::vec(piece, 1..4), rest)
            .prop_map(|(pieces, rest)| pieces.join("/") + rest)
    }

    proptest! {
        #[test]
        fn two_patterns_that_match_one_path_overlap(
            left in pattern(), right in pattern(), path in "[ab]?(/[ab]?){0,4}",
        ) {
            let (Ok(left), Ok(right)) = (read(&left), read(&right)) else { return Ok(()) };
            let segments: Vec<_> = path.split('/').collect();
            let both = matched(&left, &segments).is_some() && matched(&right, &segments).is_some();
            prop_assert!(!both || overlap(&left, &right));
            prop_assert_eq!(overlap(&left, &right), overlap(&right, &left));
            if same_shape(&left, &right) {
                prop_assert_eq!(matched(&left, &segments).is_some(), matched(&right, &segments).is_some());
            }
        }
    }
}
