//! `docs/format.md` shows the Datalog of every construct; here it is compared with what is written.
//!
//! A fence ```` ```datalog name ```` holds the checks of the block vector of that name.

use std::path::Path;

use crate::file::{HINT, Vector};

const FENCE: &str = "```datalog ";

pub fn compare_or_write(blocks: &[Vector]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/format.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (wanted, shown) = filled(&page, blocks);
    if std::env::var_os("BAILIWICK_WRITE_VECTORS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    } else {
        assert!(
            page == wanted,
            "docs/format.md shows other Datalog than is written; {HINT}"
        );
    }
    let all: Vec<_> = blocks.iter().map(short).collect();
    let missing: Vec<_> = all
        .iter()
        .filter(|name| !shown.iter().any(|one| one == *name))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/format.md does not show {missing:?}"
    );
}

fn short(block: &Vector) -> &str {
    block.name.rsplit('/').next().unwrap()
}

/// The page with the text of every fence as it must be, and the names of the fences.
fn filled(page: &str, blocks: &[Vector]) -> (String, Vec<String>) {
    let (mut out, mut shown) = (String::new(), Vec::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if let Some(name) = line.strip_prefix(FENCE) {
            let block = blocks.iter().find(|block| short(block) == name);
            let block = block.unwrap_or_else(|| {
                panic!("docs/format.md shows `{name}`, of which there is no vector")
            });
            out.push_str(&text(block));
            out.push_str("```\n");
            shown.push(name.to_owned());
            lines
                .find(|line| *line == "```")
                .expect("the end of a fence");
        }
    }
    (out, shown)
}

/// A first block as a whole, of a later one what its scope says.
fn text(block: &Vector) -> String {
    let lines = block
        .body()
        .lines()
        .filter(|line| !line.starts_with("delegate("));
    lines.map(|line| format!("{line}\n")).collect()
}
