//! The names that format 1 uses.
//!
//! A variable bears the name of its predicate, and variables of closures the names of default symbols: neither costs an
//! entry in the symbol table.

/// The version of the format, which the first block states and every verifier's policy asks for.
pub(super) const FORMAT: i64 = 1;

/// Predicates, and the variables that they bind.
pub(in crate::token) mod fact {
    pub(in crate::token) const FORMAT: &str = "bailiwick";
    pub(in crate::token) const ISSUED: &str = "issued";
    pub(in crate::token) const TASK: &str = "task";
    pub(in crate::token) const PURPOSE: &str = "purpose";
    pub(in crate::token) const PRINCIPAL: &str = "principal";
    pub(in crate::token) const AGENT: &str = "agent";
    pub(in crate::token) const DELEGATE: &str = "delegate";

    pub(in crate::token) const OPERATION: &str = "operation";
    pub(in crate::token) const EFFECT: &str = "effect";
    pub(in crate::token) const RESOURCE: &str = "resource";
    pub(in crate::token) const SERVICE: &str = "service";
    pub(in crate::token) const TIME: &str = "time";
    pub(in crate::token) const ARGUMENTS: &str = "args";
    pub(in crate::token) const ATTRIBUTES: &str = "attrs";
    pub(in crate::token) const DEPTH: &str = "depth";
    pub(in crate::token) const APPROVED_BY: &str = "approved_by";
    pub(in crate::token) const SEEN: &str = "seen";
    pub(in crate::token) const TAINTED: &str = "tainted";
    pub(in crate::token) const POSSESSION: &str = "possession";
    pub(in crate::token) const SPENT: &str = "spent";
}

/// The kinds of possession.
pub(super) const SIGNATURE: &str = "signature";
pub(super) const SESSION: &str = "session";

/// The kinds of budgets.
pub(super) const USES: &str = "uses";
pub(super) const SUM: &str = "sum";

/// Types, as `.type()` names them.
pub(super) mod kind {
    pub(in crate::token::block) const BOOL: &str = "bool";
    pub(in crate::token::block) const INTEGER: &str = "integer";
    pub(in crate::token::block) const TEXT: &str = "string";
    pub(in crate::token::block) const BYTES: &str = "bytes";
    pub(in crate::token::block) const LIST: &str = "array";
    pub(in crate::token::block) const MAP: &str = "map";
}

/// The key under which a number that is neither integer nor decimal keeps its text.
pub(super) const NUMBER_KEY: i64 = -1;

/// A member of an object, as `[key, value]`. No closure inside its closure has a variable.
pub(super) const MEMBER: &str = "path";

/// An element of a list, by how many lists are around that list: closures inside closures need different names.
pub(super) fn element(lists_around: usize) -> &'static str {
    const NAMES: [&str; 20] = [
        "member", "node", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
        "x13", "x14", "x15", "x16", "x17", "x18", "x19",
    ];
    // A path has at most 20 steps, so the fallback is never reached.
    NAMES.get(lists_around).copied().unwrap_or("x")
}
