//! Runs a program, and compares all that it prints.

use std::env;
use std::process::Command;

/// Fails unless the program prints exactly these lines, and ends well.
///
/// It is the one that was built together with this test: both are in folders of one target directory.
pub(crate) fn assert_prints(program: &str, lines: &str) {
    let test = env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join("examples");
    let program = built.join(format!("{program}{}", env::consts::EXE_SUFFIX));
    let story = Command::new(program).output().unwrap();
    let errors = String::from_utf8_lossy(&story.stderr);
    assert_eq!(String::from_utf8_lossy(&story.stdout), lines, "{errors}");
    assert!(story.status.success(), "{errors}");
}
