//! What is noted, and the texts that this depends on.

use super::super::super::effort::{Exhausted, Steps};
use super::super::text::words;
use super::{Grown, Node, State};
use crate::scope::{Label, Seen};

/// What must be noted, and what must not.
#[derive(Clone, Default)]
pub(super) struct Notes<'a> {
    /// Whether anything is noted under a label.
    known: Vec<(&'a Label, bool)>,
    /// Whether the text at a node is noted under a label.
    marks: Vec<(usize, &'a Label, bool)>,
}

impl<'a> Notes<'a> {
    /// Demands it; whether that is possible.
    pub(super) fn know(&mut self, label: &'a Label, known: bool) -> bool {
        match self.known.iter().find(|(other, _)| *other == label) {
            Some((_, other)) => *other == known,
            None => {
                self.known.push((label, known));
                true
            }
        }
    }

    /// Demands it; whether that is possible.
    pub(super) fn mark(&mut self, node: usize, label: &'a Label, noted: bool) -> bool {
        if noted && !self.know(label, true) {
            return false;
        }
        let same = |(at, other, _): &&(usize, &Label, bool)| *at == node && *other == label;
        match self.marks.iter().find(same) {
            Some((_, _, other)) => *other == noted,
            None => {
                self.marks.push((node, label, noted));
                true
            }
        }
    }

    /// Whether two nodes must not have the same text.
    fn differ(&self, a: usize, b: usize) -> bool {
        let of = |node: usize| self.marks.iter().filter(move |(at, _, _)| *at == node);
        of(a).any(|(_, label, noted)| {
            of(b).any(|(_, other, other_noted)| label == other && noted != other_noted)
        })
    }
}

impl<'a> State<'a> {
    /// Chooses the texts that labels speak of. Where one must differ from others, one word more than
    /// they are is enough to choose from.
    pub(super) fn finish(self, steps: &mut Steps) -> Result<Option<Grown<'a>>, Exhausted> {
        let texts = self.nodes.iter().enumerate();
        let nodes: Vec<usize> = texts
            .filter_map(|(id, node)| matches!(node, Node::Text(_)).then_some(id))
            .collect();
        let mut choices = Vec::new();
        for id in &nodes {
            let others = nodes
                .iter()
                .filter(|other| self.notes.differ(*id, **other))
                .count();
            let Some(Node::Text(said)) = self.nodes.get(*id) else {
                continue;
            };
            choices.push((*id, words(said, |_| true, others + 1, steps)?));
        }
        let Some(texts) = self.choose(&choices, steps)? else {
            return Ok(None);
        };
        let seen = self.seen(&texts);
        Ok(Some(Grown {
            nodes: self.nodes,
            texts,
            seen,
        }))
    }

    fn choose(
        &self,
        choices: &[(usize, Vec<String>)],
        steps: &mut Steps,
    ) -> Result<Option<Vec<(usize, String)>>, Exhausted> {
        let mut open: Vec<Vec<(usize, String)>> = vec![Vec::new()];
        while let Some(chosen) = open.pop() {
            steps.take(1 + chosen.len())?;
            let Some((id, words)) = choices.get(chosen.len()) else {
                return Ok(Some(chosen));
            };
            for word in words.iter().rev() {
                let clashes = |(other, text): &(usize, String)| {
                    text == word && self.notes.differ(*id, *other)
                };
                if !chosen.iter().any(clashes) {
                    let mut more = chosen.clone();
                    more.push((*id, word.clone()));
                    open.push(more);
                }
            }
        }
        Ok(None)
    }

    fn seen(&self, texts: &[(usize, String)]) -> Seen {
        let mut seen = Seen::new();
        for (node, label, noted) in &self.notes.marks {
            if let Some((_, text)) = texts.iter().find(|(id, _)| id == node)
                && *noted
            {
                seen.note((*label).clone(), text.clone());
            }
        }
        for (label, known) in &self.notes.known {
            if *known && seen.contains(label, "").is_none() {
                // Something is noted, and none of the texts.
                let candidates =
                    (0..=texts.len()).map(|n| format!("something else{}", ".".repeat(n)));
                let mut other = candidates.filter(|it| texts.iter().all(|(_, text)| text != it));
                seen.note((*label).clone(), other.next().unwrap_or_default());
            }
        }
        seen
    }
}
