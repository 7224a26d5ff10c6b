//! The same blocks, built by a stock Biscuit library: what our bytes are compared with.

use biscuit_auth::builder::{Algorithm, BlockBuilder};
use biscuit_auth::{Biscuit, KeyPair};

use super::*;

/// The bytes of the blocks that a stock builder makes of these texts, one block each, with the version that we write.
pub(crate) fn stock_blocks(texts: &[&str]) -> Vec<Vec<u8>> {
    let root = KeyPair::new_with_algorithm(Algorithm::Ed25519);
    let (first, later) = texts.split_first().expect("a token has a block");
    let builder = Biscuit::builder()
        .code(first)
        .unwrap_or_else(|error| panic!("stock refuses: {error}\n{first}"));
    let mut token = builder.build(&root).expect("a stock token");
    for text in later {
        let block = BlockBuilder::new()
            .code(text)
            .unwrap_or_else(|error| panic!("stock refuses: {error}\n{text}"));
        token = token.append(block).expect("a stock block");
    }
    let message = token.container().to_proto();
    let blocks = std::iter::once(message.authority).chain(message.blocks);
    blocks
        .map(|signed| with_our_version(signed.block))
        .collect()
}

/// Stock builders write the lowest version that they can.
fn with_our_version(mut block: Vec<u8>) -> Vec<u8> {
    let mut at = 0;
    while block[at] == 0x0a {
        // One symbol: key, length in one or two bytes, text.
        let low = usize::from(block[at + 1]);
        at += if low < 0x80 {
            2 + low
        } else {
            3 + (low & 0x7f | usize::from(block[at + 2]) << 7)
        };
    }
    assert_eq!(block[at], 0x18, "the version follows the symbols");
    block[at + 1] = BLOCK_VERSION;
    block
}

/// A block, told to whoever asks.
trait Told {
    fn tell<S: Sink>(&self, sink: &mut S);
}

fn bytes_and_texts(blocks: &[&dyn Fn(&mut ProtoSink<'_>)]) -> Vec<Vec<u8>> {
    let mut symbols = SymbolTable::default();
    blocks
        .iter()
        .map(|block| {
            let mut sink = ProtoSink::new(&mut symbols, Vec::new());
            block(&mut sink);
            sink.finish()
        })
        .collect()
}

fn assert_same_as_stock(first: &impl Told, later: &impl Told) {
    let (mut first_text, mut later_text) = (TextSink::default(), TextSink::default());
    first.tell(&mut first_text);
    later.tell(&mut later_text);
    let (first_text, later_text) = (first_text.finish(), later_text.finish());
    let ours = bytes_and_texts(&[&|sink| first.tell(sink), &|sink| later.tell(sink)]);
    let stock = stock_blocks(&[&first_text, &later_text]);
    assert_eq!(ours[0], stock[0], "{first_text}");
    assert_eq!(ours[1], stock[1], "{later_text}");
}

struct EveryTerm;

impl Told for EveryTerm {
    fn tell<S: Sink>(&self, sink: &mut S) {
        let keys = [Blob(&[0x00; 32]), Blob(&[0xaa; 32])];
        let long = "x".repeat(300);
        let texts = [
            "read",
            "own",
            "quote \" backslash \\ newline \n tab \t nul \0 end",
            "ünï",
            "",
            &long,
            "own",
        ];
        sink.fact("bailiwick", &[Term::Integer(1)]);
        sink.fact(
            "terms",
            &[
                Term::Integer(0),
                Term::Integer(-5),
                Term::Integer(i64::MIN),
                Term::Integer(i64::MAX),
                Term::Text("read"),
                Term::Date(0),
                Term::Date(1_763_683_200),
                Term::Date(253_402_300_799),
                Term::Bytes(&[1, 2, 0xff]),
                Term::Bool(true),
                Term::Bool(false),
                Term::Decimal(2, -9870),
                Term::Number("1e20"),
                Term::List(&&texts[..0]),
                Term::List(&&texts[..]),
                Term::ByteSet(&&keys[..1]),
                Term::ByteSet(&&keys[..]),
            ],
        );
        sink.check(|sink| {
            for text in texts {
                sink.query(|sink| {
                    sink.predicate(
                        "operation",
                        &[Term::Text(text), Term::Variable("operation")],
                    )
                });
            }
        });
    }
}

struct EveryOperator;

impl Told for EveryOperator {
    fn tell<S: Sink>(&self, sink: &mut S) {
        sink.check(|sink| {
            sink.query(|sink| {
                sink.predicate("args", &[Term::Variable("args")]);
                sink.predicate("depth", &[Term::Variable("depth")]);
                for operator in [
                    Binary::Less,
                    Binary::Greater,
                    Binary::LessOrEqual,
                    Binary::GreaterOrEqual,
                    Binary::StrictEqual,
                    Binary::StrictNotEqual,
                    Binary::Equal,
                    Binary::Contains,
                    Binary::StartsWith,
                    Binary::EndsWith,
                    Binary::Subtract,
                    Binary::Intersection,
                    Binary::Get,
                ] {
                    sink.expression(|sink| {
                        sink.value(Term::Variable("depth"));
                        sink.value(Term::Integer(3));
                        sink.binary(operator);
                    });
                }
                for operator in [Unary::Negate, Unary::Parens, Unary::Length, Unary::TypeOf] {
                    sink.expression(|sink| {
                        sink.value(Term::Variable("depth"));
                        sink.unary(operator);
                    });
                }
            });
            // !($args.get("new") === 1 && true && ($depth || false)) || $args.all($member -> $member.any($new2 -> …))
            sink.query(|sink| {
                sink.predicate("args", &[Term::Variable("args")]);
                sink.expression(|sink| {
                    sink.value(Term::Variable("args"));
                    sink.value(Term::Text("new"));
                    sink.binary(Binary::Get);
                    sink.value(Term::Integer(1));
                    sink.binary(Binary::StrictEqual);
                    sink.closure(None, |sink| sink.value(Term::Bool(true)));
                    sink.binary(Binary::And);
                    sink.closure(None, |sink| {
                        sink.value(Term::Variable("depth"));
                        sink.closure(None, |sink| sink.value(Term::Bool(false)));
                        sink.binary(Binary::Or);
                        sink.unary(Unary::Parens);
                    });
                    sink.binary(Binary::And);
                    sink.unary(Unary::Parens);
                    sink.unary(Unary::Negate);
                    sink.closure(None, |sink| {
                        sink.value(Term::Variable("args"));
                        sink.closure(Some("member"), |sink| {
                            sink.value(Term::Variable("member"));
                            sink.closure(Some("new2"), |sink| {
                                sink.closure(None, |sink| {
                                    sink.value(Term::Variable("new2"));
                                    sink.value(Term::Text("a text that makes this closure longer than 127 bytes? no, a symbol"));
                                    sink.binary(Binary::StartsWith);
                                    for _ in 0..40 {
                                        sink.unary(Unary::Length);
                                    }
                                    sink.unary(Unary::Parens);
                                });
                                sink.value(Term::Bool(false));
                                sink.binary(Binary::TryOr);
                            });
                            sink.binary(Binary::Any);
                        });
                        sink.binary(Binary::All);
                    });
                    sink.binary(Binary::Or);
                });
            });
        });
    }
}

#[derive(Clone, Copy)]
struct Blob(&'static [u8]);

impl<'a> From<&'a Blob> for Term<'a> {
    fn from(blob: &'a Blob) -> Self {
        Term::Bytes(blob.0)
    }
}

impl<'a> From<&'a &str> for Term<'a> {
    fn from(text: &'a &str) -> Self {
        Term::Text(text)
    }
}

#[test]
fn every_term_is_written_as_a_stock_builder_writes_it() {
    assert_same_as_stock(&EveryTerm, &EveryOperator);
}

#[test]
fn every_operator_is_written_as_a_stock_builder_writes_it() {
    assert_same_as_stock(&EveryOperator, &EveryTerm);
}

#[test]
fn a_later_block_counts_on_the_symbols_of_the_blocks_before_it() {
    assert_same_as_stock(&EveryTerm, &EveryTerm);
}

#[test]
fn messages_of_every_length_are_written_as_a_stock_builder_writes_them() {
    struct Long(usize);
    impl Told for Long {
        fn tell<S: Sink>(&self, sink: &mut S) {
            let items = vec![Blob(&[7; 9]); self.0];
            sink.check(|sink| {
                sink.query(|sink| sink.predicate("p", &[Term::List(&items.as_slice())]))
            });
        }
    }
    for count in [1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 1000, 1100, 1300, 1400] {
        assert_same_as_stock(&Long(count), &Long(count + 1));
    }
}
