//! Blocks outside the grammar, well signed.

use super::Presented;
use super::chains::texts;
use super::forms::presented;
use crate::forge;

const BLOCK: &str = "block_malformed";

pub(super) fn all() -> Vec<Presented> {
    let [first, later] = texts();
    let with = |line: &str| format!("{later}{line}\n");
    let second =
        |name: &str, comment: &str, line: &str| of_texts(name, comment, &[&first, &with(line)]);
    let first_without = |name: &str, comment: &str, start: &str| {
        let kept: String = first
            .lines()
            .filter(|line| !line.starts_with(start))
            .map(|line| format!("{line}\n"))
            .collect();
        of_texts(name, comment, &[&kept])
    };
    let raw = |name: &str, comment: &str, change: fn(&mut Vec<u8>)| {
        let mut blocks = forge::blocks(&[&first]);
        change(&mut blocks[0]);
        of_blocks(name, comment, &blocks).refused(BLOCK)
    };
    vec![
        of_blocks(
            "block-good",
            "two blocks, written by a stock builder",
            &forge::blocks(&[&first, &later]),
        ),
        of_blocks(
            "block-version-3",
            "a lower block version",
            &forge::blocks_of_version(&[&first], 3),
        )
        .refused(BLOCK),
        of_blocks(
            "block-version-7",
            "a higher block version",
            &forge::blocks_of_version(&[&first], 7),
        )
        .refused(BLOCK),
        raw("block-not-protobuf", "bytes that are no message", |block| {
            block.truncate(40)
        }),
        raw(
            "block-trailing",
            "a field that Biscuit does not have",
            |block| block.extend(forge::number(9, 1)),
        ),
        raw("block-context", "a context", |block| {
            block.extend(forge::bytes(2, b"free text"))
        }),
        raw("block-scope", "a scope annotation", |block| {
            block.extend(forge::bytes(7, &forge::number(1, 0)))
        }),
        raw("block-public-key", "a public key", |block| {
            block.extend(forge::bytes(8, &forge::number(1, 0)))
        }),
        raw(
            "block-symbol-not-used",
            "a symbol that nothing uses",
            |block| {
                let symbol = forge::bytes(1, b"unused");
                block.splice(0..0, symbol);
            },
        ),
        of_texts(
            "block-first-twice",
            "a first block in a later place",
            &[&first, &first],
        ),
        of_texts(
            "block-later-first",
            "a later block in the first place",
            &[&later],
        ),
        second(
            "block-fact",
            "a fact in a later block",
            "operation(\"mail.send\");",
        ),
        second(
            "block-fact-of-format",
            "the format stated again",
            "bailiwick(1);",
        ),
        second("block-rule", "a rule", "operation($task) <- task($task);"),
        second(
            "block-check-all",
            "`check all`, which passes where a fact is absent",
            "check all depth($depth), $depth <= 2;",
        ),
        second(
            "block-reject",
            "`reject if`, which passes where a fact is absent",
            "reject if operation(\"mail.send\");",
        ),
        second(
            "block-check-of-nothing",
            "a check that looks harmless",
            "check if true;",
        ),
        second(
            "block-check-regex",
            "a regular expression",
            "check if operation($operation), $operation.matches(\"mail\");",
        ),
        second(
            "block-check-trusting",
            "a scope annotation on a check",
            "check if operation(\"mail.send\") trusting previous;",
        ),
        second(
            "block-check-twice",
            "the depth twice",
            "check if depth($depth), $depth <= 2;",
        ),
        second(
            "block-order",
            "a window after the depth",
            "check if time($time), $time < 2027-01-15T08:15:00Z;",
        ),
        second(
            "block-variable",
            "a variable of another name",
            "check if effect($e), !($e === \"delete\");",
        ),
        second(
            "block-parens",
            "parentheses where none are needed",
            "check if effect($effect), !(($effect === \"delete\"));",
        ),
        second(
            "block-budget-position",
            "a budget that claims to stand in the first block",
            "check if spent(\"0/mail\", \"uses\", 0, $spent), $spent >= 0, $spent < 5;",
        ),
        second(
            "block-budget-cap",
            "a budget of nothing",
            "check if spent(\"1/mail\", \"uses\", 0, $spent), $spent >= 0, $spent < 0;",
        ),
        second(
            "block-empty-approval",
            "approvals of nobody",
            "check if approved_by($approved_by), $approved_by.intersection({,}).length() >= 1;",
        ),
        first_without(
            "block-no-allow",
            "a first block without allow",
            "check if operation",
        ),
        first_without(
            "block-no-end",
            "a first block without an end",
            "check if time",
        ),
        first_without(
            "block-no-audience",
            "a first block without an audience",
            "check if service",
        ),
        first_without(
            "block-no-possession",
            "a first block without the check on possession",
            "check if possession",
        ),
        first_without("block-no-task", "a first block without a task", "task("),
        of_texts(
            "block-format-2",
            "a format that does not exist",
            &[&first.replace("bailiwick(1)", "bailiwick(2)")],
        ),
        of_texts(
            "block-empty-agent",
            "an agent without a name",
            &[&first.replace("mail-helper", "")],
        ),
        of_texts(
            "block-operation-name",
            "an operation that is no operation",
            &[&first.replace("\"mail.\"", "\"Mail.\"")],
        ),
    ]
}

/// Well signed, of these texts.
fn of_texts(name: &str, comment: &str, texts: &[&str]) -> Presented {
    of_blocks(name, comment, &forge::blocks(texts)).refused(BLOCK)
}

fn of_blocks(name: &str, comment: &str, contents: &[Vec<u8>]) -> Presented {
    let chain = forge::chain(contents);
    presented(name, comment, &forge::token_fields(&chain).concat(), &chain)
}
