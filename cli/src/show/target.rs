//! What a line of a task file names.

use bailiwick::manifest::Expansion;

/// Operations, an effect, or both.
pub(crate) fn target(line: &Expansion) -> String {
    let target = line.target();
    let operation = target.operation().map(|it| format!("`{it}`"));
    let effect = target.effect().map(|it| format!("effect `{it}`"));
    let both: Vec<String> = operation.into_iter().chain(effect).collect();
    both.join(", ")
}
