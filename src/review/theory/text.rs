//! Texts: a few words of what patterns, lengths and lists of constants leave.
//!
//! A text is a longest prefix, a middle that is free, and a longest suffix, which overlap if it is
//! short. A middle of characters that occur nowhere else fails every pattern that any middle of
//! its length fails: so no automaton is needed.

use std::collections::HashSet;

use super::super::effort::{Exhausted, Steps};
use super::MAX_BYTES;
use crate::scope::{Bounds, TextPattern};

/// What is said of a text, and whether it is so.
#[derive(Clone, Debug)]
pub(super) struct Said<'a> {
    pub(super) what: Shape<'a>,
    pub(super) is: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Shape<'a> {
    Among(Vec<&'a str>),
    Like(&'a TextPattern),
    Long(Bounds),
}

/// How many middles of one length are tried, beside as many as are wanted or excluded.
const TRIES: usize = 512;

/// Up to `count` different texts of which all is true that is said, and that `filter` lets through.
/// If there are fewer, these are all, unless a gap is noted.
pub(super) fn words(
    said: &[Said<'_>],
    filter: impl Fn(&str) -> bool,
    count: usize,
    steps: &mut Steps,
) -> Result<Vec<String>, Exhausted> {
    let named = said.iter().find_map(|one| match &one.what {
        Shape::Among(texts) if one.is => Some(texts),
        _ => None,
    });
    if let Some(texts) = named {
        steps.take(texts.len())?;
        let fits = |text: &&&str| said.iter().all(|one| one.is_true_of(text)) && filter(text);
        let mut words: Vec<String> = Vec::new();
        for text in texts.iter().filter(fits) {
            if words.len() < count && !words.iter().any(|word| word == text) {
                words.push((*text).to_owned());
            }
        }
        return Ok(words);
    }
    match Frame::of(said) {
        Some(frame) => frame.words(&filter, count, steps),
        None => Ok(Vec::new()),
    }
}

impl Said<'_> {
    pub(super) fn is_true_of(&self, text: &str) -> bool {
        self.what.holds(text) == self.is
    }
}

impl Shape<'_> {
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Among(texts) => texts.contains(&text),
            Self::Like(pattern) => pattern.matches(text),
            Self::Long(bounds) => bounds.contains(text.len()),
        }
    }

    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Among(texts) => texts.clone(),
            Self::Like(pattern) => vec![pattern.prefix(), pattern.suffix()],
            Self::Long(_) => Vec::new(),
        }
    }
}

/// What all texts that are wanted have in common.
struct Frame<'a> {
    said: &'a [Said<'a>],
    prefix: &'a str,
    suffix: &'a str,
    least: usize,
    most: usize,
    /// From this length on, what a pattern says does not depend on the length.
    settled: usize,
}

impl<'a> Frame<'a> {
    fn of(said: &'a [Said<'a>]) -> Option<Self> {
        let mut frame = Self {
            said,
            prefix: "",
            suffix: "",
            least: 0,
            most: usize::MAX,
            settled: 0,
        };
        for one in said {
            match &one.what {
                Shape::Like(pattern) => {
                    let ends = pattern.prefix().len() + pattern.suffix().len();
                    frame.settled = frame.settled.max(ends + 1);
                    if !one.is {
                        continue;
                    }
                    frame.least = frame.least.max(ends + 1);
                    frame.prefix = longer(frame.prefix, pattern.prefix());
                    frame.suffix = longer(frame.suffix, pattern.suffix());
                }
                Shape::Long(bounds) if one.is => {
                    frame.least = frame.least.max(bounds.min() as usize);
                    let most = bounds.max().map_or(usize::MAX, |most| most as usize);
                    frame.most = frame.most.min(most);
                }
                Shape::Long(_) | Shape::Among(_) => {}
            }
        }
        let agree = said.iter().all(|one| match &one.what {
            Shape::Like(pattern) if one.is => {
                frame.prefix.starts_with(pattern.prefix())
                    && frame.suffix.ends_with(pattern.suffix())
            }
            _ => true,
        });
        let ends = frame.prefix.len() + frame.suffix.len();
        frame.settled = frame.settled.max(ends + 1);
        frame.least = frame.least.max(frame.prefix.len()).max(frame.suffix.len());
        (agree && frame.least <= frame.most).then_some(frame)
    }

    fn words(
        &self,
        filter: &impl Fn(&str) -> bool,
        count: usize,
        steps: &mut Steps,
    ) -> Result<Vec<String>, Exhausted> {
        let texts = self.said.iter().flat_map(|one| one.what.texts());
        let (texts, bytes) = texts.fold((0_usize, 0), |(n, bytes), it| (n + 1, bytes + it.len()));
        steps.take(texts + bytes / 16)?;
        let alphabet = Alphabet::beside(self.said);
        let mut words = Vec::new();
        let mut filtered = false;
        for length in self.lengths() {
            steps.take(1 + length / 16)?;
            if length > MAX_BYTES {
                steps.leave_gap();
                break;
            }
            let Some(middle) = length.checked_sub(self.prefix.len() + self.suffix.len()) else {
                if let Some(word) = self.overlapped(length)
                    && self.said.iter().all(|one| one.is_true_of(&word))
                {
                    if filter(&word) {
                        words.push(word)
                    } else {
                        filtered = true
                    }
                }
                if words.len() >= count {
                    return Ok(words);
                }
                continue;
            };
            let tries = TRIES.saturating_add(count).saturating_add(texts);
            let mut tried = 0_usize;
            for middle in alphabet.middles(middle).take(tries) {
                steps.take(1 + length / 16)?;
                tried += 1;
                let word = format!("{}{middle}{}", self.prefix, self.suffix);
                if self.said.iter().all(|one| one.is_true_of(&word)) {
                    if filter(&word) {
                        words.push(word)
                    } else {
                        filtered = true
                    }
                    if words.len() >= count {
                        return Ok(words);
                    }
                } else if tried == 1 && alphabet.is_fresh && self.fails_a_pattern(&word) {
                    // So does every other middle.
                    break;
                }
            }
            if tried == tries {
                steps.leave_gap()
            }
        }
        if filtered && words.is_empty() {
            steps.leave_gap()
        }
        Ok(words)
    }

    /// The lengths that differ in what they leave, the least first.
    fn lengths(&self) -> impl Iterator<Item = usize> {
        const MORE: usize = 4;
        let excluded = self.said.iter().filter_map(|one| match &one.what {
            Shape::Long(bounds) if !one.is => Some(*bounds),
            _ => None,
        });
        let excluded: Vec<Bounds> = excluded.collect();
        let after = excluded
            .iter()
            .filter_map(|it| Some(it.max()? as usize + 1));
        let mut starts: Vec<usize> = after.filter(|start| *start > self.least).collect();
        starts.push(self.least);
        starts.sort_unstable();
        starts.dedup();
        let mut next = 0;
        let mut lengths = Vec::new();
        for start in starts {
            let end = start.max(self.settled).saturating_add(MORE).min(self.most);
            let own = start.max(next)..=end;
            next = next.max(end.saturating_add(1));
            lengths.push(own);
        }
        let free = move |length: &usize| !excluded.iter().any(|it| it.contains(*length));
        lengths.into_iter().flatten().filter(free)
    }

    /// The one text of a length at which prefix and suffix overlap, if they do.
    fn overlapped(&self, length: usize) -> Option<String> {
        let shared = (self.prefix.len() + self.suffix.len()).checked_sub(length)?;
        let (head, rest) = self.suffix.split_at_checked(shared)?;
        self.prefix
            .ends_with(head)
            .then(|| format!("{}{rest}", self.prefix))
    }

    fn fails_a_pattern(&self, word: &str) -> bool {
        let mut patterns = self
            .said
            .iter()
            .filter(|one| matches!(one.what, Shape::Like(_)));
        patterns.any(|one| !one.is_true_of(word))
    }
}

fn longer<'a>(a: &'a str, b: &'a str) -> &'a str {
    if b.len() > a.len() { b } else { a }
}

/// What middles are made of.
struct Alphabet {
    /// One byte each; those that nothing mentions come first.
    letters: Vec<char>,
    /// Whether the first ones are such.
    is_fresh: bool,
    /// One of two, three and four bytes each that nothing mentions.
    wide: [Option<char>; 3],
}

impl Alphabet {
    fn beside(said: &[Said<'_>]) -> Self {
        let texts = said.iter().flat_map(|one| one.what.texts());
        let all: HashSet<char> = texts.flat_map(str::chars).collect();
        let mentioned = |c: char| all.contains(&c);
        let nice = "xyzabcdefghijklmnopqrstuvw0123456789XYZABCDEFGHIJKLMNOPQRSTUVW".chars();
        let print = (' '..='~').filter(|c| !c.is_ascii_alphanumeric());
        let control = ('\0'..='\u{1f}').chain(['\u{7f}']);
        let mut letters: Vec<char> = nice.chain(print).collect();
        let is_fresh = letters.iter().any(|c| !mentioned(*c));
        letters.sort_by_key(|c| mentioned(*c));
        letters.extend(control);
        let first = |from: u32, to: u32| {
            (from..to)
                .filter_map(char::from_u32)
                .find(|c| !mentioned(*c))
        };
        let wide = [
            first(0x3b1, 0x7ff),
            first(0x4e00, 0x9fff),
            first(0x1_0280, 0x1_ffff),
        ];
        Self {
            letters,
            is_fresh,
            wide,
        }
    }

    /// Different middles of so many bytes.
    fn middles(&self, bytes: usize) -> impl Iterator<Item = String> {
        let plain = self
            .letters
            .iter()
            .enumerate()
            .flat_map(move |(index, first)| {
                let rest = match bytes {
                    0 | 1 => self.letters.get(..1),
                    // All pairs of the first letters before any of the last.
                    _ => Some(self.letters.as_slice()),
                };
                let keep = bytes > 0 || index == 0;
                let filler = self.letters.first().copied().unwrap_or('x');
                let rest = rest.unwrap_or_default().iter();
                rest.filter(move |_| keep).map(move |last| match bytes {
                    0 => String::new(),
                    1 => first.to_string(),
                    _ => {
                        let between = std::iter::repeat_n(filler, bytes - 2);
                        // The letter that varies fastest stands first.
                        std::iter::once(*last)
                            .chain(between)
                            .chain([*first])
                            .collect()
                    }
                })
            });
        let wide = self.wide.iter().flatten().filter_map(move |c| {
            let between = bytes.checked_sub(2 * c.len_utf8());
            let filler = self.letters.first().copied().unwrap_or('x');
            match between {
                Some(n) => Some(format!(
                    "{c}{}{c}",
                    String::from_iter(std::iter::repeat_n(filler, n))
                )),
                None => (bytes == c.len_utf8()).then(|| c.to_string()),
            }
        });
        // Where no letter is fresh, wide ones come first.
        let (before, after) = if self.is_fresh {
            (None, Some(wide))
        } else {
            (Some(wide), None)
        };
        before
            .into_iter()
            .flatten()
            .chain(plain)
            .chain(after.into_iter().flatten())
    }
}
