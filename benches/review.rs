//! What it costs to compare two task files of fifty capabilities each.

#[path = "../tests/review/large.rs"]
#[allow(unreachable_pub, reason = "a test shares it")]
mod large;

use bailiwick::review::{Comparison, Effort, compare};
use bailiwick::scope::Layers;
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

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    comparing(&mut criterion);
    criterion.final_summary();
}
