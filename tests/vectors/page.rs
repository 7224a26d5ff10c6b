//! The pages show the Datalog of every construct, and the bytes of every other thing; here they are compared with what is
//! written.
//!
//! A fence ```` ```datalog name ```` holds the checks of the block vector of that name, and ```` ```bytes name ```` the
//! bytes of an [example](crate::examples).

use std::path::Path;

use crate::examples::Example;
use crate::file::{HINT, Vector};

/// What a fence of this first line shows.
struct Shown {
    fence: String,
    text: String,
}

impl From<&Vector> for Shown {
    fn from(block: &Vector) -> Self {
        let (_, name) = block.name.rsplit_once('/').unwrap();
        Self {
            fence: format!("```datalog {name}"),
            text: text(block),
        }
    }
}

impl From<&Example> for Shown {
    fn from(example: &Example) -> Self {
        Self {
            fence: format!("```bytes {}", example.name),
            text: example.layout.lines(),
        }
    }
}

/// Every block and every example stands on the page.
pub fn compare_or_write(page: &str, blocks: &[Vector], examples: &[Example]) {
    let all = blocks.iter().map(Shown::from);
    let all: Vec<_> = all.chain(examples.iter().map(Shown::from)).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let found = std::fs::read_to_string(&path).unwrap();
    let (wanted, shown) = filled(&found, &all);
    if std::env::var_os("BAILIWICK_WRITE_VECTORS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    } else {
        assert!(
            found == wanted,
            "{page} shows other bytes or Datalog than are written; {HINT}"
        );
    }
    let fences = all.iter().map(|one| &one.fence);
    let missing: Vec<_> = fences.filter(|fence| !shown.contains(fence)).collect();
    assert!(missing.is_empty(), "{page} does not show {missing:?}");
}

/// The page with the text of every fence as it must be, and the first lines of the fences.
fn filled(page: &str, all: &[Shown]) -> (String, Vec<String>) {
    let (mut out, mut shown) = (String::new(), Vec::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if ["```datalog ", "```bytes "]
            .iter()
            .any(|fence| line.starts_with(fence))
        {
            let one = all.iter().find(|one| one.fence == line);
            let one =
                one.unwrap_or_else(|| panic!("a page shows `{line}`, of which there is no vector"));
            out.push_str(&one.text);
            out.push_str("```\n");
            shown.push(line.to_owned());
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
