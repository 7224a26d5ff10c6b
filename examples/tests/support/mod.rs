//! Runs a program, and compares all that it prints.

use std::process::Command;

/// Fails unless the program prints exactly these lines, and ends well.
pub(crate) fn assert_prints(program: &str, lines: &str) {
    // As the README says it, from the root: all packages together may have other features than each alone.
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let story = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--example", program])
        .current_dir(root)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&story.stderr);
    assert_eq!(String::from_utf8_lossy(&story.stdout), lines, "{errors}");
    assert!(story.status.success(), "{errors}");
}
