//! A value of a file, at its place.

use std::fmt;
use std::str::FromStr;

use toml::Spanned;
use toml::de::DeValue;

use super::report::Mark;
use super::table::Table;

/// A value of a file. Each getter notes it when the value is of another type.
#[derive(Clone, Copy)]
pub(crate) struct Node<'r, 'd> {
    pub(crate) mark: Mark<'r, 'd>,
    value: &'r DeValue<'d>,
}

/// A key of a file, where the keys are the writer's own.
#[derive(Clone, Copy)]
pub(crate) struct Name<'r, 'd> {
    pub(crate) mark: Mark<'r, 'd>,
    pub(crate) text: &'r str,
}

impl<'r, 'd> Node<'r, 'd> {
    pub(super) fn new(near: Mark<'r, 'd>, value: &'r Spanned<DeValue<'d>>) -> Self {
        Self {
            mark: near.to(value.span()),
            value: value.get_ref(),
        }
    }

    pub(crate) fn text(self) -> Option<&'r str> {
        match self.value {
            DeValue::String(text) => Some(text),
            _ => self.wrong("a text"),
        }
    }

    pub(crate) fn integer(self) -> Option<i64> {
        let DeValue::Integer(integer) = self.value else {
            return self.wrong("an integer");
        };
        let value = i64::from_str_radix(integer.as_str(), integer.radix());
        if value.is_err() {
            self.mark
                .fail("integer_too_large", "integer does not fit 64 bits");
        }
        value.ok()
    }

    pub(crate) fn boolean(self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(value) => Some(*value),
            _ => self.wrong("true or false"),
        }
    }

    pub(crate) fn list(self) -> Option<impl ExactSizeIterator<Item = Node<'r, 'd>>> {
        match self.value {
            DeValue::Array(values) => {
                Some(values.iter().map(move |value| Node::new(self.mark, value)))
            }
            _ => self.wrong("a list"),
        }
    }

    pub(crate) fn table(self) -> Option<Table<'r, 'd>> {
        match self.value {
            DeValue::Table(table) => Some(Table::new(self.mark, table)),
            _ => self.wrong("a table"),
        }
    }

    /// A text of some form.
    pub(crate) fn parse<T: FromStr<Err: fmt::Display>>(self, code: &'static str) -> Option<T> {
        parse(self.mark, self.text()?, code)
    }

    /// Whether it is a text, for what may be written in two ways.
    pub(crate) fn is_text(self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    /// Whether it is a table, for what may be written in two ways.
    pub(crate) fn is_table(self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    /// Whether it is true or false, for what may be written in two ways.
    pub(crate) fn is_boolean(self) -> bool {
        matches!(self.value, DeValue::Boolean(_))
    }

    /// The value as the file has it.
    pub(crate) fn raw(self) -> &'r DeValue<'d> {
        self.value
    }

    pub(crate) fn wrong<T>(self, expected: &str) -> Option<T> {
        let found = match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("expected {expected}, found {found}");
        self.mark.fail("type_wrong", message);
        None
    }
}

impl Name<'_, '_> {
    /// A name of some form.
    pub(crate) fn parse<T: FromStr<Err: fmt::Display>>(self, code: &'static str) -> Option<T> {
        parse(self.mark, self.text, code)
    }
}

fn parse<T: FromStr<Err: fmt::Display>>(
    mark: Mark<'_, '_>,
    text: &str,
    code: &'static str,
) -> Option<T> {
    text.parse()
        .map_err(|error: T::Err| {
            mark.fail(code, error.to_string());
        })
        .ok()
}
