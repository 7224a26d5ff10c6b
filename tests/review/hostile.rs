//! Scopes that somebody wrote to make a reviewer's program slow or large.

use bailiwick::scope::*;

fn on(resource: &str) -> Capability {
    Capability::operation("a.b", resource).unwrap()
}

/// A formula that is hard for everybody: random clauses of three over many flags, as deny entries.
pub fn hard() -> Vec<Scope> {
    let mut dice = super::dice::Dice::seeded(7);
    let flags: Vec<String> = (0..120).map(|n| format!("f{n}")).collect();
    let mut first = on("x");
    for flag in &flags {
        first = first
            .argument(flag, Matcher::one_of([true, false]).unwrap())
            .unwrap();
    }
    let mut blocks = vec![Scope::builder().allow(first).build().unwrap()];
    for _ in 0..9 {
        let mut block = Scope::builder();
        for _ in 0..58 {
            let mut pattern = Pattern::any();
            for _ in 0..3 {
                let value = Matcher::equals(dice.percent(50));
                pattern = pattern
                    .clone()
                    .argument(&dice.pick(&flags), value)
                    .unwrap_or(pattern);
            }
            block = block.deny(pattern);
        }
        blocks.push(block.build().unwrap());
    }
    blocks
}

/// Much in little: overlapping elements, long texts, many labels, crossing resources.
pub fn crafted() -> [Scope; 4] {
    let crowded = (0..14).fold(on("x"), |it, n| {
        let one = Matcher::text(&format!("{n}*")).unwrap();
        it.with_argument(Constraint::new("l.*", one).unwrap().some().unwrap())
            .unwrap()
    });
    let crowded = crowded
        .argument("l", Matcher::count(0, 3).unwrap())
        .unwrap();
    let huge = (0..40).fold(on("x"), |it, n| {
        let long = Matcher::text_length(900_000, None).unwrap();
        it.argument(&format!("t{n}"), long).unwrap()
    });
    let labelled = (0..40).fold(huge.clone(), |it, n| {
        let label = Matcher::from_label(&format!("m{n}")).unwrap();
        it.optional_argument(&format!("n{n}"), label).unwrap()
    });
    let hidden = (0..40).fold(Scope::builder().allow(labelled), |it, n| {
        let label = Matcher::from_label(&format!("m{n}")).unwrap();
        it.deny(Pattern::any().argument(&format!("n{n}"), label).unwrap())
    });
    let crossed = (0..60).fold(Scope::builder().allow(on("**")), |it, n| {
        let pattern = ["*"; 30]
            .join("/")
            .replacen('*', &format!("{n}*"), 1 + n % 29);
        it.deny(Pattern::any().resource(&pattern).unwrap())
    });
    [
        Scope::builder().allow(crowded),
        Scope::builder().allow(huge),
        hidden,
        crossed,
    ]
    .map(|scope| scope.build().unwrap())
}
