//! Biscuit's symbol table: strings as numbers, shared by all blocks of a token.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// The symbols that every Biscuit implementation knows, in the order of their numbers.
const DEFAULT: [&str; 28] = [
    "read",
    "write",
    "resource",
    "operation",
    "right",
    "time",
    "role",
    "owner",
    "tenant",
    "namespace",
    "user",
    "team",
    "service",
    "admin",
    "email",
    "group",
    "member",
    "ip_address",
    "client",
    "client_ip",
    "domain",
    "path",
    "version",
    "cluster",
    "node",
    "hostname",
    "nonce",
    "query",
];

/// The number of a token's first own symbol.
const OFFSET: u64 = 1024;

/// Up to this many own symbols a scan is faster than a hash.
const SCAN: usize = 96;

/// The symbols of a token, cumulative over its blocks: a block adds those that no block before it has.
///
/// All text lies in one buffer, so that a symbol costs no allocation. The index hashes with a random key, so that no
/// token can choose symbols that collide.
#[derive(Debug, Clone, Default)]
pub(crate) struct SymbolTable {
    text: String,
    ends: Vec<u32>,
    /// Of each symbol, something short that tells most others apart from it.
    prints: Vec<u32>,
    index: Option<Index>,
}

#[derive(Debug, Clone, Default)]
struct Index {
    hasher: RandomState,
    by_hash: HashMap<u64, u32>,
}

impl SymbolTable {
    /// The table of a token without blocks.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// How many symbols the table holds beside the default ones.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a symbol, if there is one with that number.
    pub(crate) fn get(&self, symbol: u64) -> Option<&str> {
        match symbol.checked_sub(OFFSET) {
            None => DEFAULT.get(usize::try_from(symbol).ok()?).copied(),
            Some(own) => self.own(usize::try_from(own).ok()?),
        }
    }

    /// The own symbols from position `from` on, in order.
    pub(crate) fn own_from(&self, from: usize) -> impl Iterator<Item = &str> {
        (from..self.len()).filter_map(|position| self.own(position))
    }

    /// The number of `text`, which is added if it is new.
    pub(crate) fn intern(&mut self, text: &str) -> u64 {
        if let Some(symbol) = default_symbol(text) {
            return symbol;
        }
        let position = self.find(text).unwrap_or_else(|| {
            self.push(text);
            self.len() - 1
        });
        OFFSET + position as u64
    }

    /// Adds a symbol as a block states it, whether or not it is new.
    ///
    /// What a block states wrongly (a repeated, default, unused or misplaced symbol) shows when the block is encoded again.
    pub(crate) fn push(&mut self, text: &str) {
        let position = self.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.prints.push(print(text));
        if let Some(index) = &mut self.index {
            index.add(text, position);
        }
    }

    /// Makes room for the symbols of a block of so many bytes.
    pub(crate) fn reserve(&mut self, block_bytes: usize) {
        self.text.reserve(block_bytes / 2);
        self.ends.reserve(16);
        self.prints.reserve(16);
    }

    /// Forgets all own symbols but the first `len`.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        self.prints.truncate(len);
        self.text
            .truncate(self.ends.last().map_or(0, |end| *end as usize));
        if len <= SCAN {
            self.index = None;
        } else if let Some(index) = &mut self.index {
            index
                .by_hash
                .retain(|_, position| (*position as usize) < len);
        }
    }

    fn own(&self, position: usize) -> Option<&str> {
        let start = match position.checked_sub(1) {
            None => 0,
            Some(before) => *self.ends.get(before)?,
        };
        self.text
            .get(start as usize..*self.ends.get(position)? as usize)
    }

    fn find(&mut self, text: &str) -> Option<usize> {
        if self.len() <= SCAN {
            return self.scan(text);
        }
        if self.index.is_none() {
            self.index = Some(self.new_index());
        }
        let index = self.index.as_ref()?;
        let position = *index.by_hash.get(&index.hasher.hash_one(text))? as usize;
        if self.own(position) == Some(text) {
            Some(position)
        } else {
            // Two texts with one 64-bit hash under a random key: never seen, and still right.
            self.scan(text)
        }
    }

    fn scan(&self, text: &str) -> Option<usize> {
        let wanted = print(text);
        let alike = self
            .prints
            .iter()
            .enumerate()
            .filter(|(_, print)| **print == wanted);
        alike
            .map(|(position, _)| position)
            .find(|position| self.own(*position) == Some(text))
    }

    fn new_index(&self) -> Index {
        let mut index = Index::default();
        for (position, text) in self.own_from(0).enumerate() {
            index.add(text, position as u32);
        }
        index
    }
}

impl Index {
    /// The first of equal texts keeps its place, as in a scan.
    fn add(&mut self, text: &str, position: u32) {
        self.by_hash
            .entry(self.hasher.hash_one(text))
            .or_insert(position);
    }
}

/// The length, the first byte and the last byte.
fn print(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let end = |byte: Option<&u8>| u32::from(byte.copied().unwrap_or_default());
    (bytes.len() as u32) << 16 | end(bytes.first()) << 8 | end(bytes.last())
}

fn default_symbol(text: &str) -> Option<u64> {
    // The compiler turns this into a switch on the length and a few comparisons of words.
    Some(match text {
        "read" => 0,
        "write" => 1,
        "resource" => 2,
        "operation" => 3,
        "right" => 4,
        "time" => 5,
        "role" => 6,
        "owner" => 7,
        "tenant" => 8,
        "namespace" => 9,
        "user" => 10,
        "team" => 11,
        "service" => 12,
        "admin" => 13,
        "email" => 14,
        "group" => 15,
        "member" => 16,
        "ip_address" => 17,
        "client" => 18,
        "client_ip" => 19,
        "domain" => 20,
        "path" => 21,
        "version" => 22,
        "cluster" => 23,
        "node" => 24,
        "hostname" => 25,
        "nonce" => 26,
        "query" => 27,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_symbols_have_their_fixed_numbers() {
        let mut table = SymbolTable::default();
        for (number, text) in DEFAULT.iter().enumerate() {
            assert_eq!(table.intern(text), number as u64);
            assert_eq!(table.get(number as u64), Some(*text));
        }
        assert_eq!(table.len(), 0);
        assert_eq!(table.get(28), None);
        assert_eq!(table.get(1023), None);
    }

    #[test]
    fn own_symbols_are_numbered_in_the_order_in_which_they_are_met() {
        let mut table = SymbolTable::default();
        assert_eq!(table.intern("effect"), 1024);
        assert_eq!(table.intern(""), 1025);
        assert_eq!(table.intern("effect"), 1024);
        assert_eq!(table.intern(""), 1025);
        assert_eq!(table.get(1024), Some("effect"));
        assert_eq!(table.get(1025), Some(""));
        assert_eq!(table.get(1026), None);
        assert_eq!(table.get(u64::MAX), None);
    }

    #[test]
    fn a_large_table_answers_like_a_small_one() {
        let mut table = SymbolTable::default();
        for round in 0..2 {
            for n in 0..500_u64 {
                assert_eq!(table.intern(&format!("s{n}")), 1024 + n, "round {round}");
            }
        }
        table.truncate(120);
        assert_eq!(table.intern("s119"), 1143);
        assert_eq!(table.intern("s400"), 1144);
        table.truncate(3);
        assert_eq!(table.intern("s400"), 1027);
        assert_eq!(table.own_from(2).collect::<Vec<_>>(), ["s2", "s400"]);
    }

    #[test]
    fn a_repeated_symbol_is_found_at_its_first_place() {
        for filler in [0, 200] {
            let mut table = SymbolTable::default();
            table.push("twice");
            table.push("twice");
            (0..filler).for_each(|n| table.push(&format!("s{n}")));
            assert_eq!(table.intern("twice"), 1024);
        }
    }
}
