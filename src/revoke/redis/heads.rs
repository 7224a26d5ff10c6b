//! Where things are on the server, and what stands at their head.

use crate::keys::{IssuerPublicKey, RevocationPublicKey};

/// The part of every key that says which slot of a cluster it is in.
pub(super) const SLOT: &str = "bw1:{revoked}";

/// The most deltas after a list.
pub(super) const MAX_DELTAS: usize = 1024;

/// The keys of a signer: of the head, the list and its deltas.
pub(super) fn list_keys(signer: &RevocationPublicKey) -> [String; 3] {
    let hex = base16ct::lower::encode_string(signer.as_bytes());
    ["h", "l", "d"].map(|part| format!("{SLOT}:{part}:{hex}"))
}

/// The keys of a root's tickets: of the head, by their ends, and in the order of their arrival.
pub(super) fn ticket_keys(root: &IssuerPublicKey) -> [String; 3] {
    let hex = base16ct::lower::encode_string(root.as_bytes());
    ["c", "e", "t"].map(|part| format!("{SLOT}:{part}:{hex}"))
}

/// A number as heads have it: in text order.
pub(super) fn digits(number: u64) -> String {
    format!("{number:020}")
}

/// Which list the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ListHead {
    /// The number of the list.
    pub(super) base: u64,
    /// The number after its deltas.
    pub(super) last: u64,
}

impl ListHead {
    pub(super) fn parse(head: &[u8]) -> Option<Self> {
        let mut words = head.split(|byte| *byte == b' ').map(number);
        let (base, last, _issued) = (words.next()??, words.next()??, words.next()??);
        let head = Self { base, last };
        (words.next().is_none() && base <= last).then_some(head)
    }
}

/// How many tickets arrived, in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TicketHead {
    /// The order's name.
    pub(super) order: String,
    pub(super) count: u64,
}

impl TicketHead {
    pub(super) fn parse(head: &[u8]) -> Option<Self> {
        let (order, count) = std::str::from_utf8(head).ok()?.split_once(' ')?;
        let is_name = order.len() == 40 && order.bytes().all(|it| it.is_ascii_hexdigit());
        let order = order.to_owned();
        let count = number(count.as_bytes())?;
        is_name.then_some(Self { order, count })
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| is_number)?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_exactly() {
        let head = |base, last| Some(ListHead { base, last });
        let of = |text: &str| ListHead::parse(text.as_bytes());
        let text = [digits(1), digits(7), digits(u64::MAX)].join(" ");
        assert_eq!(of(&text), head(1, 7));
        for text in [
            "",
            "1",
            "1 2",
            "2 1 0",
            "1 2 3 4",
            "1 2 +3",
            "1 2 ",
            "1  2 3",
            "1 2 18446744073709551616",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
        let name = "0".repeat(40);
        let of = |text: &str| TicketHead::parse(text.as_bytes());
        assert_eq!(of(&format!("{name} 3")).unwrap().count, 3);
        for text in [
            "",
            &name,
            "00 3",
            &format!("{name} -1"),
            &format!("{name}  3"),
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
