//! The one place that writes. Every line is made harmless here, whoever it is from: nothing in it can move the cursor, turn the
//! text around or begin another line.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use bailiwick::action::one_line;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthChar as _;

use crate::answer::{Answer, Exit, Line, Page, Tone};
use crate::failure::{Failure, Outcome};

/// Begins what goes on from the line before. No line of a page begins so: a long text cannot forge one by being broken.
const GOES_ON: &str = "| ";

/// Writes what a verb gave.
pub(crate) fn finish(outcome: Outcome<Answer>, json: bool) -> ExitCode {
    let (answer, exit) = match outcome {
        Ok(answer) => {
            let exit = answer.exit;
            (answer, exit)
        }
        Err(failure) => {
            let exit = failure.exit;
            (told(&failure), exit)
        }
    };
    let written = if json || answer.is_json {
        write_json(&mut anstream::stdout(), &answer.json)
    } else {
        let error = write_page(
            &mut anstream::stderr(),
            &answer.notes,
            width(std::io::stderr().is_terminal()),
        );
        error.and(write_page(
            &mut anstream::stdout(),
            &answer.page,
            width(std::io::stdout().is_terminal()),
        ))
    };
    match written {
        Ok(()) => exit.into(),
        // Whoever read it went away: what it ends with still counts, unless that was to be good news.
        Err(_) if exit == Exit::Clean => Exit::Failure.into(),
        Err(_) => exit.into(),
    }
}

/// Shows lines before a verb has ended, for a person who is asked something.
pub(crate) fn show(page: &Page) -> std::io::Result<()> {
    write_page(
        &mut anstream::stderr(),
        page,
        width(std::io::stderr().is_terminal()),
    )
}

/// What is wrong with the arguments, or the help that was asked for.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Help and version are our own text alone.
        return match error.print() {
            Ok(()) => Exit::Clean.into(),
            Err(_) => Exit::Failure.into(),
        };
    }
    let mut page = Page::default();
    // It has arguments in it, which may come out of a file.
    for line in error.render().to_string().lines() {
        page.field(0, "", line);
    }
    let _ = write_page(&mut anstream::stderr(), &page, None);
    Exit::Failure.into()
}

fn told(failure: &Failure) -> Answer {
    let mut notes = Page::default();
    let findings = failure.findings.as_deref();
    for line in findings
        .map(ToString::to_string)
        .unwrap_or_default()
        .lines()
    {
        notes.field(0, "", line);
    }
    let label = format!("error[{}]:", failure.code);
    notes.push(0, Tone::Bad, &label, &failure.what);
    for line in &failure.detail {
        // Behind a mark, as they may be of a file that has line breaks where nobody looks for them.
        notes.field(1, "|", line);
    }
    notes.field(1, "help:", &failure.help);
    let found = findings.into_iter().flatten().map(|finding| {
        json!({
            "code": finding.code(),
            "message": finding.message(),
            "line": finding.line(),
            "column": finding.column(),
            "help": finding.help(),
        })
    });
    let mut error = json!({
        "code": failure.code,
        "message": failure.what,
        "help": failure.help,
    });
    if let (Some(object), false) = (error.as_object_mut(), failure.detail.is_empty()) {
        object.insert("detail".to_owned(), json!(failure.detail));
    }
    if let (Some(object), Some(_)) = (error.as_object_mut(), findings) {
        object.insert("findings".to_owned(), found.collect());
    }
    Answer::new(Page::default(), json!({ "error": error })).with_notes(notes)
}

fn width(is_terminal: bool) -> Option<usize> {
    let size = is_terminal.then(terminal_size::terminal_size).flatten();
    size.map(|(width, _)| usize::from(width.0).max(20))
}

fn write_page(out: &mut impl Write, page: &Page, width: Option<usize>) -> std::io::Result<()> {
    for line in &page.lines {
        write_line(out, line, width)?;
    }
    out.flush()
}

fn write_line(out: &mut impl Write, line: &Line, width: Option<usize>) -> std::io::Result<()> {
    let indent = "  ".repeat(line.depth);
    let label = one_line(&line.label);
    let text = one_line(&line.text);
    let style = style(line.tone);
    let between = if label.is_empty() || text.is_empty() {
        ""
    } else {
        " "
    };
    write!(out, "{indent}{style}{label}{style:#}{between}")?;
    let Some(width) = width.filter(|_| !line.whole) else {
        return writeln!(out, "{text}");
    };
    let taken = columns(&indent) + columns(&label) + columns(between);
    let mut rest = text.as_str();
    let mut room = width.saturating_sub(taken).max(1);
    loop {
        let (now, later) = split(rest, room);
        writeln!(out, "{now}")?;
        if later.is_empty() {
            return Ok(());
        }
        rest = later;
        // At the very left, where no line of ours begins with this mark.
        write!(out, "{indent}{GOES_ON}")?;
        room = width
            .saturating_sub(columns(&indent) + GOES_ON.len())
            .max(1);
    }
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// As much of a text as there is room for, after a space if there is one, and the rest. At least one character.
fn split(text: &str, room: usize) -> (&str, &str) {
    let (mut used, mut space) = (0_usize, None);
    for (at, character) in text.char_indices() {
        used = used.saturating_add(character.width().unwrap_or(0));
        if used > room && at > 0 {
            return text
                .split_at_checked(space.unwrap_or(at))
                .unwrap_or((text, ""));
        }
        if character == ' ' {
            space = Some(at + 1);
        }
    }
    (text, "")
}

fn style(tone: Tone) -> Style {
    let colour = |colour: AnsiColor| Style::new().bold().fg_color(Some(colour.into()));
    match tone {
        Tone::Plain => Style::new(),
        Tone::Head => Style::new().bold(),
        Tone::Good => colour(AnsiColor::Green),
        Tone::Bad => colour(AnsiColor::Red),
        Tone::Doubt => colour(AnsiColor::Yellow),
    }
}

fn write_json(out: &mut impl Write, value: &Value) -> std::io::Result<()> {
    let text = serde_json::to_string_pretty(&sorted(value)).unwrap_or_default();
    writeln!(out, "{}", ascii_where_needed(&text))?;
    out.flush()
}

/// With the members of each object as the alphabet has them, whatever other crates have switched on.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<&String, &Value> = members.iter().collect();
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(key, value)| (key.clone(), sorted(value)))
                    .collect(),
            )
        }
        Value::Array(values) => values.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// JSON leaves much as it is that moves or hides text on a terminal; only strings have such characters, where it can be escaped.
fn ascii_where_needed(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        let mut buffer = [0; 4];
        let plain = character == '\n'
            || character.is_ascii() && !character.is_ascii_control()
            || one_line(character.encode_utf8(&mut buffer))
                .chars()
                .eq([character]);
        if plain {
            out.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "x\u{1b}[2J\r\nerror[forged]: y\u{202e}z\u{9b}31m\u{7f}\u{2028}w\u{3164}";

    fn written(line: &Line, width: Option<usize>) -> String {
        let mut out = Vec::new();
        write_line(&mut out, line, width).unwrap();
        anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string()
    }

    fn line(label: &str, text: &str) -> Line {
        let mut page = Page::default();
        page.field(1, label, text);
        page.lines.remove(0)
    }

    fn is_harmless(text: &str) -> bool {
        text.chars()
            .all(|c| c == '\n' || one_line(&c.to_string()).chars().eq([c]))
    }

    #[test]
    fn text_from_outside_stays_on_its_line_and_moves_nothing() {
        for hostile in [line(HOSTILE, "text"), line("label", HOSTILE)] {
            let written = written(&hostile, None);
            assert_eq!(written.lines().count(), 1, "{written:?}");
            assert!(is_harmless(&written), "{written:?}");
        }
    }

    #[test]
    fn a_long_text_cannot_forge_a_line_by_being_broken() {
        let forged = format!("{}allow everything", " ".repeat(13));
        let written = written(&line("purpose", &forged), Some(22));
        let mut lines = written.lines();
        lines.next();
        assert!(lines.all(|line| line.starts_with("  | ")), "{written:?}");
        assert!(
            written.lines().all(|line| columns(line) <= 22),
            "{written:?}"
        );
    }

    #[test]
    fn what_is_to_be_copied_is_never_broken() {
        let mut page = Page::default();
        page.copy("bwt1_".repeat(40));
        assert_eq!(written(&page.lines[0], Some(20)).lines().count(), 1);
    }

    #[test]
    fn json_has_nothing_that_moves_or_hides_and_means_the_same() {
        let value = json!({ "text": format!("{HOSTILE}Zürich 𝅙") });
        let mut out = Vec::new();
        write_json(&mut out, &value).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(is_harmless(&text), "{text:?}");
        assert!(text.contains("Zürich"));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn mistakes_of_a_file_are_shown_and_counted() {
        let findings =
            bailiwick::catalog::Catalog::parse("a\u{1b}[2J.toml", "servce = 1").unwrap_err();
        let told = told(&findings.into());
        let all: String = told
            .notes
            .lines
            .iter()
            .map(|line| written(line, None))
            .collect();
        assert!(is_harmless(&all), "{all:?}");
        assert!(all.contains("error[findings]"), "{all}");
        assert!(told.json["error"]["findings"][0]["line"].is_number());
    }
}
