//! What the review says of the task files of `examples/tasks`: of each and itself, of each and changes to it of which the
//! outcome is known, of each two that share a service, and of each operation that their catalogs have.
//!
//! `BAILIWICK_CHANGES` sets how many changes of one file are tried.

mod changes;
mod files;

use std::time::{Duration, Instant};

use bailiwick::catalog::Catalog;
use bailiwick::manifest::{Manifest, Parameters, Samples, Subject};
use bailiwick::review::{Claim, Comparison, Effort, Proof, Vocabulary, Witness};
use bailiwick::scope::{Condition, Layers, OperationPattern, Pattern, Scope};

use super::claims::breaks;
use super::setting;

/// A question that takes longer is said.
const SLOW: Duration = Duration::from_millis(100);

#[test]
fn every_task_file_of_the_gallery_has_words_for_what_lint_finds_and_for_nothing_else() {
    let catalogs = files::catalogs();
    let tasks = files::tasks(&catalogs);
    assert!(tasks.len() >= 50, "{} task files", tasks.len());
    for task in &tasks {
        assert_eq!(task.unexcused(), [""; 0], "{}", task.name);
    }
    let capabilities = tasks
        .iter()
        .map(|task| task.scopes[0].allow().unwrap_or_default().len());
    println!(
        "\n{} task files with {} capabilities, at most {} in one",
        tasks.len(),
        capabilities.clone().sum::<usize>(),
        capabilities.max().unwrap_or(0)
    );
}

#[test]
fn every_task_file_is_compared_with_itself_with_its_changes_and_with_others() {
    let catalogs = files::catalogs();
    let tasks = files::tasks(&catalogs);
    let mut tally = Tally::default();
    let most_changes = setting("BAILIWICK_CHANGES", 60) as usize;
    for task in &tasks {
        let vocabulary = Vocabulary::of(task.catalogs.iter().copied());
        for scope in &task.scopes {
            tally.compare(&task.name, &vocabulary, scope, scope, &[Verdict::Equal]);
        }
        let changes = changes::of(&task.scopes[0]);
        assert!(
            changes.len() >= 6,
            "{}: {} changes",
            task.name,
            changes.len()
        );
        // Evenly, so that there are some of each kind.
        let step = changes.len().div_ceil(most_changes);
        for change in changes.into_iter().step_by(step) {
            let name = format!("{}, {}", task.name, change.what);
            tally.compare(
                &name,
                &vocabulary,
                &task.scopes[0],
                &change.scope,
                change.possible,
            );
        }
    }
    tally.say("comparisons with itself and with changes");
    for (index, task) in tasks.iter().enumerate() {
        for other in &tasks[index + 1..] {
            if task.shares_a_service_with(other) {
                let both = task.catalogs.iter().chain(&other.catalogs);
                let vocabulary = Vocabulary::of(both.copied());
                let name = format!("{} and {}", task.name, other.name);
                tally.compare(
                    &name,
                    &vocabulary,
                    &task.scopes[0],
                    &other.scopes[0],
                    &Verdict::ALL,
                );
            }
        }
    }
    tally.say("comparisons in all");
    let decided = &tally.verdicts[..4];
    assert!(decided.iter().all(|count| *count > 0), "{tally:?}");
    tally.assert_decided();
}

#[test]
fn of_every_operation_it_is_proved_whether_it_can_happen() {
    let catalogs = files::catalogs();
    let mut tally = Tally::default();
    for task in &files::tasks(&catalogs) {
        let vocabulary = Vocabulary::of(task.catalogs.iter().copied());
        for scope in &task.scopes {
            for claim in claims(&task.catalogs, scope) {
                tally.prove(&task.name, &vocabulary, scope, &claim);
            }
        }
    }
    tally.say("proofs");
    for (kind, [proved, refuted]) in tally.proofs.iter().enumerate() {
        assert!(*proved > 0 && *refuted > 0, "kind {kind}: {tally:?}");
    }
    tally.assert_decided();
}

/// As `bailiwick diff` compares them: with every value of their parameters.
#[test]
fn with_whatever_values_every_task_file_is_compared_with_itself_and_with_higher_limits() {
    let catalogs = files::catalogs();
    let (mut verdicts, mut values) = ([0_u64; 5], 0);
    for task in &files::tasks(&catalogs) {
        let vocabulary = Vocabulary::of(task.catalogs.iter().copied());
        let mut compare = |old: &Manifest, new: &Manifest| {
            let sides = [Subject::Manifest(old), Subject::Manifest(new)];
            let samples = Samples::of(&sides, &[], &vocabulary, &Parameters::new());
            values += samples.sets().len();
            let (now, effort) = (files::now(), Effort::default());
            let compared = samples.compare(sides[0], sides[1], &vocabulary, now, effort);
            let verdict = verdict(&compared.comparison);
            if verdict == Verdict::Undecided {
                println!("undecided: {}", task.name);
            }
            verdicts[verdict as usize] += 1;
            verdict
        };
        let same = compare(&task.manifest, &task.manifest);
        assert!([Verdict::Equal, Verdict::Undecided].contains(&same));
        for raised in task.raised() {
            let up = compare(&task.manifest, &raised);
            let down = compare(&raised, &task.manifest);
            let mirrored = match up {
                Verdict::Wider => Verdict::Narrower,
                Verdict::Narrower => Verdict::Wider,
                same => same,
            };
            assert_eq!(down, mirrored, "{}", task.name);
        }
    }
    let all: u64 = verdicts.iter().sum();
    let undecided = verdicts[Verdict::Undecided as usize];
    println!(
        "\n{all} comparisons with {values} sets of values: {verdicts:?}, {undecided} undecided"
    );
    assert!(undecided * 100 < all, "{undecided} of {all}");
    assert!(verdicts[Verdict::Wider as usize] > 50, "{verdicts:?}");
}

fn verdict(comparison: &Comparison) -> Verdict {
    match comparison {
        Comparison::Equal => Verdict::Equal,
        Comparison::Narrower(_) => Verdict::Narrower,
        Comparison::Wider(_) => Verdict::Wider,
        Comparison::Incomparable { .. } => Verdict::Incomparable,
        Comparison::Undecided { .. } => Verdict::Undecided,
    }
}

/// Of each operation: never, only with approval, and within each budget that speaks of it.
fn claims(catalogs: &[&Catalog], scope: &Scope) -> Vec<Claim> {
    let mut claims = Vec::new();
    for spec in catalogs.iter().flat_map(|catalog| catalog.operations()) {
        let operation = OperationPattern::exact(spec.operation().clone());
        let pattern = Pattern::any().with_operation(operation);
        claims.push(Claim::Never(pattern.clone()));
        claims.push(Claim::OnlyWithApproval(pattern.clone(), None));
        for requirement in scope.require() {
            let own = requirement.pattern().operation_pattern();
            let speaks = own.is_none_or(|own| own.matches(spec.operation()));
            match requirement.condition() {
                Condition::Budget(budget) if speaks => {
                    claims.push(Claim::WithinBudget(pattern.clone(), budget.clone()));
                }
                Condition::Approval(rule) if speaks => {
                    let rule = Some(rule.clone());
                    claims.push(Claim::OnlyWithApproval(pattern.clone(), rule));
                }
                _ => {}
            }
        }
    }
    claims
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Equal,
    Narrower,
    Wider,
    Incomparable,
    Undecided,
}

impl Verdict {
    const ALL: [Self; 5] = [
        Self::Equal,
        Self::Narrower,
        Self::Wider,
        Self::Incomparable,
        Self::Undecided,
    ];
}

#[derive(Debug, Default)]
struct Tally {
    verdicts: [u64; 5],
    /// Proved and refuted, of each kind of claim.
    proofs: [[u64; 2]; 3],
    undecided: u64,
    asked: u64,
    slow: Vec<(Duration, String)>,
    slowest: Duration,
    spent: Duration,
}

impl Tally {
    fn compare(
        &mut self,
        name: &str,
        vocabulary: &Vocabulary,
        first: &Scope,
        second: &Scope,
        possible: &[Verdict],
    ) {
        let (first, second) = (std::slice::from_ref(first), std::slice::from_ref(second));
        let (first, second) = (Layers::blocks(first), Layers::blocks(second));
        let ask = || vocabulary.compare(&first, &second, Effort::default());
        let comparison = self.timed(ask, || name.to_owned());
        let verdict = verdict(&comparison);
        let (lost, gained) = (comparison.lost(), comparison.gained());
        let is_of = |witness: &Witness, allowing, refusing| {
            witness.is_allowed_by(allowing) && !witness.is_allowed_by(refusing)
        };
        assert!(
            lost.is_none_or(|it| is_of(it, &first, &second)),
            "{name}: {lost:?}"
        );
        assert!(
            gained.is_none_or(|it| is_of(it, &second, &first)),
            "{name}: {gained:?}"
        );
        self.verdicts[verdict as usize] += 1;
        if verdict == Verdict::Undecided {
            println!("undecided: {name}");
            self.undecided += 1;
        } else {
            assert!(possible.contains(&verdict), "{name}: {comparison:?}");
        }
    }

    fn prove(&mut self, name: &str, vocabulary: &Vocabulary, scope: &Scope, claim: &Claim) {
        let layers = Layers::blocks(std::slice::from_ref(scope));
        let ask = || vocabulary.prove(&layers, claim, Effort::default());
        let proof = self.timed(ask, || format!("{name}: {claim:?}"));
        let refuted = match proof {
            Proof::Proved => 0,
            Proof::Refuted(witness) => {
                let real = witness.is_allowed_by(&layers) && breaks(claim, &witness);
                assert!(real, "{name}: {claim:?}\n{witness}");
                1
            }
            Proof::Undecided => {
                println!("undecided: {name}: {claim:?}");
                self.undecided += 1;
                return;
            }
        };
        let kind = match claim {
            Claim::Never(_) => 0,
            Claim::OnlyWithApproval(..) => 1,
            _ => 2,
        };
        self.proofs[kind][refuted] += 1;
    }

    /// What is slow is asked again: the machine may have had something else to do.
    fn timed<R>(&mut self, ask: impl Fn() -> R, name: impl Fn() -> String) -> R {
        let once = || {
            let asked = Instant::now();
            (ask(), asked.elapsed())
        };
        let (answer, mut time) = once();
        for _ in 0..3 {
            if time > SLOW {
                time = time.min(once().1);
            }
        }
        self.asked += 1;
        self.spent += time;
        self.slowest = self.slowest.max(time);
        if time > SLOW {
            self.slow.push((time, name()));
        }
        answer
    }

    fn say(&self, what: &str) {
        println!("\n{} {what}", self.asked);
        for (verdict, count) in Verdict::ALL.iter().zip(self.verdicts) {
            if count > 0 {
                println!("{count:>9}  {verdict:?}");
            }
        }
        for (kind, [proved, refuted]) in ["never", "only with approval", "within budget"]
            .iter()
            .zip(self.proofs)
        {
            if proved + refuted > 0 {
                println!("{proved:>9}  {kind}: proved, {refuted} refuted");
            }
        }
        println!(
            "{:>9}  undecided; {:.1?} in all, {:.1?} the slowest",
            self.undecided, self.spent, self.slowest
        );
        for (time, name) in &self.slow {
            println!("slow: {time:.0?}: {name}");
        }
    }

    fn assert_decided(&self) {
        let Self {
            undecided, asked, ..
        } = self;
        assert!(undecided * 100 < *asked, "{undecided} of {asked} undecided");
    }
}
