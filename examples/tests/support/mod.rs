//! Runs a program, and compares all that it prints.

use std::process::Command;

/// Fails unless the program prints exactly these lines, and ends well.
pub(crate) fn assert_prints(program: &str, lines: &str) {
    let story = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--example", program])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&story.stderr);
    assert_eq!(String::from_utf8_lossy(&story.stdout), lines, "{errors}");
    assert!(story.status.success(), "{errors}");
}
