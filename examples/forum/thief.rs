//! What one can do with somebody's token and without the key that it names: nothing, but try.
//!
//! A token at rest is no secret, and its format is public. So the thief takes it apart and puts it
//! together again as it likes; what it cannot do is sign.

use bailiwick::keys::HolderKey;
use bailiwick::token::{Limits, Token};
use bailiwick_examples::Outcome;
use http::header::AUTHORIZATION;

use crate::agent::{Agent, Client, Request, Signed};

/// Presents a stolen token as if it named the thief's own key.
///
/// Nothing of a token at rest is verified, so the thief writes its own key where the victim's is.
/// The signature of the last block is still the victim's, and it covers that key.
pub(crate) fn readdressed<'a>(
    stolen: &Token,
    thief: HolderKey,
    forum: &'a Client,
) -> Outcome<Agent<'a>> {
    let (victim, own) = (stolen.holder(), thief.public_key());
    let bytes = replaced(stolen.as_bytes(), victim.as_bytes(), own.as_bytes())?;
    Agent::new(Token::from_bytes(&bytes, &Limits::default())?, thief, forum)
}

/// A request with a stolen token just as it is, and a proof by the thief's key: in every byte what the
/// victim would send, but for who signed the proof.
pub(crate) fn stolen(
    stolen: &Token,
    thief: HolderKey,
    forum: &Client,
    request: &Request,
) -> Outcome<Signed> {
    let mut sent = readdressed(stolen, thief, forum)?.signed(request)?;
    let token = format!("Bailiwick {}", stolen.to_text()).parse()?;
    sent.headers_mut().insert(AUTHORIZATION, token);
    Ok(sent)
}

/// The token without its last block: its parent, byte for byte, and all that the parent may.
pub(crate) fn without_last_block(token: &Token) -> Outcome<Token> {
    let bytes = token.as_bytes();
    let mut fields = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        fields.push(at);
        let (wire_type, mut value, mut shift) = (bytes[at] & 7, 0, 0);
        loop {
            at += 1;
            value |= usize::from(bytes[at] & 0x7f) << shift;
            shift += 7;
            if bytes[at] < 0x80 {
                break;
            }
        }
        at += 1 + if wire_type == 2 { value } else { 0 };
    }
    let [.., block, proof] = fields[..] else {
        return Err("there is no block to cut off".into());
    };
    let bytes = [&bytes[..block], &bytes[proof..]].concat();
    Ok(Token::from_bytes(&bytes, &Limits::default())?)
}

/// The bytes with the last `from` in them replaced.
fn replaced(bytes: &[u8], from: &[u8; 32], to: &[u8; 32]) -> Outcome<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    let at = bytes
        .windows(32)
        .rposition(|window| window == from)
        .ok_or("the key is not in there")?;
    bytes[at..at + 32].copy_from_slice(to);
    Ok(bytes)
}
