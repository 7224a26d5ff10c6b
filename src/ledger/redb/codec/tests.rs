use super::*;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

fn entries() -> Vec<Entry> {
    let attempt = |refunded| Entry::Attempt {
        content: EntryKey::from_bytes([3; 16]),
        receipt: Receipt {
            decision: DecisionId::from_bytes([4; 16]),
            at: at(5),
        },
        refunded,
        until: at(6),
    };
    let budget = |window_s, window, spent, until| Entry::Budget {
        shape: BudgetShape::from_parts(window_s, 0x102),
        window,
        spent,
        until,
    };
    vec![
        attempt(false),
        attempt(true),
        Entry::Approval {
            until: Timestamp::MAX,
        },
        budget(0, 0, i64::MAX, None),
        budget(0, 0, 1, Some(at(9))),
        budget(60, 30_000_000, 0, Some(at(9))),
        Entry::Tainted,
    ]
}

#[test]
fn what_is_written_is_read() {
    let name = EntryKey::from_bytes([7; 16]);
    for entry in entries() {
        let (key, value) = (disk_key(name, &entry), encode(&entry).unwrap());
        assert_eq!(decode(&key, &value), Some((name, entry)));
    }
}

#[test]
fn proofs_are_not_kept() {
    let service = EntryKey::from_bytes([1; 16]);
    let (issued, until) = (at(1), at(2));
    let proof = Entry::Proof {
        service,
        issued,
        until,
    };
    assert_eq!(encode(&proof), None);
}

#[test]
fn truncated_and_trailing_bytes_are_refused() {
    let name = EntryKey::from_bytes([7; 16]);
    for entry in entries() {
        let (key, value) = (disk_key(name, &entry), encode(&entry).unwrap());
        for length in 0..value.len() {
            assert_eq!(decode(&key, &value[..length]), None, "{entry:?}");
        }
        assert_eq!(decode(&key, &[&value[..], &[0]].concat()), None);
    }
}

#[test]
fn what_is_never_written_is_refused() {
    let name = EntryKey::from_bytes([7; 16]);
    let refused = |entry: &Entry, spoil: fn(&mut DiskKey, &mut Vec<u8>)| {
        let (mut key, mut value) = (disk_key(name, entry), encode(entry).unwrap());
        spoil(&mut key, &mut value);
        assert_eq!(decode(&key, &value), None, "{entry:?}");
    };
    let entries = entries();
    for entry in &entries {
        refused(entry, |_, value| value[0] = 0);
        refused(entry, |_, value| value[0] = 5);
        refused(entry, |key, _| key[..8].copy_from_slice(&[0xfe; 8]));
    }
    let never: fn(&mut DiskKey, &mut Vec<u8>) = |key, _| key[..8].copy_from_slice(&[0xff; 8]);
    refused(&entries[0], never);
    refused(&entries[0], |_, value| *value.last_mut().unwrap() = 2);
    refused(&entries[0], |_, value| value[33] = 0xff);
    refused(&entries[2], never);
    refused(&entries[3], |_, value| value[19] = 0x80);
    refused(&entries[3], |_, value| value[18] = 1);
    refused(&entries[5], never);
    refused(&entries[6], |key, _| key[..8].copy_from_slice(&[0; 8]));
}

#[test]
fn what_ends_first_lies_first() {
    let name = |byte| EntryKey::from_bytes([byte; 16]);
    let early = disk_key(name(9), &Entry::Approval { until: at(1) });
    let late = disk_key(name(1), &Entry::Approval { until: at(2) });
    let never = disk_key(name(0), &Entry::Tainted);
    assert!(early < late && late < never);
    assert!(early < first_key_after(at(1)) && first_key_after(at(1)) <= late);
    assert!(first_key_after(Timestamp::MAX) < never);
}
