//! Approvers by the names that a directory has for them.

use super::*;
use crate::approve::{Directory, DirectoryEntry};
use crate::keys::ApproverPublicKey;
use crate::keys::dangerous::directory_key_from_seed;
use crate::manifest::{Approver, ManifestError};
use crate::scope::Condition;
use crate::testing::approver_key;

fn key(number: u8) -> ApproverPublicKey {
    approver_key(number).public_key()
}

/// One that counts until an hour from now.
fn directory(entries: impl IntoIterator<Item = DirectoryEntry>) -> Directory {
    let office = directory_key_from_seed(&[9; 32]);
    let signed = Directory::sign(&office, 1, now(), at(START + 3_600), entries).unwrap();
    Directory::verify(signed.as_bytes(), &office.public_key(), now(), 1).unwrap()
}

fn active(number: u8, name: &str) -> DirectoryEntry {
    DirectoryEntry::active(key(number), name.parse().unwrap())
}

fn revoked(number: u8, name: &str) -> DirectoryEntry {
    DirectoryEntry::revoked(key(number), name.parse().unwrap())
}

fn asking(approvers: &str) -> String {
    format!(
        "approvers = {{ {approvers} }}\n[[allow]]\noperation = \"forum.publish\"\nresource = \"forum\"\n\
         approval = {{ of = [\"ada\", \"bob\"], at_least = 2 }}\n"
    )
}

const BY_NAME: &str = "ada = { directory = \"Ada Lovelace\" }, bob = { directory = \"Bob\" }";

fn found(entries: impl IntoIterator<Item = DirectoryEntry>) -> Result<Scope, ManifestError> {
    let manifest = manifest(&asking(BY_NAME)).with_directory(&directory(entries))?;
    manifest.scope(&Parameters::new(), now())
}

fn approver(number: u8) -> String {
    format!("\"{}\"", key(number))
}

#[test]
fn an_approver_that_nobody_looked_up_makes_no_scope() {
    let manifest = manifest(&asking(BY_NAME));
    let error = manifest.scope(&Parameters::new(), now()).unwrap_err();
    assert_eq!(error.code(), "approver_unresolved");
    assert!(error.to_string().contains("`ada`"), "{error}");
    assert!(
        manifest
            .approvers()
            .all(|(_, approver)| approver.key().is_none())
    );
}

#[test]
fn a_directory_gives_the_keys() {
    let scope = found([
        active(1, "Ada Lovelace"),
        active(2, "Bob"),
        active(3, "Eve"),
    ])
    .unwrap();
    let [asked] = scope.require() else {
        panic!("one condition");
    };
    let Condition::Approval(rule) = asked.condition() else {
        panic!("an approval");
    };
    let mut keys = [key(1), key(2)];
    keys.sort_unstable_by_key(|key| *key.as_bytes());
    assert_eq!(rule.groups()[0].approvers(), keys);

    let listed = [active(1, "Ada Lovelace"), active(2, "Bob")];
    let found = manifest(&asking(BY_NAME))
        .with_directory(&directory(listed))
        .unwrap();
    let ada = Approver::Found("Ada Lovelace".parse().unwrap(), key(1));
    assert_eq!(found.approvers().next().map(|(_, it)| it), Some(&ada));
    // A newer directory is looked into anew.
    let newer = directory([active(4, "Ada Lovelace"), active(2, "Bob")]);
    let newer = found.with_directory(&newer).unwrap();
    assert_eq!(
        newer.approvers().next().and_then(|(_, it)| it.key()),
        Some(&key(4))
    );
}

#[test]
fn who_is_not_exactly_one_active_key_is_refused() {
    let bob = || active(2, "Bob");
    for (entries, expected) in [
        (vec![bob()], "approver_not_listed"),
        (vec![bob(), active(1, "Ada")], "approver_not_listed"),
        (vec![bob(), revoked(1, "Ada Lovelace")], "approver_revoked"),
        (
            vec![bob(), active(1, "Ada Lovelace"), active(3, "Ada Lovelace")],
            "approver_ambiguous",
        ),
    ] {
        let error = found(entries).unwrap_err();
        assert_eq!(error.code(), expected);
        assert!(error.to_string().contains("Ada Lovelace"), "{error}");
    }
    // A key that was replaced is no second one.
    assert!(found([bob(), revoked(1, "Ada Lovelace"), active(3, "Ada Lovelace")]).is_ok());
}

#[test]
fn two_names_of_one_person_are_refused() {
    let same = "ada = { directory = \"Bob\" }, bob = { directory = \"Bob\" }";
    let findings = Manifest::parse_unchecked("t.toml", &file(&asking(same))).unwrap_err();
    assert!(
        findings.iter().any(|it| it.code() == "approver_duplicate"),
        "{findings}"
    );
    let both = format!("ada = {}, bob = {{ directory = \"Bob\" }}", approver(2));
    let directory = directory([active(2, "Bob")]);
    let error = manifest(&asking(&both))
        .with_directory(&directory)
        .unwrap_err();
    assert_eq!(error.code(), "approver_duplicate");
}

#[test]
fn a_directory_that_ended_makes_no_scope() {
    let listed = [active(1, "Ada Lovelace"), active(2, "Bob")];
    let manifest = manifest(&asking(BY_NAME))
        .with_directory(&directory(listed))
        .unwrap();
    let scope = |seconds| manifest.scope(&Parameters::new(), at(START + seconds));
    assert!(scope(3_599).is_ok());
    assert_eq!(scope(3_600).unwrap_err().code(), "directory_stale");
    // One that nothing was looked up in does not matter.
    let keys = format!("ada = {}, bob = {}", approver(1), approver(2));
    let own = super::manifest(&asking(&keys))
        .with_directory(&directory([]))
        .unwrap();
    assert!(own.scope(&Parameters::new(), at(START + 9_999)).is_ok());
}

#[test]
fn what_is_wrong_with_a_listed_name_is_found() {
    for (ada, expected) in [
        ("{ directory = \"\" }", "approver_name_malformed"),
        ("{ directory = \"a\\nb\" }", "approver_name_malformed"),
        ("{ directory = 1 }", "type_wrong"),
        ("{ diretory = \"Ada\" }", "key_missing key_unknown"),
        ("1", "type_wrong"),
    ] {
        let text = file(&asking(&format!("ada = {ada}, bob = {}", approver(2))));
        let findings = Manifest::parse_unchecked("t.toml", &text).unwrap_err();
        let codes: Vec<_> = findings.iter().map(|it| it.code()).collect();
        assert_eq!(codes.join(" "), expected, "{ada}");
    }
}
