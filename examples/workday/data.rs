//! What is there when a run begins: objects written by hand, and many more by rule.

use bailiwick_examples::Outcome;
use serde_json::json;

use crate::state::State;

const BY_HAND: [&str; 5] = [
    include_str!("data/mail.toml"),
    include_str!("data/calendar.toml"),
    include_str!("data/drive.toml"),
    include_str!("data/bank.toml"),
    include_str!("data/chat.toml"),
];

const COLLEAGUES: [&str; 6] = ["mara", "tomas", "ines", "jonas", "priya", "oskar"];
const SUBJECTS: [&str; 5] = [
    "site visit",
    "window samples",
    "timesheets",
    "model photos",
    "tender",
];

/// The state in which each run begins, always the same.
pub(crate) fn begin() -> Outcome<State> {
    let mut state = by_rule();
    for file in BY_HAND {
        state.join(toml::from_str(file)?);
    }
    Ok(state)
}

fn by_rule() -> State {
    let mut state = State::default();
    for number in 0..100_usize {
        let who = COLLEAGUES[number % COLLEAGUES.len()];
        let what = SUBJECTS[number % SUBJECTS.len()];
        let address = format!("{who}@harbour.example");
        let day = format!("2026-{:02}-{:02}", number % 9 + 1, number % 28 + 1);
        state.push("mail.inbox", json!({
            "id": format!("m-{number}"), "from": address, "to": ["nora@harbour.example"], "date": day,
            "subject": format!("{what} {number}"), "body": format!("Nothing new about the {what} this week."),
        }));
        state.push("calendar.events", json!({
            "id": format!("e-{number}"), "title": format!("{what} round {number}"), "start": format!("{day}T09:00"),
            "organizer": address, "attendees": [address, "nora@harbour.example"], "description": "As every week.",
        }));
        state.push(
            "drive.files",
            json!({
                "id": format!("f-{number}"), "name": format!("{what} {number}"), "owner": address,
                "shared_with": ["nora@harbour.example"], "text": format!("Figures on the {what}."),
            }),
        );
        state.push("bank.outgoing", json!({
            "id": format!("t-{number}"), "date": day, "to": format!("XX10-SHOP-{:02}", number % 7),
            "amount": 1000 + 37 * number, "memo": format!("card payment {number}"),
        }));
    }
    state
}
