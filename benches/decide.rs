//! What a decision costs when the token is verified: 4 blocks of 3 capabilities each. The target is
//! 120 ns, without constraints on arguments.

use std::hint::black_box;

use bailiwick::action::{Action, Effect, Tree};
use bailiwick::clock::Timestamp;
use bailiwick::scope::{Capability, Context, Layers, Matcher, Scope, ScopeError, evaluate};
use criterion::Criterion;

type Boxed = Box<dyn std::error::Error>;

/// The last of the three is the one that grants.
fn chain(
    publish: impl Fn(Capability) -> Result<Capability, ScopeError>,
    audience: bool,
) -> Result<[Scope; 4], Boxed> {
    let publish = publish(Capability::operation("forum.publish", "forum/thread/42")?)?;
    let scope = Scope::builder()
        .allow(Capability::operation("forum.read", "forum/thread/42/**")?)
        .allow(Capability::operation(
            "forum.draft",
            "forum/thread/42/draft/*",
        )?)
        .allow(publish)
        .not_after(Timestamp::from_unix_seconds(1_900_000_000)?);
    let scope = if audience {
        scope.audience("https://forum.example".parse()?)
    } else {
        scope
    };
    let scope = scope.build()?;
    Ok([scope.clone(), scope.clone(), scope.clone(), scope])
}

fn publish() -> Result<Action, Boxed> {
    let text = br#"{"text": "It depends.", "tags": ["rust", "tokens"], "notify": 3}"#;
    Ok(Action::new(
        "https://forum.example".parse()?,
        "forum.publish".parse()?,
        Effect::Publish,
        "forum/thread/42".parse()?,
    )
    .with_arguments(Tree::from_json_slice(text)?))
}

fn decide(criterion: &mut Criterion) -> Result<(), Boxed> {
    let context = Context::at(Timestamp::from_unix_seconds(1_800_000_000)?);
    let actions = [publish()?];
    let plain = chain(Ok, true)?;
    let no_audience = chain(Ok, false)?;
    let constrained = chain(
        |publish| {
            publish
                .argument("text", Matcher::text_length(1, 500)?)?
                .argument("tags.*", Matcher::one_of(["rust", "tokens", "agents"])?)?
                .optional_argument("notify", Matcher::int(0, 5)?)
        },
        true,
    )?;
    for (name, blocks) in [
        ("4 blocks of 3 capabilities", &plain),
        ("the same without audiences", &no_audience),
        ("with constraints on arguments", &constrained),
    ] {
        assert!(evaluate(Layers::blocks(blocks), &actions, &context).is_allow());
        criterion.bench_function(&format!("decide/{name}"), |bencher| {
            bencher.iter(|| {
                evaluate(
                    black_box(Layers::blocks(blocks)),
                    black_box(&actions),
                    &context,
                )
                .is_allow()
            });
        });
    }
    Ok(())
}

fn main() -> Result<(), Boxed> {
    let mut criterion = Criterion::default().configure_from_args();
    decide(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}
