//! Names of hosts.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether it is a name of the domain name system as it is looked up: labels of lower-case letters, digits and hyphens,
/// without a dot at the end. International names stand in their `xn--` form. What looks like an address of IPv4 is none.
pub(super) fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // Some readers take a last label of digits, or of 0x and more, for a part of an address.
    let last = text.rsplit('.').next().unwrap_or_default();
    let like_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    text.len() <= 253 && text.split('.').all(label) && !like_number
}

/// Whether it is a domain, or an address in its canonical form, IPv6 between brackets.
pub(super) fn is_host(text: &str) -> bool {
    let between = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match between {
        Some(six) => six
            .parse()
            .is_ok_and(|address: Ipv6Addr| address.to_string() == six),
        None => {
            is_domain(text)
                || text
                    .parse()
                    .is_ok_and(|it: Ipv4Addr| it.to_string() == text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_one_spelling() {
        for host in [
            "example.com",
            "localhost",
            "xn--zrich-kva.example",
            "127.0.0.1",
            "[::1]",
            "a-b.c",
            "1.example",
        ] {
            assert!(is_host(host), "{host}");
        }
        let long = format!("{}.example", "a".repeat(64));
        for host in [
            "",
            ".",
            "example.com.",
            "Example.com",
            ".com",
            "a..b",
            "-a.b",
            "a-.b",
            "a_b",
            "zürich.example",
            "127.1",
            "0x7f.1",
            "127.0.0.01",
            "2130706433",
            "a.0x7f",
            "0x7f000001",
            "[::0]",
            "[::1",
            "::1",
            "[::FFFF]",
            "[fe80::1%25eth0]",
            "a b",
            &long,
        ] {
            assert!(!is_host(host), "{host}");
        }
        assert!(!is_domain("127.0.0.1"));
        assert!(!is_domain(&vec!["a"; 128].join(".")));
    }
}
