//! What a task is for, with the values of its parameters in it.

use super::slot::Values;
use super::{ManifestError, Name, ParameterError};
use crate::action::{Line, Purpose, Value};
use crate::scope::Scalar;

/// Text and parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PurposeTemplate(pub(super) Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Parameter(Name),
}

impl PurposeTemplate {
    pub(super) fn fill(&self, values: &Values) -> Result<Purpose, ManifestError> {
        let mut purpose = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => purpose.push_str(text),
                Piece::Parameter(name) => {
                    let missing = || ParameterError::Missing { name: name.clone() };
                    purpose.push_str(&shown(values.get(name).ok_or_else(missing)?));
                }
            }
        }
        Ok(Purpose::parse(&purpose)?)
    }
}

/// A value that could be taken for words of the purpose stands in quotes, which it cannot close.
fn shown(value: &Scalar) -> String {
    let text = match value {
        Scalar::Text(text) => text,
        Scalar::Bool(value) => return value.to_string(),
        Scalar::Int(value) => return value.to_string(),
        Scalar::Decimal(value) => return value.to_string(),
        Scalar::Number(value) => return value.to_string(),
        Scalar::Bytes(bytes) => return Value::Bytes(bytes.clone()).preview(),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@+".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.clone();
    }
    let mut line = Line::new(usize::MAX);
    line.quoted(text);
    line.finish()
}
