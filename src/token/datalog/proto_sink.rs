//! Writes a block as the protobuf message `Block` of Biscuit's schema, byte for byte as stock libraries do.

use super::sink::{Binary, Items, Sink, Term, Unary};
use super::symbols::SymbolTable;
use crate::token::wire::put_varint;

/// The Biscuit block version of format 1.
///
/// Stock builders write the lowest version that can express a block; we always write the highest that format 1 needs, so
/// that a block's version says nothing about its content.
pub(crate) const BLOCK_VERSION: u8 = 6;

/// Writes a block's bytes, and adds its new symbols to the token's table.
///
/// Everything goes straight into one buffer: the length of a nested message is filled in when its end is known.
pub(crate) struct ProtoSink<'t> {
    out: Vec<u8>,
    symbols: &'t mut SymbolTable,
    first_symbol: usize,
    operation_key: u8,
}

impl<'t> ProtoSink<'t> {
    /// A new block, after those whose symbols the table holds. The buffer is emptied and used again.
    pub(crate) fn new(symbols: &'t mut SymbolTable, mut buffer: Vec<u8>) -> Self {
        buffer.clear();
        buffer.extend_from_slice(&[VERSION_FIELD, BLOCK_VERSION]);
        let first_symbol = symbols.len();
        ProtoSink {
            out: buffer,
            symbols,
            first_symbol,
            operation_key: bytes_key(1),
        }
    }

    /// The bytes of the block.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        // The symbols stand first in a block, and are known last.
        let rest = self.out.len();
        for symbol in self.symbols.own_from(self.first_symbol) {
            put_bytes(&mut self.out, SYMBOL_FIELD, symbol.as_bytes());
        }
        self.out.rotate_left(rest);
        self.out
    }

    fn put_predicate(&mut self, name: &str, terms: &[Term<'_>]) {
        self.out.push(varint_key(1));
        let symbol = self.symbols.intern(name);
        put_varint(&mut self.out, symbol);
        for term in terms {
            self.nested(bytes_key(2), |sink| sink.put_term(*term));
        }
    }

    fn put_term(&mut self, term: Term<'_>) {
        match term {
            Term::Variable(name) => self.put_symbol(1, name),
            Term::Integer(integer) => self.put_number(2, integer.cast_unsigned()),
            Term::Text(text) => self.put_symbol(3, text),
            Term::Date(seconds) => self.put_number(4, seconds),
            Term::Bytes(bytes) => put_bytes(&mut self.out, bytes_key(5), bytes),
            Term::Bool(truth) => self.put_number(6, u64::from(truth)),
            Term::ByteSet(items) => self.nested(bytes_key(7), |sink| sink.put_items(items)),
            Term::Decimal(scale, units) => self.put_entry(i64::from(scale), Term::Integer(units)),
            Term::Number(text) => self.put_entry(-1, Term::Text(text)),
            Term::List(items) => self.nested(bytes_key(9), |sink| sink.put_items(items)),
        }
    }

    /// A map of one entry, whose key is an integer.
    fn put_entry(&mut self, key: i64, value: Term<'_>) {
        self.nested(bytes_key(10), |sink| {
            sink.nested(bytes_key(1), |sink| {
                sink.nested(bytes_key(1), |sink| sink.put_number(1, key.cast_unsigned()));
                sink.nested(bytes_key(2), |sink| sink.put_term(value));
            });
        });
    }

    fn put_items(&mut self, items: &dyn Items) {
        items.visit(&mut |item| self.nested(bytes_key(1), |sink| sink.put_term(item)));
    }

    fn put_symbol(&mut self, field: u8, text: &str) {
        let symbol = self.symbols.intern(text);
        self.put_number(field, symbol);
    }

    fn put_number(&mut self, field: u8, number: u64) {
        self.out.push(varint_key(field));
        put_varint(&mut self.out, number);
    }

    /// An operation that is an operator: a message with one field, its code.
    fn put_operator(&mut self, field: u8, code: u8) {
        self.out.extend_from_slice(&[
            self.operation_key,
            4,
            bytes_key(field),
            2,
            varint_key(1),
            code,
        ]);
    }

    /// A message inside a message. Most are shorter than 128 bytes: then their length fits the one byte left for it.
    fn nested(&mut self, key: u8, content: impl FnOnce(&mut Self)) {
        self.out.extend_from_slice(&[key, 0]);
        let start = self.out.len();
        content(self);
        let length = self.out.len() - start;
        if length >= 0x80 {
            self.out.splice(start - 1..start, varint(length as u64));
        } else if let Some(placeholder) = self.out.get_mut(start - 1) {
            *placeholder = length as u8;
        }
    }

    /// Operations are field 1 of an expression, and field 2 of a closure.
    fn operations(&mut self, field: u8, operations: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.operation_key, bytes_key(field));
        operations(self);
        self.operation_key = outer;
    }
}

impl Sink for ProtoSink<'_> {
    fn fact(&mut self, name: &str, terms: &[Term<'_>]) {
        self.nested(bytes_key(4), |sink| {
            sink.nested(bytes_key(1), |sink| sink.put_predicate(name, terms))
        });
    }

    fn check(&mut self, queries: impl FnOnce(&mut Self)) {
        self.nested(bytes_key(6), queries);
    }

    fn query(&mut self, body: impl FnOnce(&mut Self)) {
        self.nested(bytes_key(1), |sink| {
            sink.nested(bytes_key(1), |sink| sink.put_predicate("query", &[]));
            body(sink);
        });
    }

    fn predicate(&mut self, name: &str, terms: &[Term<'_>]) {
        self.nested(bytes_key(2), |sink| sink.put_predicate(name, terms));
    }

    fn expression(&mut self, operations: impl FnOnce(&mut Self)) {
        self.nested(bytes_key(3), |sink| sink.operations(1, operations));
    }

    fn value(&mut self, term: Term<'_>) {
        self.nested(self.operation_key, |sink| {
            sink.nested(bytes_key(1), |sink| sink.put_term(term))
        });
    }

    fn unary(&mut self, operator: Unary) {
        self.put_operator(2, operator.code());
    }

    fn binary(&mut self, operator: Binary) {
        self.put_operator(3, operator.code());
    }

    fn closure(&mut self, parameter: Option<&str>, operations: impl FnOnce(&mut Self)) {
        self.nested(self.operation_key, |sink| {
            sink.nested(bytes_key(4), |sink| {
                if let Some(name) = parameter {
                    sink.put_symbol(1, name);
                }
                sink.operations(2, operations);
            });
        });
    }
}

const SYMBOL_FIELD: u8 = bytes_key(1);
const VERSION_FIELD: u8 = varint_key(3);

/// The field key of a number.
const fn varint_key(field: u8) -> u8 {
    field << 3
}

/// The field key of text, bytes or a message.
const fn bytes_key(field: u8) -> u8 {
    field << 3 | 2
}

fn put_bytes(out: &mut Vec<u8>, key: u8, bytes: &[u8]) {
    out.push(key);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn varint(mut number: u64) -> impl Iterator<Item = u8> {
    let mut bytes = [0; 10];
    let mut used = 0;
    for byte in &mut bytes {
        used += 1;
        if number < 0x80 {
            *byte = number as u8;
            break;
        }
        *byte = number as u8 | 0x80;
        number >>= 7;
    }
    bytes.into_iter().take(used)
}
