//! A table of a file, of which every key must be asked for.

use std::collections::BTreeSet;

use toml::de::DeTable;

use super::nearest::nearest;
use super::node::{Name, Node};
use super::report::Mark;
use crate::action::preview_text;

/// A table. Whatever was not asked for when it is [finished](Self::finish) is unknown.
pub(crate) struct Table<'r, 'd> {
    pub(crate) mark: Mark<'r, 'd>,
    table: &'r DeTable<'d>,
    asked: BTreeSet<&'static str>,
}

impl<'r, 'd> Table<'r, 'd> {
    pub(super) fn new(mark: Mark<'r, 'd>, table: &'r DeTable<'d>) -> Self {
        Self {
            mark,
            table,
            asked: BTreeSet::new(),
        }
    }

    /// The value of a key, if it is there.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Node<'r, 'd>> {
        self.asked.insert(key);
        let value = self.table.get(key)?;
        Some(Node::new(self.mark, value))
    }

    /// The value of a key that must be there.
    pub(crate) fn require(&mut self, key: &'static str) -> Option<Node<'r, 'd>> {
        let value = self.take(key);
        if value.is_none() {
            let message = format!("key `{key}` is missing");
            self.mark.fail("key_missing", message);
        }
        value
    }

    /// All members, where the keys are the writer's own.
    pub(crate) fn members(
        &self,
    ) -> impl ExactSizeIterator<Item = (Name<'r, 'd>, Node<'r, 'd>)> + use<'r, 'd> {
        let mark = self.mark;
        self.table.iter().map(move |(key, value)| {
            let name = Name {
                mark: mark.to(key.span()),
                text: key.get_ref(),
            };
            (name, Node::new(mark, value))
        })
    }

    /// Notes the keys that nobody asked for.
    pub(crate) fn finish(self) {
        for (name, _) in self.members() {
            if self.asked.contains(name.text) {
                continue;
            }
            let message = format!("unknown key `{}`", preview_text(name.text));
            let noted = name.mark.fail("key_unknown", message);
            if let Some(known) = nearest(name.text, self.asked.iter().copied()) {
                noted.help(format!("did you mean `{known}`?"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Findings, Report};
    use super::*;

    fn read(text: &str, reader: impl FnOnce(&mut Table<'_, '_>)) -> Result<(), Findings> {
        let report = Report::new("a.toml", text);
        {
            let table = report.parse().unwrap();
            let mut root = report.root(&table);
            reader(&mut root);
            root.finish();
        }
        report.finish(Some(()))
    }

    fn messages(findings: &Findings) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn all_that_is_wrong_is_found_in_one_go() {
        let findings = read("name = 1\ncolur = \"red\"\nzzz = 1\n", |root| {
            assert!(root.require("name").unwrap().text().is_none());
            assert!(root.take("colour").is_none());
            assert!(root.require("size").is_none());
        })
        .unwrap_err();
        assert_eq!(
            messages(&findings),
            [
                "1:1: key `size` is missing",
                "1:8: expected a text, found an integer",
                "2:1: unknown key `colur`",
                "3:1: unknown key `zzz`",
            ]
        );
        let helps: Vec<_> = findings.iter().map(|finding| finding.help()).collect();
        assert_eq!(helps, [None, None, Some("did you mean `colour`?"), None]);
    }

    #[test]
    fn values_of_each_type_are_read_and_others_are_noted() {
        let text =
            "t = \"x\"\ni = 0x10\nb = true\nl = [1]\nm = {a = 1}\nbig = 9223372036854775808\n";
        let findings = read(text, |root| {
            assert_eq!(root.take("t").unwrap().text(), Some("x"));
            assert_eq!(root.take("i").unwrap().integer(), Some(16));
            assert_eq!(root.take("b").unwrap().boolean(), Some(true));
            assert_eq!(root.take("l").unwrap().list().unwrap().len(), 1);
            assert_eq!(root.take("m").unwrap().table().unwrap().members().len(), 1);
            assert_eq!(root.take("big").unwrap().integer(), None);
            assert_eq!(root.take("t").unwrap().integer(), None);
            assert_eq!(root.take("t").unwrap().boolean(), None);
            assert!(root.take("t").unwrap().list().is_none());
            assert!(root.take("t").unwrap().table().is_none());
            assert!(root.take("t").unwrap().parse::<u8>("no_number").is_none());
        });
        let codes: Vec<_> = findings.unwrap_err().iter().map(|it| it.code()).collect();
        assert_eq!(
            codes,
            [
                "type_wrong",
                "type_wrong",
                "type_wrong",
                "type_wrong",
                "no_number",
                "integer_too_large"
            ]
        );
    }

    #[test]
    fn an_unknown_key_is_escaped_where_it_is_named() {
        let findings = read("\"a\\u202e\" = 1\n", |_| {}).unwrap_err();
        assert_eq!(messages(&findings), [r"1:1: unknown key `a\u{202e}`"]);
    }
}
