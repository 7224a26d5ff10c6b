//! Writes a block as Datalog text, which a stock Biscuit library parses back into the same bytes.

use std::fmt::Write as _;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::sink::{Binary, Sink, Term, Unary};

/// Writes a block's text, one fact or check a line.
///
/// For documentation, tests and debugging: a reviewer reads scopes, never this.
#[derive(Debug, Default)]
pub(crate) struct TextSink {
    out: String,
    queries: usize,
    elements: usize,
    operands: Vec<String>,
}

impl TextSink {
    /// The text of the block.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// What stands before a predicate or an expression of a query.
    fn separate(&mut self) {
        self.out
            .push_str(if self.elements == 0 { " " } else { ", " });
        self.elements += 1;
    }

    fn pop(&mut self) -> String {
        self.operands.pop().unwrap_or_default()
    }
}

impl Sink for TextSink {
    fn fact(&mut self, name: &str, terms: &[Term<'_>]) {
        write_predicate(&mut self.out, name, terms);
        self.out.push_str(";\n");
    }

    fn check(&mut self, queries: impl FnOnce(&mut Self)) {
        self.out.push_str("check if");
        self.queries = 0;
        queries(self);
        self.out.push_str(";\n");
    }

    fn query(&mut self, body: impl FnOnce(&mut Self)) {
        if self.queries > 0 {
            self.out.push_str(" or");
        }
        self.queries += 1;
        self.elements = 0;
        body(self);
    }

    fn predicate(&mut self, name: &str, terms: &[Term<'_>]) {
        self.separate();
        write_predicate(&mut self.out, name, terms);
    }

    fn expression(&mut self, operations: impl FnOnce(&mut Self)) {
        self.separate();
        operations(self);
        let text = self.pop();
        self.out.push_str(&text);
    }

    fn value(&mut self, term: Term<'_>) {
        let mut text = String::new();
        write_term(&mut text, term);
        self.operands.push(text);
    }

    fn unary(&mut self, operator: Unary) {
        let operand = self.pop();
        self.operands.push(match operator {
            Unary::Negate => format!("!{operand}"),
            Unary::Parens => format!("({operand})"),
            Unary::Length => format!("{operand}.length()"),
            Unary::TypeOf => format!("{operand}.type()"),
        });
    }

    fn binary(&mut self, operator: Binary) {
        let (right, left) = (self.pop(), self.pop());
        self.operands.push(match operator {
            Binary::Less => format!("{left} < {right}"),
            Binary::Greater => format!("{left} > {right}"),
            Binary::LessOrEqual => format!("{left} <= {right}"),
            Binary::GreaterOrEqual => format!("{left} >= {right}"),
            Binary::StrictEqual => format!("{left} === {right}"),
            Binary::StrictNotEqual => format!("{left} !== {right}"),
            Binary::Equal => format!("{left} == {right}"),
            Binary::Subtract => format!("{left} - {right}"),
            Binary::And => format!("{left} && {right}"),
            Binary::Or => format!("{left} || {right}"),
            Binary::Contains => format!("{left}.contains({right})"),
            Binary::StartsWith => format!("{left}.starts_with({right})"),
            Binary::EndsWith => format!("{left}.ends_with({right})"),
            Binary::Intersection => format!("{left}.intersection({right})"),
            Binary::All => format!("{left}.all({right})"),
            Binary::Any => format!("{left}.any({right})"),
            Binary::Get => format!("{left}.get({right})"),
            Binary::TryOr => format!("{left}.try_or({right})"),
        });
    }

    fn closure(&mut self, parameter: Option<&str>, operations: impl FnOnce(&mut Self)) {
        operations(self);
        if let Some(name) = parameter {
            let body = self.pop();
            self.operands.push(format!("${name} -> {body}"));
        }
    }
}

fn write_predicate(out: &mut String, name: &str, terms: &[Term<'_>]) {
    out.push_str(name);
    out.push('(');
    for (position, term) in terms.iter().enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        write_term(out, *term);
    }
    out.push(')');
}

fn write_term(out: &mut String, term: Term<'_>) {
    // Writing to a String does not fail.
    let _ = match term {
        Term::Variable(name) => write!(out, "${name}"),
        Term::Integer(integer) => write!(out, "{integer}"),
        Term::Text(text) => {
            write_text(out, text);
            Ok(())
        }
        Term::Date(seconds) => {
            out.push_str(&date(seconds).unwrap_or_else(|| format!("<{seconds} s since 1970>")));
            Ok(())
        }
        Term::Bytes(bytes) => {
            out.push_str("hex:");
            bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
        Term::Bool(truth) => write!(out, "{truth}"),
        Term::Decimal(scale, units) => write!(out, "{{{scale}: {units}}}"),
        Term::Number(text) => {
            out.push_str("{-1: ");
            write_text(out, text);
            out.push('}');
            Ok(())
        }
        Term::List(items) => {
            out.push('[');
            let mut separator = "";
            items.visit(&mut |item| {
                out.push_str(std::mem::replace(&mut separator, ", "));
                write_term(out, item);
            });
            out.push(']');
            Ok(())
        }
        Term::ByteSet(items) => {
            // The stock parser takes `{hex:00}` for a parameter; the space before tells it that this is a set.
            out.push('{');
            let mut separator = " ";
            items.visit(&mut |item| {
                out.push_str(std::mem::replace(&mut separator, ", "));
                write_term(out, item);
            });
            out.push('}');
            Ok(())
        }
    };
}

fn date(seconds: u64) -> Option<String> {
    let seconds = i64::try_from(seconds).ok()?;
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()?
        .format(&Rfc3339)
        .ok()
}

/// The stock parser knows three escapes and takes every other character as it is.
fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
}
