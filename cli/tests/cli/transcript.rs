//! Runs a page.

use std::path::Path;

use snapbox::Data;

use crate::world::World;

/// Whether every command of a page prints what the page says.
pub(crate) fn holds(page: &str) {
    let text = std::fs::read_to_string(page).unwrap();
    let directory = World::new();
    snapbox::assert_data_eq!(
        run(&text, &directory),
        Data::read_from(Path::new(page), None).raw()
    );
}

/// The page with what its commands print now.
fn run(page: &str, world: &World) -> String {
    let mut out = String::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line != "```console" {
            continue;
        }
        while let Some(line) = lines.next_if(|line| *line != "```") {
            let Some(command) = line.strip_prefix("$ ") else {
                continue;
            };
            let mut command = command.to_owned();
            out.push_str(&format!("$ {command}\n"));
            // A command goes on after a backslash.
            while command.ends_with('\\') {
                let more = lines.next().unwrap();
                out.push_str(&format!("{more}\n"));
                command = format!("{command}\n{more}");
            }
            out.push_str(&world.shell(&command));
        }
    }
    out
}
