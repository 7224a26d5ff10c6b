//! The page of `report`, in a real browser.

mod checks;
mod hostile;

use std::path::{Path, PathBuf};

use snapbox::Data;

use crate::browser::Browser;
use crate::world::World;

/// Pages of every kind: a task file, a token of three blocks, two that differ, one with taint, budgets and groups,
/// that without a catalog, and one with a lock, excuses and an operation that only one value allows.
const PAGES: [(&str, &str); 7] = [
    ("task", "task.toml --catalog catalog.toml"),
    ("chain", "three.txt --roots roots.toml"),
    ("diff", "task.toml wide.toml --catalog catalog.toml"),
    ("wide", "wide.toml --catalog catalog.toml"),
    ("open", "wide.toml --no-catalog"),
    ("values", "values.toml --catalog catalog.toml"),
    (
        "more",
        "task.toml values.toml --catalog catalog.toml --param thread=41",
    ),
];

const NOW: &str = "--now 2026-11-21T09:01:00Z";

const WIDE: &str = r#"
task = "answer-thread"
purpose = "keep the forum tidy"
audience = ["forum.example"]
ttl = "2d"
max_depth = 3
[approvers]
ada = "ADA"
grace = "GRACE"
[[allow]]
operation = "forum.read"
resource = "forum/**"
[[allow]]
operation = "forum.publish"
resource = "forum/thread/*"
arguments.text = { max_len = 5000 }
[[allow]]
operation = "forum.delete"
resource = "forum/thread/*"
[[require]]
effect = "publish"
budget = { name = "posts", uses = 5, each = "1h" }
[[require]]
effect = "publish"
approval = { of = ["ada", "grace"], at_least = 2 }
when_tainted = true
[[require]]
effect = "delete"
approval = [{ of = ["ada"], at_least = 1 }, { of = ["grace"], at_least = 1 }]
"#;

const VALUES: &str = r#"
task = "tidy"
purpose = "tidy the {room} room, thread {thread}"
audience = ["forum.example"]
ttl = "2d"
excuse = { long_life = "weekends count" }
[parameters]
room = { type = "enum", values = ["small", "large"] }
thread = "segment"
[[allow]]
operation = "forum.*"
effect = "read"
resource = "forum/thread/{thread}"
[[allow]]
operation = "forum.delete"
resource = "forum/thread/{room}"
[[deny]]
operation = "forum.delete"
resource = "forum/thread/small"
[[never]]
operation = "forum.publish"
"#;

/// A world with every page in it.
fn pages() -> (World, Vec<PathBuf>) {
    let world = World::new();
    let run = |command: &str| {
        let printed = world.shell(command);
        assert!(!printed.contains("error"), "{command}: {printed}");
    };
    run(&format!(
        "bailiwick init . --approver $(cat ada.pub) --issuer $(cat root.pub) {NOW}"
    ));
    let wide = WIDE
        .replace("ADA", &world.read("ada.pub"))
        .replace("GRACE", &world.read("grace.pub"));
    world.write("wide.toml", &wide);
    world.write("values.toml", VALUES);
    run("bailiwick lock values.toml --catalog catalog.toml");
    run(&format!(
        "bailiwick mint wide.toml --catalog catalog.toml --key root.key --root 1 --holder $(cat agent.pub) \
         --principal ada@example.com --agent helper --task t-1 {NOW} --out one.txt --stop stop.txt"
    ));
    for (from, to, key, denied) in [
        ("one", "two", "agent", "delete"),
        ("two", "three", "scout", "publish"),
    ] {
        run(&format!(
            "bailiwick attenuate {from}.txt --key {key}.key --holder $(cat scout.pub) --agent scout \
             --deny-effect {denied} {NOW} --out {to}.txt"
        ));
    }
    let files = PAGES.map(|(name, arguments)| {
        run(&format!(
            "bailiwick report {arguments} {NOW} --out {name}.html"
        ));
        world.path(&format!("{name}.html"))
    });
    (world, files.into())
}

/// What holds of every page, by itself so that there is one browser.
#[test]
fn pages_are_safe_readable_and_fit_a_phone_in_a_real_browser() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_world, files) = pages();
    for file in &files {
        browser.width(1100);
        browser.media("light", "screen");
        browser.open(file);
        checks::nothing_is_run_or_fetched(&mut browser, file);
        checks::outline(&mut browser);
        checks::is_read_aloud(&mut browser);
        checks::contrast(&mut browser);
        let light = browser.corner();
        browser.media("dark", "screen");
        checks::contrast(&mut browser);
        assert_ne!(light, browser.corner(), "dark looks as light does");
        checks::narrow(&mut browser);
        checks::is_read_aloud(&mut browser);
        checks::printed(&mut browser);
        // Last, as it changes the page.
        checks::policy_is_in_force(&mut browser);
    }
}

/// All but the style.
#[test]
fn the_page_says_what_was_reviewed() {
    let (world, _) = pages();
    let page = world.read("wide.html");
    let (_, body) = page.split_once("<body>").unwrap();
    let reviewed = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/report.html");
    snapbox::assert_data_eq!(body, Data::read_from(Path::new(reviewed), None).raw());
}

#[test]
fn what_only_one_value_allows_is_not_called_never() {
    let (world, _) = pages();
    let page = world.read("values.html");
    let row = |head: &str| {
        let (_, row) = page.split_once(head).unwrap();
        row.split_once("</tr>").unwrap().0.to_owned()
    };
    let deleted = row("<th scope=\"row\"><code>forum.delete</code>");
    assert!(
        deleted.contains("<span class=\"mark freely\">"),
        "{deleted}"
    );
    let with = "with <code>room = &quot;large&quot;</code>";
    assert!(deleted.contains(with), "{deleted}");
    let published = row("<th scope=\"row\"><code>forum.publish</code>");
    assert!(
        published.contains("<span class=\"mark never\">"),
        "{published}"
    );
}

#[test]
fn the_same_page_has_the_same_bytes() {
    let (world, _) = pages();
    let (_, arguments) = PAGES[2];
    let page = || world.shell(&format!("bailiwick report {arguments} {NOW}"));
    assert_eq!(page(), page());
}
