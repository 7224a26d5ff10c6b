//! Every code that bad bytes can cause is in some vector.

use std::collections::BTreeSet;
use std::path::Path;

use crate::{answers, directories, lists, presentations, requests, stops};

/// Where codes are, and which vectors must have them. The last ones come from no bytes.
const SOURCES: [(&str, &str, &str); 13] = [
    ("src/approve/error.rs", "impl RequestError", "request"),
    (
        "src/approve/contents.rs",
        "impl RequestContentsError",
        "request",
    ),
    ("src/approve/answer.rs", "impl AnswerTextError", "answer"),
    ("src/approve/waiting.rs", "impl AnswerError", "answer"),
    (
        "src/verify/approvals.rs",
        "impl ApprovalError",
        "presentation",
    ),
    ("src/verify/notes.rs", "impl NoteError", "presentation"),
    ("src/note/error.rs", "impl NoteWireError", "presentation"),
    ("src/note/error.rs", "impl NotesError", "presentation"),
    (
        "src/approve/directory/error.rs",
        "impl DirectoryError",
        "directory",
    ),
    ("src/revoke/error.rs", "impl ListError", "list"),
    ("src/revoke/ticket.rs", "impl StopError", "stop"),
    ("src/present/wire.rs", "impl WireError", "presentation"),
    ("src/verify/error.rs", "impl VerifyError", "presentation"),
];

/// Codes of a token in a request: of a proof, a revocation list or an approval there is none.
const TOKEN_IN_REQUEST: [&str; 11] = [
    "token_malformed",
    "block_malformed",
    "chain_invalid",
    "root_unknown",
    "root_not_yet_valid",
    "root_retired",
    "issued_in_future",
    "lifetime_exceeded",
    "not_yet_valid",
    "expired",
    "depth_exceeded",
];

/// What no presentation causes: the service has no list of what is revoked, or an old one.
const NOT_BY_BYTES: [&str; 2] = ["revocation_unknown", "revocations_stale"];

/// The texts in the function `code` of these sources.
fn codes_of(path: &str, of: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let source = std::fs::read_to_string(path).unwrap();
    let (_, rest) = source.split_once(&format!("{of} {{")).unwrap();
    let (_, rest) = rest.split_once("fn code(&self) -> &'static str {").unwrap();
    let (body, _) = rest.split_once("\n    }").unwrap();
    let codes = body.split('"').skip(1).step_by(2);
    codes.map(str::to_owned).collect()
}

fn codes_in(kind: &str) -> BTreeSet<String> {
    let vectors = match kind {
        requests::KIND => requests::all(),
        answers::KIND => answers::all(),
        directories::KIND => directories::all(),
        lists::KIND => lists::all(),
        stops::KIND => stops::all(),
        _ => presentations::all(),
    };
    let codes = vectors.iter().filter_map(|vector| vector.find("code"));
    codes.map(str::to_owned).collect()
}

#[test]
fn every_code_that_bytes_can_cause_is_in_a_vector() {
    for (path, of, kind) in SOURCES {
        let (wanted, found) = (codes_of(path, of), codes_in(kind));
        assert!(!wanted.is_empty(), "{path} has no code");
        let missing = wanted.difference(&found);
        let missing: Vec<_> = missing
            .filter(|code| !NOT_BY_BYTES.contains(&code.as_str()))
            .collect();
        assert!(missing.is_empty(), "{kind}/ lacks {missing:?} of {path}");
    }
    let found = codes_in("request");
    for code in TOKEN_IN_REQUEST {
        assert!(found.contains(code), "request/ lacks {code}");
    }
}

#[test]
fn every_bad_vector_has_a_code_that_our_errors_have() {
    let kinds = ["request", "answer", "directory", "list", "stop"];
    let known = |kind: &str| {
        let own = SOURCES.iter().filter(|(.., one)| *one == kind);
        let mut known: BTreeSet<_> = own.flat_map(|(path, of, _)| codes_of(path, of)).collect();
        if kind == "request" {
            known.extend(TOKEN_IN_REQUEST.map(str::to_owned));
        }
        known
    };
    for kind in kinds {
        let known = known(kind);
        assert!(codes_in(kind).is_subset(&known), "{kind}/: {known:?}");
    }
}
