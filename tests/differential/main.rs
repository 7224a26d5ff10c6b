//! Our evaluator against stock biscuit-auth, case by case.
mod case;
mod flip;

#[test]
fn verdicts_of_both_kinds_are_common() {
    let approvers: Vec<_> = (0..5u8)
        .map(|n| bailiwick::keys::dangerous::approver_key_from_seed(&[n; 32]).public_key())
        .collect();
    let mut rng = fastrand::Rng::with_seed(1);
    let mut allowed = 0;
    let mut counts = std::collections::BTreeMap::new();
    for _ in 0..3000 {
        let case = case::Generator { rng: &mut rng, approvers: &approvers }.case();
        allowed += usize::from(case.allows());
        for name in flip::decisive(&case) { *counts.entry(name).or_insert(0) += 1; }
    }
    println!("allowed {allowed} of 3000");
    for name in flip::CONSTRUCTS { println!("{name}: {}", counts.get(name).unwrap_or(&0)); }
}
