//! What the review engine decided, in words.

use std::time::Duration;

use bailiwick::action::{Decimal, Value, quoted};
use bailiwick::keys::ApproverPublicKey;
use bailiwick::review::{Demand, Left, Outlook, Reach};
use bailiwick::scope::{ApproverGroup, Budget, Condition, Measure, Origin, Requirement, When};

use super::facts::View;
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

/// For which values something holds.
pub(super) fn with_values<'v>(
    html: &mut Html,
    values: impl ExactSizeIterator<Item = (&'v str, &'v Value)>,
) {
    if values.len() == 0 {
        return;
    }
    html.with("p", &[("class", "with")], |html| {
        html.text("with ");
        for (index, (name, value)) in values.enumerate() {
            if index > 0 {
                html.text(", ");
            }
            html.line("code", format!("{name} = {}", value.preview()));
        }
    });
}

/// What it takes, one demand an item.
pub(super) fn demands(html: &mut Html, of: View<'_>, outlook: &Outlook) {
    items(html, &demanded(of, outlook));
}

/// What it takes, in words.
pub(super) fn demanded(of: View<'_>, outlook: &Outlook) -> Vec<String> {
    let all = outlook.demands.iter();
    all.filter_map(|it| Some(part(it, &required(of, demanding(of, it)?))))
        .collect()
}

/// What of a grant takes what, in words.
pub(super) fn conditions(html: &mut Html, of: View<'_>, demands: &[Demand]) {
    let all = demands.iter().filter_map(|it| {
        let requirement = demanding(of, it)?;
        let said = part(it, &required(of, requirement));
        Some(match requirement.when() {
            When::Tainted => format!("{said}, once the task has read untrusted data"),
            When::Always => said,
        })
    });
    items(html, &all.collect::<Vec<_>>());
}

/// Short lines below what they are about.
pub(super) fn items(html: &mut Html, all: &[String]) {
    if all.is_empty() {
        return;
    }
    html.with("ul", &[("class", "demands")], |html| {
        for one in all {
            html.line("li", one);
        }
    });
}

fn demanding<'s>(of: View<'s>, demand: &Demand) -> Option<&'s Requirement> {
    let Origin::Block(block) = demand.origin else {
        return None;
    };
    let scope = of.scopes.get(usize::try_from(block).ok()?)?;
    scope.require().get(demand.index)
}

fn part(demand: &Demand, said: &str) -> String {
    match demand.reach {
        Reach::Every => said.to_owned(),
        Reach::Some => format!("in part, {said}"),
        _ => format!("perhaps, {said}"),
    }
}

fn required(of: View<'_>, requirement: &Requirement) -> String {
    match requirement.condition() {
        Condition::Approval(rule) => {
            let groups = rule.groups().iter().map(|group| approvers(of, group));
            format!("approval {}", groups.collect::<Vec<_>>().join(", and "))
        }
        Condition::Budget(own) => budget(own),
        Condition::Signature => "a proof by signature".to_owned(),
        _ => "something newer than this program".to_owned(),
    }
}

fn approvers(of: View<'_>, group: &ApproverGroup) -> String {
    let all = group.approvers();
    let who: Vec<String> = all.iter().map(|key| approver(of, key)).collect();
    let who = who.join(", ");
    let is_all = usize::try_from(group.threshold()) == Ok(all.len());
    match (all.len(), is_all) {
        (1, _) => format!("by {who}"),
        (_, true) => format!("by all of {who}"),
        _ => format!("by {} of {who}", group.threshold()),
    }
}

/// By name where there is one: names stand on the page with their keys.
pub(super) fn approver(of: View<'_>, key: &ApproverPublicKey) -> String {
    let name = of.name_of(key);
    name.map_or_else(|| key.to_string(), str::to_owned)
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
    let each = own.window().map_or_else(String::new, |it| {
        let span = span(it);
        format!(" in every {}", span.strip_prefix("1 ").unwrap_or(&span))
    });
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
        .find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
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
