//! Addresses of mail.

use super::host::is_domain;
use crate::action::Object;

/// An address as `address`, the whole of it, and `domain` (RFC 5321, the form without quotes, comments and address literals).
pub(super) fn read(text: &str) -> Option<Object> {
    let (local, domain) = text.split_once('@')?;
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let atom = |atom: &str| !atom.is_empty() && atom.bytes().all(letter);
    // A second `@` is in no domain.
    let fits = local.len() <= 64 && local.split('.').all(atom) && is_domain(domain);
    if !fits {
        return None;
    }
    Object::from_pairs([("address", text), ("domain", domain)]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_itself_and_its_domain() {
        let ada = read("Ada.L+x@mail.example.com").unwrap();
        assert_eq!(
            ada.get("address").unwrap().as_text(),
            Some("Ada.L+x@mail.example.com")
        );
        assert_eq!(
            ada.get("domain").unwrap().as_text(),
            Some("mail.example.com")
        );
    }

    #[test]
    fn what_two_readers_could_take_differently_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "a",
            "@",
            "a@",
            "@b.example",
            "a@corp.example@evil.example",
            "a@Corp.example",
            "a@corp.example.",
            "\"a b\"@c.example",
            "a(x)@c.example",
            "a@(x)c.example",
            "Ada <a@c.example>",
            " a@c.example",
            "a@c.example\n",
            "a..b@c.example",
            ".a@c.example",
            "a.@c.example",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "ä@c.example",
            "a@cörp.example",
            "a,b@c.example",
            "a@c.example,b@d.example",
            &long,
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
