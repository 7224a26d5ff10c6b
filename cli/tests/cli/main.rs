//! Transcripts of the program, and the schemas that it prints.
//!
//! A transcript is a page: what stands in a `console` block is run, line by line, in one directory a page, and must print what is
//! written below it. `SNAPSHOTS=overwrite cargo test -p bailiwick-cli` writes down what it prints now; read the difference.
#![cfg(unix)]

mod browser;
mod page;
mod schema;
mod transcript;
mod world;

use transcript::{holds, part_holds};

/// A page of transcripts.
macro_rules! page {
    ($name:ident, $path:literal) => {
        #[test]
        fn $name() {
            holds(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path));
        }
    };
}

page!(the_manual_is_true, "../docs/cli.md");

#[test]
fn a_reviewer_gets_all_the_way_with_the_readme_alone() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    part_holds(readme, "## For security reviewers\n");
}

page!(
    keys_are_made_once_and_kept_from_others,
    "tests/transcripts/keys.md"
);
page!(
    files_to_start_from_are_good_and_never_overwritten,
    "tests/transcripts/init.md"
);
page!(
    catalogs_are_checked_and_drafted,
    "tests/transcripts/catalog.md"
);
page!(tokens_are_minted, "tests/transcripts/mint.md");
page!(texts_are_shown_as_they_are, "tests/transcripts/inspect.md");
page!(
    actions_are_checked_and_explained,
    "tests/transcripts/check.md"
);
page!(catalogs_are_pinned, "tests/transcripts/lock.md");
page!(what_grew_is_found, "tests/transcripts/review.md");
page!(
    reports_are_written_and_end_as_they_should,
    "tests/transcripts/report.md"
);
page!(tokens_are_narrowed, "tests/transcripts/attenuate.md");
page!(
    approvals_are_asked_for_and_given,
    "tests/transcripts/approve.md"
);
page!(tasks_are_revoked_and_stopped, "tests/transcripts/revoke.md");
page!(hostile_text_stays_text, "tests/transcripts/hostile.md");
page!(
    terminals_have_colours_and_a_width,
    "tests/transcripts/terminal.md"
);
page!(arguments_are_read_with_care, "tests/transcripts/usage.md");
