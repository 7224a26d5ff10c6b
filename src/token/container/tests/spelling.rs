//! A token has one spelling: every other one of the same Protobuf message is refused.

use proptest::prelude::*;

use super::*;

/// Makes a token of the fields of one of its messages.
type Build = fn(&Fields) -> Vec<u8>;

#[test]
fn an_unknown_field_anywhere_is_refused() {
    // (a token with the fields of one of its messages, that message, its fields)
    for (build, message, fields) in messages() {
        for at in 0..=fields.len() {
            for field in [6, 15, 16, 1000] {
                for extra in [number(field, 0), bytes(field, b"x")] {
                    let mut fields = fields.clone();
                    fields.insert(at, extra);
                    assert_refused(
                        &build(&fields),
                        ContainerError::UnknownField { message, field },
                    );
                }
            }
        }
    }
}

#[test]
fn a_field_zero_is_unknown() {
    for (build, message, mut fields) in messages() {
        fields.push(vec![0x00, 0x00]);
        assert_refused(
            &build(&fields),
            ContainerError::UnknownField { message, field: 0 },
        );
    }
}

#[test]
fn a_field_in_the_proof_is_refused() {
    let mut token = token_fields(&mint());
    for (inside, expected) in [
        (
            number(3, 0),
            ContainerError::UnknownField {
                message: Message::Proof,
                field: 3,
            },
        ),
        (
            vec![0x80],
            ContainerError::TrailingBytes {
                message: Message::Proof,
            },
        ),
    ] {
        token[2] = bytes(4, &inside);
        assert_refused(&token.concat(), expected);
    }
}

#[test]
fn a_duplicated_field_anywhere_is_refused() {
    for (build, message, fields) in messages() {
        for at in 0..fields.len() {
            let field = u64::from(fields[at][0] >> 3);
            if (message, field) == (Message::Token, 3) {
                continue; // blocks repeat
            }
            let mut fields = fields.clone();
            fields.insert(at, fields[at].clone());
            assert_refused(
                &build(&fields),
                ContainerError::DuplicateField { message, field },
            );
        }
    }
}

#[test]
fn a_duplicated_field_at_the_end_is_refused() {
    for (build, message, fields) in messages() {
        for again in &fields {
            let field = u64::from(again[0] >> 3);
            let mut fields = fields.clone();
            fields.push(again.clone());
            assert_refused(
                &build(&fields),
                ContainerError::DuplicateField { message, field },
            );
        }
    }
}

#[test]
fn a_missing_field_anywhere_is_refused() {
    for (build, message, fields) in messages() {
        for at in 0..fields.len() {
            let field = u64::from(fields[at][0] >> 3);
            let expected = match (message, field) {
                (Message::Token, 3) => continue, // a chain of one block
                (Message::Token, 1) => ContainerError::MissingRootKeyId,
                (Message::SignedBlock(block), 5) => {
                    ContainerError::SignatureVersion { block, found: 0 }
                }
                _ => ContainerError::MissingField { message, field },
            };
            let mut fields = fields.clone();
            fields.remove(at);
            assert_refused(&build(&fields), expected);
        }
    }
}

#[test]
fn fields_out_of_order_are_refused() {
    for (build, _, fields) in messages() {
        for at in 1..fields.len() {
            let mut fields = fields.clone();
            fields.swap(at - 1, at);
            refused(&build(&fields));
        }
    }
}

#[test]
fn a_field_of_another_wire_type_is_refused() {
    for (build, message, fields) in messages() {
        for at in 0..fields.len() {
            let field = u64::from(fields[at][0] >> 3);
            let right = fields[at][0] & 7;
            for wire_type in (0..8).filter(|wire_type| *wire_type != right) {
                let mut fields = fields.clone();
                fields[at][0] = fields[at][0] & !7 | wire_type;
                assert_refused(
                    &build(&fields),
                    ContainerError::WrongWireType {
                        message,
                        field,
                        wire_type,
                    },
                );
            }
        }
    }
}

#[test]
fn numbers_that_are_not_in_their_shortest_form_are_refused() {
    for (build, message, fields) in messages() {
        let expected = ContainerError::NonCanonicalVarint { message };
        for at in 0..fields.len() {
            // The tag, then the number or length after it.
            for varint in [0, 1] {
                let mut fields = fields.clone();
                let field = &mut fields[at];
                let mut end = varint;
                while field[end] >= 0x80 {
                    end += 1;
                }
                field[end] |= 0x80;
                field.insert(end + 1, 0);
                // A tag is looked at ahead once: what cannot be read is not the field looked for.
                assert_refused(&build(&fields), expected);
            }
        }
    }
}

#[test]
fn bytes_after_the_end_are_refused() {
    let message = Message::Token;
    let mut token = mint().as_bytes().to_vec();
    token.push(0x80);
    assert_refused(&token, ContainerError::TrailingBytes { message });
    *token.last_mut().unwrap() = 0;
    assert_refused(&token, ContainerError::UnknownField { message, field: 0 });
    token.extend_from_slice(mint().as_bytes());
    refused(&token);
}

#[test]
fn a_token_cut_anywhere_is_refused() {
    let chain = chain(3);
    for end in 0..chain.as_bytes().len() {
        refused(&chain.as_bytes()[..end]);
    }
}

#[test]
fn a_length_beyond_the_end_is_a_truncation() {
    for (build, message, mut fields) in messages() {
        // The last field that is bytes, made one byte longer than there are, and nothing after it.
        let at = fields.iter().rposition(|field| field[0] & 7 == 2).unwrap();
        fields.truncate(at + 1);
        let field = fields[at].last_mut().unwrap();
        if message == Message::Token {
            *field += 1; // the empty proof: its length is its last byte
        } else {
            fields[at].pop();
        }
        assert_refused(&build(&fields), ContainerError::Truncated { message });
    }
}

proptest! {
    #[test]
    fn what_is_read_is_written_again(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3)) {
        let mut bytes = chain(2).as_bytes().to_vec();
        for (at, to) in changes {
            let at = at.index(bytes.len());
            bytes[at] = to;
        }
        if let Ok(read) = decode(&bytes) {
            prop_assert_eq!(token_fields(&read).concat(), bytes);
        }
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes: Vec<u8>) {
        let _ = decode(&bytes);
    }
}

/// Each message of a token of two blocks: how to build the token from its fields, what it is, its
/// fields.
fn messages() -> Vec<(Build, Message, Fields)> {
    vec![
        (
            |fields| fields.concat(),
            Message::Token,
            token_fields(&chain(2)),
        ),
        (with_second_block, Message::SignedBlock(1), second_block()),
        (with_second_key, Message::NextKey(1), second_key()),
    ]
}
