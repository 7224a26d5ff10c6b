//! What a file declares for its rules to use, and whether they do.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::approver::approver;
use super::parameter::parameter_type;
use crate::action::preview_text;
use crate::document::{Mark, Name as Word, Node, Table, nearest};
use crate::manifest::{Approver, Name, ParameterType};

/// Parameters, approvers and the names of budgets.
pub(super) struct Context<'r, 'd> {
    parameters: Declared<'r, 'd, ParameterType>,
    approvers: Declared<'r, 'd, Approver>,
    budgets: RefCell<BTreeSet<String>>,
}

struct Declared<'r, 'd, T>(BTreeMap<Name, Entry<'r, 'd, T>>);

struct Entry<'r, 'd, T> {
    mark: Mark<'r, 'd>,
    /// `None` if it could not be read, which was noted.
    value: Option<T>,
    used: Cell<bool>,
}

impl<'r, 'd> Context<'r, 'd> {
    pub(super) fn read(root: &mut Table<'r, 'd>) -> Self {
        let parameters = root.take("parameters");
        let approvers = root.take("approvers");
        let approvers = Declared::read(approvers, approver);
        let mut before: Vec<&Approver> = Vec::new();
        for entry in approvers.0.values() {
            let Some(own) = &entry.value else { continue };
            if before.iter().any(|other| own.is_same(other)) {
                let message = "another approver is the same";
                entry.mark.fail("approver_duplicate", message);
            }
            before.push(own);
        }
        Self {
            parameters: Declared::read(parameters, parameter_type),
            approvers,
            budgets: RefCell::default(),
        }
    }

    /// A parameter that stands at this place.
    pub(super) fn parameter(
        &self,
        mark: Mark<'_, '_>,
        name: &str,
    ) -> Option<(Name, &ParameterType)> {
        self.parameters.find(name).unwrap_or_else(|known| {
            let message = format!("parameter `{}` is not declared", preview_text(name));
            unknown(mark, "parameter_undeclared", message, name, known)
        })
    }

    /// The type of a parameter, if it could be read.
    pub(super) fn kind_of(&self, name: &Name) -> Option<&ParameterType> {
        self.parameters.0.get(name)?.value.as_ref()
    }

    /// An approver that is named at this place.
    pub(super) fn approver(&self, mark: Mark<'_, '_>, name: &str) -> Option<Name> {
        let found = self.approvers.find(name).unwrap_or_else(|known| {
            let message = format!("no approver is called `{}`", preview_text(name));
            unknown(mark, "approver_unknown", message, name, known)
        });
        found.map(|(name, _)| name)
    }

    /// A budget that is named at this place.
    pub(super) fn budget(&self, mark: Mark<'_, '_>, name: &str) {
        if !self.budgets.borrow_mut().insert(name.to_owned()) {
            let message = format!("budget `{}` stands twice", preview_text(name));
            let noted = mark.fail("budget_duplicate", message);
            noted.help(
                "to count several operations together, write one [[require]] for all of them",
            );
        }
    }

    /// Whether a budget of that name was begun, even if it could not be read.
    pub(super) fn has_budget(&self, name: &str) -> bool {
        self.budgets.borrow().contains(name)
    }

    /// Notes what was declared and not used.
    pub(super) fn finish(&self) {
        for (name, mark) in self.parameters.unused() {
            let message = format!("parameter `{name}` is not used");
            mark.fail("parameter_unused", message);
        }
        for (name, mark) in self.approvers.unused() {
            let message = format!("approver `{name}` is not used");
            mark.fail("approver_unused", message);
        }
    }

    pub(super) fn into_parts(
        self,
    ) -> Option<(BTreeMap<Name, ParameterType>, BTreeMap<Name, Approver>)> {
        Some((
            self.parameters.into_values()?,
            self.approvers.into_values()?,
        ))
    }
}

impl<'r, 'd, T> Declared<'r, 'd, T> {
    fn read(node: Option<Node<'r, 'd>>, value: impl Fn(Node<'r, 'd>) -> Option<T>) -> Self {
        let table = node.and_then(Node::table);
        let members = table.iter().flat_map(Table::members);
        let entry = |(word, node): (Word<'r, 'd>, Node<'r, 'd>)| {
            let value = value(node);
            let name = word.parse("name_malformed")?;
            let (mark, used) = (word.mark, Cell::new(false));
            Some((name, Entry { mark, value, used }))
        };
        Self(members.filter_map(entry).collect())
    }

    /// The entry of that name, or the names that there are.
    fn find(&self, name: &str) -> Result<Option<(Name, &T)>, impl Iterator<Item = &str>> {
        match self.0.get_key_value(name) {
            Some((name, entry)) => {
                entry.used.set(true);
                let value = entry.value.as_ref();
                Ok(value.map(|value| (name.clone(), value)))
            }
            None => Err(self.0.keys().map(Name::as_str)),
        }
    }

    fn unused(&self) -> impl Iterator<Item = (&Name, Mark<'r, 'd>)> {
        let unused = self.0.iter().filter(|(_, entry)| !entry.used.get());
        unused.map(|(name, entry)| (name, entry.mark))
    }

    fn into_values(self) -> Option<BTreeMap<Name, T>> {
        let value = |(name, entry): (Name, Entry<'_, '_, T>)| Some((name, entry.value?));
        self.0.into_iter().map(value).collect()
    }
}

/// Notes that a name is unknown, and which of the known ones was probably meant.
pub(super) fn unknown<'k, T>(
    mark: Mark<'_, '_>,
    code: &'static str,
    message: String,
    name: &str,
    known: impl Iterator<Item = &'k str>,
) -> Option<T> {
    let noted = mark.fail(code, message);
    if noted.is_kept()
        && let Some(near) = nearest(name, known)
    {
        noted.help(format!("did you mean `{near}`?"));
    }
    None
}
