//! What the review engine decided, in words.

use std::time::Duration;

use bailiwick::action::{Decimal, quoted};
use bailiwick::keys::ApproverPublicKey;
use bailiwick::review::{Demand, Left, Outlook, Reach};
use bailiwick::scope::{Budget, Condition, Measure, Origin, Requirement, When};

use super::facts::Subject;
use super::html::Html;

/// How much is left, as a mark that says it in words, and by its looks too.
pub(super) fn mark(html: &mut Html, left: Left) {
    let (class, word) = look(left);
    html.with("span", &[("class", class)], |html| html.text(word));
}

fn look(left: Left) -> (&'static str, &'static str) {
    match left {
        Left::Freely => ("mark freely", "freely"),
        Left::WithinBudget => ("mark budget", "within a budget"),
        Left::WithApproval => ("mark approval", "with approval"),
        Left::Nothing => ("mark never", "never"),
        _ => ("mark undecided", "undecided"),
    }
}

/// What it takes, one demand an item.
pub(super) fn demands(html: &mut Html, of: &Subject<'_>, outlook: &Outlook) {
    let all = demanded(of, outlook);
    if all.is_empty() {
        return;
    }
    html.with("ul", &[("class", "demands")], |html| {
        for one in &all {
            html.line("li", one);
        }
    });
}

/// What it takes, in words.
pub(super) fn demanded(of: &Subject<'_>, outlook: &Outlook) -> Vec<String> {
    let all = outlook.demands.iter();
    all.filter_map(|it| demand(of, it)).collect()
}

fn demand(of: &Subject<'_>, demand: &Demand) -> Option<String> {
    let Origin::Block(block) = demand.origin else {
        return None;
    };
    let scope = of.scopes.get(usize::try_from(block).ok()?)?;
    let requirement = scope.require().get(demand.index)?;
    let part = match demand.reach {
        Reach::Every => "",
        _ => "in part: ",
    };
    Some(format!("{part}{}", required(of, requirement)))
}

fn required(of: &Subject<'_>, requirement: &Requirement) -> String {
    let condition = match requirement.condition() {
        Condition::Approval(rule) => {
            let groups = rule.groups().iter().map(|group| {
                let who: Vec<String> = group
                    .approvers()
                    .iter()
                    .map(|key| approver(of, key))
                    .collect();
                format!(
                    "approval by {} of {}: {}",
                    group.threshold(),
                    who.len(),
                    who.join(", ")
                )
            });
            groups.collect::<Vec<_>>().join(", and ")
        }
        Condition::Budget(own) => budget(own),
        Condition::Signature => "a proof by signature".to_owned(),
        _ => "something newer than this program".to_owned(),
    };
    match requirement.when() {
        When::Tainted => format!("{condition}, once the task has read untrusted data"),
        When::Always => condition,
    }
}

/// By name where there is one: names are in the list of approvers, with their keys.
pub(super) fn approver(of: &Subject<'_>, key: &ApproverPublicKey) -> String {
    of.name_of(key)
        .map_or_else(|| key.to_string(), str::to_owned)
}

fn budget(own: &Budget) -> String {
    let cap = own.cap();
    let (amount, path) = match own.measure() {
        Measure::Uses => (cap.to_string(), None),
        Measure::Int(path) => (cap.to_string(), Some(path)),
        Measure::Decimal(path, scale) => {
            let exact = Decimal::new(*scale, cap).map(|it| it.to_string());
            (exact.unwrap_or_else(|_| cap.to_string()), Some(path))
        }
    };
    let of = match path {
        None if cap == 1 => " use".to_owned(),
        None => " uses".to_owned(),
        Some(path) => format!(" of argument {}", quoted(&path.to_string())),
    };
    let each = own
        .window()
        .map_or_else(String::new, |it| format!(" in every {}", span(it)));
    format!(
        "at most {amount}{of}{each}, from budget {}",
        quoted(&own.name().to_string())
    )
}

/// A time in the largest unit that it is a whole number of.
pub(super) fn span(of: Duration) -> String {
    let seconds = of.as_secs();
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute")];
    let whole = units
        .into_iter()
        .find(|(unit, _)| seconds >= *unit && seconds % unit == 0);
    let (unit, name) = whole.unwrap_or((1, "second"));
    match seconds / unit {
        1 => format!("1 {name}"),
        many => format!("{many} {name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_in_its_largest_whole_unit() {
        let all = [
            (0, "0 seconds"),
            (1, "1 second"),
            (90, "90 seconds"),
            (60, "1 minute"),
            (7200, "2 hours"),
            (86_400, "1 day"),
        ];
        for (seconds, said) in all {
            assert_eq!(span(Duration::from_secs(seconds)), said);
        }
    }
}
