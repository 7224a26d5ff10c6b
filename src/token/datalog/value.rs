//! Reads values and predicates.

use super::fields::{Field, Fields, Malformed};
use super::symbols::SymbolTable;

/// A value or a variable, as a block states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Variable(&'a str),
    Integer(i64),
    Text(&'a str),
    Date(u64),
    Bytes(&'a [u8]),
    Bool(bool),
    Null,
    /// A map from a scale to units.
    Decimal(u8, i64),
    /// A map from -1 to a text.
    Number(&'a str),
    List(RawList<'a>),
    Set(RawList<'a>),
}

/// The message of a list or a set, not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawList<'a>(&'a [u8]);

impl<'a> Value<'a> {
    /// Reads the message `Term`.
    pub(crate) fn read(message: &'a [u8], symbols: &'a SymbolTable) -> Result<Self, Malformed> {
        let mut fields = Fields::new(message);
        let field = fields.next().ok_or(Malformed)??;
        if fields.next().is_some() {
            return Err(Malformed);
        }
        match field {
            Field::Number(1, symbol) => symbols.get(symbol).map(Value::Variable),
            Field::Number(2, integer) => Some(Value::Integer(integer.cast_signed())),
            Field::Number(3, symbol) => symbols.get(symbol).map(Value::Text),
            Field::Number(4, seconds) => Some(Value::Date(seconds)),
            Field::Number(6, truth) => Some(Value::Bool(truth != 0)),
            Field::Bytes(5, bytes) => Some(Value::Bytes(bytes)),
            Field::Bytes(7, items) => Some(Value::Set(RawList(items))),
            Field::Bytes(8, []) => Some(Value::Null),
            Field::Bytes(9, items) => Some(Value::List(RawList(items))),
            Field::Bytes(10, map) => read_entry(map, symbols),
            _ => None,
        }
        .ok_or(Malformed)
    }

    pub(crate) fn variable(self) -> Option<&'a str> {
        if let Value::Variable(name) = self {
            Some(name)
        } else {
            None
        }
    }

    pub(crate) fn integer(self) -> Option<i64> {
        if let Value::Integer(integer) = self {
            Some(integer)
        } else {
            None
        }
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        if let Value::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    pub(crate) fn date(self) -> Option<u64> {
        if let Value::Date(seconds) = self {
            Some(seconds)
        } else {
            None
        }
    }

    pub(crate) fn bytes(self) -> Option<&'a [u8]> {
        if let Value::Bytes(bytes) = self {
            Some(bytes)
        } else {
            None
        }
    }

    pub(crate) fn list(self) -> Option<RawList<'a>> {
        if let Value::List(list) = self {
            Some(list)
        } else {
            None
        }
    }

    pub(crate) fn set(self) -> Option<RawList<'a>> {
        if let Value::Set(set) = self {
            Some(set)
        } else {
            None
        }
    }
}

/// Reads a map of one entry, whose key is an integer: the only maps of format 1.
fn read_entry<'a>(map: &'a [u8], symbols: &'a SymbolTable) -> Option<Value<'a>> {
    let entry = only_bytes(1, map)?;
    let mut parts = Fields::new(entry);
    let (Ok(Field::Bytes(1, key)), Ok(Field::Bytes(2, value))) = (parts.next()?, parts.next()?)
    else {
        return None;
    };
    let Ok(Field::Number(1, key)) = Fields::new(key).next()? else {
        return None;
    };
    let mut fields = Fields::new(value);
    match (key.cast_signed(), fields.next()?.ok()?) {
        (-1, Field::Number(3, symbol)) => Some(Value::Number(symbols.get(symbol)?)),
        (scale, Field::Number(2, units)) => Some(Value::Decimal(
            u8::try_from(scale).ok()?,
            units.cast_signed(),
        )),
        _ => None,
    }
}

/// The content of a message's first field, if it has that number.
fn only_bytes(number: u64, message: &[u8]) -> Option<&[u8]> {
    match Fields::new(message).next()? {
        Ok(Field::Bytes(found, bytes)) if found == number => Some(bytes),
        _ => None,
    }
}

impl<'a> RawList<'a> {
    /// What the list holds.
    pub(crate) fn items(
        self,
        symbols: &'a SymbolTable,
    ) -> impl Iterator<Item = Result<Value<'a>, Malformed>> {
        Fields::new(self.0).map(|field| match field? {
            Field::Bytes(1, item) => Value::read(item, symbols),
            _ => Err(Malformed),
        })
    }
}

/// A fact, or what a query asks for. Format 1 has at most four terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Predicate<'a> {
    pub(crate) name: &'a str,
    terms: [Value<'a>; 4],
    count: usize,
}

impl<'a> Predicate<'a> {
    /// Reads the message `Predicate`.
    pub(crate) fn read(message: &'a [u8], symbols: &'a SymbolTable) -> Result<Self, Malformed> {
        let mut predicate = Predicate {
            name: "",
            terms: [Value::Null; 4],
            count: 0,
        };
        for field in Fields::new(message) {
            match field? {
                Field::Number(1, symbol) => {
                    predicate.name = symbols.get(symbol).ok_or(Malformed)?
                }
                Field::Bytes(2, term) => {
                    let slot = predicate.terms.get_mut(predicate.count).ok_or(Malformed)?;
                    *slot = Value::read(term, symbols)?;
                    predicate.count += 1;
                }
                _ => return Err(Malformed),
            }
        }
        Ok(predicate)
    }

    pub(crate) fn terms(&self) -> &[Value<'a>] {
        self.terms.get(..self.count).unwrap_or_default()
    }
}
