//! How long it takes to verify, decide, mint and delegate, and how that compares.
//!
//! `cargo bench --bench verify` runs the criterion groups, for absolute times and their history,
//! and then prints a table of ratios that are measured side by side in the same run.

mod decide;
mod noted;
mod raw;
mod rounds;
mod stock;
mod subject;
mod table;
mod task;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use decide::Decision;
use noted::Noted;
use subject::Subjects;

const BLOCKS: [usize; 4] = [1, 2, 4, 8];

fn main() {
    let all = BLOCKS.map(Subjects::new);
    let decisions = Decision::all();
    let noted = [1, 1_000, 10_000].map(Noted::new);
    let mut criterion = Criterion::default()
        .sample_size(40)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .configure_from_args();
    groups(&mut criterion, &all);
    for one in &decisions {
        let name = format!("decide_4x3/{}", one.name);
        criterion.bench_function(&name, |bencher| bencher.iter(|| one.decide()));
    }
    for one in &noted {
        let name = format!("warm_with_note/{}", one.values);
        criterion.bench_function(&name, |bencher| bencher.iter(|| one.with()));
    }
    criterion.final_summary();

    // Cargo says `--bench` when it benches; without it criterion only tries whether everything runs.
    let given = |name: &str| std::env::args().any(|argument| argument == name);
    if given("--bench")
        && !["--list", "--test", "--profile-time"]
            .into_iter()
            .any(given)
    {
        table::print(&all, &decisions, &noted);
    }
}

fn groups(criterion: &mut Criterion, all: &[Subjects]) {
    group(criterion, "raw", all, Subjects::raw);
    group(criterion, "cold_from_text", all, Subjects::cold_from_text);
    group(criterion, "cold_from_bytes", all, Subjects::cold_from_bytes);
    group(criterion, "stock_sealed", all, Subjects::sealed);
    group(criterion, "stock_plain", all, Subjects::plain);
    group(criterion, "raw_proof", all, Subjects::raw_proof);
    group(criterion, "warm_from_text", all, Subjects::warm_from_text);
    group(criterion, "warm_from_bytes", all, Subjects::warm_from_bytes);
    group(criterion, "decide", all, Subjects::decide);
    group(
        criterion,
        "mint_or_delegate",
        all,
        Subjects::mint_or_delegate,
    );
    group(criterion, "present", all, Subjects::present);
}

fn group<T>(criterion: &mut Criterion, name: &str, all: &[Subjects], run: impl Fn(&Subjects) -> T) {
    let mut group = criterion.benchmark_group(name);
    for one in all {
        let id = BenchmarkId::from_parameter(one.blocks);
        group.bench_with_input(id, one, |bencher, one| bencher.iter(|| run(one)));
    }
    group.finish();
}
