//! Runs a page.

use std::path::Path;

use snapbox::Data;

use crate::world::World;

/// Whether every command of a page prints what the page says.
pub(crate) fn holds(page: &str) {
    let text = std::fs::read_to_string(page).unwrap();
    let world = World::new();
    snapbox::assert_data_eq!(
        run(&text, |command| world.shell(command)),
        Data::read_from(Path::new(page), None).raw()
    );
}

/// The same of one part of a page, in a directory where nothing is yet. A person is there when something is to be approved.
pub(crate) fn part_holds(page: &str, heading: &str) {
    let text = std::fs::read_to_string(page).unwrap();
    let (before, part) = text.split_once(heading).unwrap();
    let end = part.find("\n## ").map_or(part.len(), |end| end + 1);
    let (part, after) = part.split_at(end);
    let world = World::empty();
    let part = run(part, |command| {
        match command.starts_with("bailiwick approve ") {
            true => world.shell_with_person(command),
            false => world.shell(command),
        }
    });
    let now = [before, heading, &part, after].concat();
    snapbox::assert_data_eq!(now, Data::read_from(Path::new(page), None).raw());
}

/// The page with what its commands print now.
fn run(page: &str, shell: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line != "```console" {
            continue;
        }
        while let Some(line) = lines.next_if(|line| *line != "```") {
            let mut command = line.strip_prefix("$ ").unwrap().to_owned();
            out.push_str(&format!("$ {command}\n"));
            // A command goes on after a backslash.
            while command.ends_with('\\') {
                let more = lines.next().unwrap();
                out.push_str(&format!("{more}\n"));
                command = format!("{command}\n{more}");
            }
            for printed in shell(&command).lines() {
                let written = lines.next_if(|it| *it != "```" && !it.starts_with("$ "));
                let same = written.filter(|written| is_like(printed, written));
                out.push_str(same.unwrap_or(printed));
                out.push('\n');
            }
            // What is written and was not printed is left out, so that the pages differ.
            while lines
                .next_if(|it| *it != "```" && !it.starts_with("$ "))
                .is_some()
            {}
        }
    }
    out
}

/// Whether a line is as it is written, where `…` stands for what is new each time: keys, times, digests.
fn is_like(printed: &str, written: &str) -> bool {
    let Some((before, after)) = written.split_once('…') else {
        return printed == written;
    };
    let Some(rest) = printed.strip_prefix(before) else {
        return false;
    };
    let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.any(|at| is_like(&rest[at..], after))
}

#[test]
fn only_what_is_new_each_time_may_differ() {
    assert!(is_like("key ed25519/ab12 is new", "key ed25519/… is new"));
    assert!(is_like("at 10:00", "at …"));
    assert!(!is_like("key ed25519/ab12 is old", "key ed25519/… is new"));
    assert!(!is_like("at 10:00", "at 10"));
    assert!(!is_like("at 10:00 or so", "at …:00"));
}
