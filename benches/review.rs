//! What it costs to compare two task files of fifty capabilities each, and scopes that were made to cost much.

#[path = "../tests/support/dice.rs"]
#[allow(dead_code, unreachable_pub, reason = "tests share it")]
mod dice;
#[path = "../tests/review/hostile.rs"]
#[allow(unreachable_pub, reason = "a test shares it")]
mod hostile;
#[path = "../tests/review/large.rs"]
#[allow(unreachable_pub, reason = "a test shares it")]
mod large;

use bailiwick::review::{Comparison, Effort, compare};
use bailiwick::scope::{Capability, Layers, Scope};
use criterion::Criterion;

fn comparing(criterion: &mut Criterion) {
    let (old, new) = (
        [large::scope(false).unwrap()],
        [large::scope(true).unwrap()],
    );
    let (old, new) = (Layers::blocks(&old), Layers::blocks(&new));
    let mut group = criterion.benchmark_group("compare fifty capabilities");
    group.bench_function("equal", |bench| {
        bench.iter(|| assert_eq!(compare(&old, &old, Effort::default()), Comparison::Equal));
    });
    group.bench_function("wider", |bench| {
        bench.iter(|| {
            let verdict = compare(&old, &new, Effort::default());
            assert!(matches!(verdict, Comparison::Wider(_)));
        });
    });
    group.finish();
}

/// Both directions, each of which may cost the whole effort.
fn hostile(criterion: &mut Criterion) {
    let small = Capability::operation("a.b", "y").unwrap();
    let small = [Scope::builder().allow(small).build().unwrap()];
    let small = Layers::blocks(&small);
    let mut group = criterion.benchmark_group("compare what costs much");
    group.sample_size(10);
    let mut comparing = |name: &str, blocks: &[Scope]| {
        let blocks = Layers::blocks(blocks);
        group.bench_function(name, |bench| {
            bench.iter(|| compare(&small, &blocks, Effort::default()));
        });
    };
    comparing("undecided", &hostile::hard());
    for (index, scope) in hostile::crafted().into_iter().enumerate() {
        comparing(&format!("crafted {index}"), &[scope]);
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    comparing(&mut criterion);
    hostile(&mut criterion);
    criterion.final_summary();
}
