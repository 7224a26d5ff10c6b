//! Nothing but what the encoder writes is understood.

use super::*;
use crate::scope::{Budget, Condition, Constraint, Matcher, Pattern, Requirement};
use crate::support::cases::Case;
use crate::support::dice::Dice;
use crate::token::datalog::{Binary, Sink, Term, Unary};

/// A later block, told by hand.
fn told(tell: impl FnOnce(&mut ProtoSink<'_>)) -> Vec<u8> {
    let mut symbols = SymbolTable::new();
    encode(&first(least()), 0, &mut symbols);
    let mut sink = ProtoSink::new(&mut symbols, Vec::new());
    tell(&mut sink);
    sink.finish()
}

fn delegate(sink: &mut ProtoSink<'_>) {
    sink.fact("delegate", &[Term::Text("summarizer")]);
}

fn end_time(sink: &mut ProtoSink<'_>) {
    sink.check(|sink| {
        sink.query(|sink| {
            sink.predicate("time", &[Term::Variable("time")]);
            sink.expression(|sink| {
                sink.value(Term::Variable("time"));
                sink.value(Term::Date(5));
                sink.binary(Binary::Less);
            });
        });
    });
}

fn depth(sink: &mut ProtoSink<'_>) {
    sink.check(|sink| {
        sink.query(|sink| {
            sink.predicate("depth", &[Term::Variable("depth")]);
            sink.expression(|sink| {
                sink.value(Term::Variable("depth"));
                sink.value(Term::Integer(3));
                sink.binary(Binary::LessOrEqual);
            });
        });
    });
}

fn refused_at(block: &[u8], place: Place) {
    assert_eq!(decode_later(block), Err(BlockError::NotInGrammar { place }));
}

#[test]
fn what_is_told_by_hand_as_the_encoder_tells_it_is_understood() {
    let block = told(|sink| {
        delegate(sink);
        end_time(sink);
        depth(sink);
    });
    assert!(decode_later(&block).is_ok());
}

#[test]
fn a_later_block_has_one_fact() {
    refused_at(&told(end_time), Place::Layout);
    refused_at(
        &told(|sink| [(); 2].iter().for_each(|()| delegate(sink))),
        Place::Fact(1),
    );
    for name in [
        "operation",
        "time",
        "approved_by",
        "spent",
        "query",
        "anything",
    ] {
        let block = told(|sink| {
            delegate(sink);
            sink.fact(name, &[Term::Text("x")]);
        });
        refused_at(&block, Place::Fact(1));
    }
    let first_again = encode_all(&[first(least())]).pop().unwrap();
    assert!(decode_later(&first_again).is_err());
    let mut symbols = SymbolTable::new();
    let later_first = encode(&later(Scope::default()), 0, &mut symbols);
    assert!(decode(&later_first, 0, &mut SymbolTable::new()).is_err());
}

#[test]
fn checks_have_one_order() {
    let swapped = told(|sink| {
        delegate(sink);
        depth(sink);
        end_time(sink);
    });
    refused_at(&swapped, Place::Check(0));
    let twice = told(|sink| {
        delegate(sink);
        depth(sink);
        depth(sink);
    });
    refused_at(&twice, Place::Check(1));
}

#[test]
fn a_check_that_satisfies_itself_is_refused() {
    let truth = told(|sink| {
        delegate(sink);
        sink.check(|sink| sink.query(|sink| sink.expression(|sink| sink.value(Term::Bool(true)))));
    });
    refused_at(&truth, Place::Check(0));
    let own_fact = told(|sink| {
        delegate(sink);
        sink.check(|sink| {
            sink.query(|sink| sink.predicate("delegate", &[Term::Text("summarizer")]))
        });
    });
    refused_at(&own_fact, Place::Check(0));
    let nothing = told(|sink| {
        delegate(sink);
        sink.check(|_| {});
    });
    assert!(decode_later(&nothing).is_err());
}

#[test]
fn an_alternative_beside_a_condition_is_refused() {
    for more in [0, 1] {
        let block = told(|sink| {
            delegate(sink);
            sink.check(|sink| {
                sink.query(|sink| sink.predicate("possession", &[Term::Text("signature")]));
                for _ in 0..more {
                    sink.query(|sink| sink.predicate("possession", &[Term::Text("session")]));
                }
            });
        });
        // Alone it is a requirement; with the other it belongs into the first block.
        assert_eq!(decode_later(&block).is_ok(), more == 0);
    }
}

#[test]
fn a_guard_left_out_or_turned_round_is_refused() {
    let deny = |negated: bool, guard: Binary| {
        told(|sink| {
            delegate(sink);
            sink.check(|sink| {
                sink.query(|sink| {
                    sink.predicate("args", &[Term::Variable("args")]);
                    sink.expression(|sink| {
                        sink.value(Term::Variable("args"));
                        sink.value(Term::Text("k"));
                        sink.binary(Binary::Get);
                        sink.unary(Unary::TypeOf);
                        sink.value(Term::Text("string"));
                        sink.binary(guard);
                        sink.closure(None, |sink| {
                            sink.value(Term::Variable("args"));
                            sink.value(Term::Text("k"));
                            sink.binary(Binary::Get);
                            sink.unary(Unary::Length);
                            sink.value(Term::Integer(0));
                            sink.binary(Binary::Greater);
                        });
                        sink.binary(Binary::Or);
                        sink.unary(Unary::Parens);
                        if negated {
                            sink.unary(Unary::Negate);
                        }
                    });
                });
            });
        })
    };
    assert!(decode_later(&deny(true, Binary::StrictNotEqual)).is_ok());
    refused_at(&deny(true, Binary::StrictEqual), Place::Check(0));
    refused_at(&deny(true, Binary::Equal), Place::Check(0));
    refused_at(&deny(false, Binary::StrictNotEqual), Place::Check(0));
}

#[test]
fn a_budget_stands_at_its_own_position() {
    let budget = Condition::Budget(Budget::uses("mail", 5).unwrap());
    let scope = Scope::builder()
        .require(Requirement::new(Pattern::any(), budget))
        .build()
        .unwrap();
    let mut symbols = SymbolTable::new();
    encode(&first(least()), 0, &mut symbols);
    let before = symbols.clone();
    let block = encode(&later(scope), 2, &mut symbols);
    assert!(decode(&block, 2, &mut before.clone()).is_ok());
    let refused = BlockError::BudgetPosition {
        check: 0,
        id: "2/mail".to_owned(),
        block: 1,
    };
    assert_eq!(decode(&block, 1, &mut before.clone()), Err(refused.clone()));
    assert_eq!(
        refused.to_string(),
        "check 0: the budget id `2/mail` does not stand in block 1"
    );
}

#[test]
fn a_first_block_without_allow_end_time_or_audience_is_refused() {
    let whole = least().into_builder();
    assert!(decode_all(&encode_all(&[first(whole.build().unwrap())])).is_ok());
    let allow = || Capability::operation("forum.read", "forum").unwrap();
    let no_allow = Scope::builder()
        .audience("a".parse().unwrap())
        .not_after(seconds(5));
    let no_end = Scope::builder()
        .allow(allow())
        .audience("a".parse().unwrap());
    let no_audience = Scope::builder().allow(allow()).not_after(seconds(5));
    for (scope, missing) in [
        (no_allow, "allow"),
        (no_end, "end time"),
        (no_audience, "audience"),
    ] {
        let block = encode_all(&[first(scope.build().unwrap())]);
        assert_eq!(decode_all(&block), Err(BlockError::Unbounded { missing }));
    }
}

/// The fields of a block, to be put together in another way.
fn fields(block: &[u8]) -> Vec<Vec<u8>> {
    let mut fields = Vec::new();
    let mut rest = block;
    while !rest.is_empty() {
        let before = rest.len();
        let mut one = Fields::new(rest);
        one.next().unwrap().unwrap();
        let used = before - one.rest().len();
        fields.push(rest[..used].to_vec());
        rest = &rest[used..];
    }
    fields
}

fn whole_scope() -> Scope {
    Scope::builder()
        .allow(
            Capability::operation("mail.send", "outbox/*")
                .unwrap()
                .argument("to.*", Matcher::text("*@a").unwrap())
                .unwrap(),
        )
        .deny(Pattern::any().operation("mail.delete").unwrap())
        .require(
            Requirement::new(
                Pattern::any().operation("mail.*").unwrap(),
                Condition::Signature,
            )
            .when_tainted(),
        )
        .audience("mail.example".parse().unwrap())
        .not_after(seconds(1_800_000_000))
        .max_depth(2)
        .build()
        .unwrap()
}

#[test]
fn parts_left_out_repeated_or_moved_mean_less_or_are_refused() {
    let block = encode_later(whole_scope());
    let parts = fields(&block);
    let understood = decode_later(&block).unwrap();
    let again = |parts: &[Vec<u8>]| decode_later(&parts.concat());
    assert_eq!(again(&parts), Ok(understood));
    for index in 0..parts.len() {
        let mut without = parts.clone();
        let removed = without.remove(index);
        // A check that is gone was told by whoever signs the block; all else must be whole.
        if removed[0] != 0x32 {
            assert!(again(&without).is_err(), "without part {index}");
        }
        let mut twice = parts.clone();
        twice.insert(index, removed);
        assert!(again(&twice).is_err(), "part {index} twice");
        for other in index + 1..parts.len() {
            // Two symbols that change places are two names that change meanings: another block, written as we do.
            if parts[index][0] != 0x0a || parts[other][0] != 0x0a {
                let mut swapped = parts.clone();
                swapped.swap(index, other);
                assert!(
                    again(&swapped).is_err(),
                    "parts {index} and {other} swapped"
                );
            }
        }
    }
}

#[test]
fn a_symbol_that_is_unused_default_or_known_already_is_refused() {
    let block = encode_later(whole_scope());
    for symbol in ["unused", "operation", "forum.example", "mail.send"] {
        let new = [&[0x0a, symbol.len() as u8], symbol.as_bytes()].concat();
        let parts = fields(&block);
        let symbols = parts.iter().filter(|part| part[0] == 0x0a).count();
        let with = |place| {
            let mut parts = parts.clone();
            parts.insert(place, new.clone());
            parts.concat()
        };
        refused_at(&with(symbols), Place::Symbols);
        // Before the others it moves them, so that nothing means what it meant.
        assert!(decode_later(&with(0)).is_err());
    }
}

#[test]
fn parts_that_format_1_does_not_have_are_refused_by_name() {
    let block = encode_later(whole_scope());
    let with = |part: &[u8]| decode_later(&[&block, part].concat());
    assert_eq!(with(&[0x12, 1, b'x']), Err(BlockError::Context));
    assert_eq!(with(&[0x2a, 0]), Err(BlockError::Rule));
    assert_eq!(with(&[0x3a, 2, 8, 0]), Err(BlockError::ScopeAnnotation));
    assert_eq!(with(&[0x42, 0]), Err(BlockError::PublicKeys));
    assert_eq!(with(&[0x4a, 0]), Err(BlockError::Malformed));
    assert_eq!(with(&[0x18]), Err(BlockError::Malformed));
    for version in [0, 3, 4, 5, 7] {
        assert_eq!(
            with(&[0x18, version]),
            Err(BlockError::Version {
                found: version.into()
            })
        );
    }
    assert_eq!(decode_later(&[]), Err(BlockError::Version { found: 0 }));
    // The version again, a `check all`, a `reject if`, an explicit `check if`.
    assert_eq!(
        with(&[0x18, 6]),
        Err(BlockError::NotInGrammar {
            place: Place::Layout
        })
    );
    for kind in [0, 1, 2] {
        assert_eq!(
            with(&[0x32, 2, 0x10, kind]),
            Err(BlockError::CheckKind { check: 6 })
        );
    }
}

#[test]
fn every_single_byte_that_is_changed_is_refused_or_says_something_else_openly() {
    let random = |seed| Case::random(&mut Dice::seeded(seed)).blocks.pop().unwrap();
    for scope in [whole_scope(), random(1), random(2)] {
        let block = encode_later(scope);
        for index in 0..block.len() {
            for bit in 0..8 {
                let mut changed = block.clone();
                changed[index] ^= 1_u8 << bit;
                check_that_it_is_canonical(&changed);
            }
            check_that_it_is_canonical(&block[..index]);
            check_that_it_is_canonical(&[&block[..index], &[0], &block[index..]].concat());
        }
    }
}

/// Whatever is understood is exactly what the encoder writes of that meaning.
fn check_that_it_is_canonical(block: &[u8]) {
    if let Ok(content) = decode_later(block) {
        assert_eq!(encode_all(&[first(least()), content]).pop().unwrap(), block);
    }
}

#[test]
fn deep_and_hostile_blocks_end_in_an_error() {
    let nested = |levels: usize| {
        let mut closure = vec![0x0a, 4, 0x0a, 2, 0x30, 1];
        for _ in 0..levels {
            let mut inner = vec![];
            put(&mut inner, 0x12, &closure[..]);
            let mut outer = vec![];
            put(&mut outer, 0x22, &inner);
            closure = outer;
        }
        closure
    };
    for levels in [10, 63, 64, 65, 1_000] {
        let mut expression = Vec::new();
        put(&mut expression, 0x0a, &nested(levels));
        let mut query = Vec::new();
        put(&mut query, 0x1a, &expression);
        let mut check = Vec::new();
        put(&mut check, 0x0a, &query);
        let mut block = told(delegate);
        put(&mut block, 0x32, &check);
        assert!(decode_later(&block).is_err());
    }
}

fn put(out: &mut Vec<u8>, key: u8, bytes: &[u8]) {
    out.push(key);
    let mut length = bytes.len();
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(bytes);
}

#[test]
fn a_path_of_20_steps_is_read_by_us_and_by_stock_libraries() {
    let path = |steps: &[&str]| steps.join(".");
    for steps in [vec!["a"; 20], ["a", "*"].repeat(10)] {
        for presence in [Constraint::optional, Constraint::if_present] {
            let constraint =
                presence(Constraint::new(&path(&steps), Matcher::equals("x")).unwrap());
            let pattern = Pattern::any().with_argument(constraint.clone()).unwrap();
            let mut scope = Scope::builder().deny(pattern);
            if let Ok(capability) = Capability::operation("a", "b")
                .unwrap()
                .with_argument(constraint)
            {
                scope = scope.allow(capability);
            }
            let content = later(scope.build().unwrap());
            assert_eq!(
                decode_later(&encode_later(content.scope().clone())),
                Ok(content.clone())
            );
            let texts = [datalog(&first(least()), 0), datalog(&content, 1)];
            let blocks = encode_all(&[first(least()), content]);
            assert_eq!(
                blocks,
                crate::token::datalog::stock::stock_blocks(&[&texts[0], &texts[1]])
            );
            // The stock library reads messages 100 levels deep.
            let oracle =
                crate::token::oracle::Oracle::new(&blocks, crate::scope::Layers::blocks(&[]));
            assert!(oracle.is_ok(), "{}", oracle.err().unwrap());
        }
    }
}
