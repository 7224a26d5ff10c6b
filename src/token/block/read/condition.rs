//! Requirements.

use std::time::Duration;

use super::pattern;
use super::place::{compared, place, tagged};
use super::query::Query;
use crate::keys::ApproverPublicKey;
use crate::scope::{
    ApprovalRule, ApproverGroup, Budget, BudgetName, Condition, Measure, Path, Pattern,
    Requirement, When,
};
use crate::token::block::words;
use crate::token::datalog::{Binary, Expr, Predicate, SymbolTable, Unary};

/// What a requirement is refused for.
pub(super) enum Refused {
    /// It is none.
    NotInGrammar,
    /// Its budget has this id, which belongs into another block.
    BudgetPosition(String),
}

/// The requirement that a query states, in the block with this index.
pub(super) fn requirement<'a>(
    query: &Query<'a>,
    index: usize,
    symbols: &'a SymbolTable,
) -> Result<Requirement, Refused> {
    let split = query.expression().and_then(|expr| expr.lazy(Binary::Or));
    let (pattern, when, parts) = match split {
        Some((outside, condition)) => {
            let (pattern, when) =
                pattern::outside(outside, symbols).ok_or(Refused::NotInGrammar)?;
            (pattern, when, condition.parts(Binary::And))
        }
        None => (Pattern::any(), When::Always, query.expressions()),
    };
    let condition = if query.approved_by {
        approval(&parts, symbols).map(Condition::Approval)
    } else if let Some(spent) = &query.spent {
        let name = budget_name(spent, index)?;
        budget(name, spent, &parts).map(Condition::Budget)
    } else {
        query.possession.map(|_| Condition::Signature)
    };
    let requirement = Requirement::new(pattern, condition.ok_or(Refused::NotInGrammar)?);
    Ok(match when {
        When::Always => requirement,
        When::Tainted => requirement.when_tainted(),
    })
}

fn approval<'a>(parts: &[Expr<'_, 'a>], symbols: &'a SymbolTable) -> Option<ApprovalRule> {
    let group = |part: &Expr<'_, 'a>| {
        let (count, threshold) = compared(*part, Binary::GreaterOrEqual)?;
        let (_, set) = count.unary(Unary::Length)?.binary(Binary::Intersection)?;
        // Whoever checks an approval verifies with the key, which checks that it is on the curve.
        let keys: Option<Vec<_>> = set
            .value()?
            .set()?
            .items(symbols)
            .map(|key| {
                ApproverPublicKey::without_curve_check(key.ok()?.bytes()?.try_into().ok()?).ok()
            })
            .collect();
        ApproverGroup::new(u32::try_from(threshold).ok()?, keys?).ok()
    };
    ApprovalRule::new(parts.iter().map(group).collect::<Option<_>>()?).ok()
}

fn budget_name<'a>(spent: &Predicate<'a>, index: usize) -> Result<&'a str, Refused> {
    let id = spent
        .terms()
        .first()
        .and_then(|id| id.text())
        .ok_or(Refused::NotInGrammar)?;
    match id.split_once('/') {
        Some((block, name)) if block.parse() == Ok(index) => Ok(name),
        _ => Err(Refused::BudgetPosition(id.to_owned())),
    }
}

fn budget(name: &str, spent: &Predicate<'_>, parts: &[Expr<'_, '_>]) -> Option<Budget> {
    let [_, kind, window, _] = spent.terms() else {
        return None;
    };
    let (measure, cap) = measure(*parts.last()?, kind.text()? == words::USES)?;
    let name = BudgetName::new(name).ok()?;
    let budget = Budget::sum(name.as_str(), measure, cap).ok()?;
    match u64::try_from(window.integer()?).ok()? {
        0 => Some(budget),
        seconds => budget.each(Duration::from_secs(seconds)).ok(),
    }
}

fn measure(last: Expr<'_, '_>, uses: bool) -> Option<(Measure, i64)> {
    if uses {
        let (_, cap) = compared(last, Binary::Less)?;
        return Some((Measure::Uses, cap));
    }
    let tried = last.tried();
    let last = match tried {
        Some(both) => *both.parts(Binary::And).last()?,
        None => last,
    };
    let (amount, rest) = last.binary(Binary::LessOrEqual)?;
    let cap = rest.binary(Binary::Subtract)?.0.value()?.integer()?;
    let path = |expr| Path::new(place(expr)?.1).ok();
    let measure = match tagged(amount) {
        Some((map, scale)) => Measure::Decimal(path(map)?, u8::try_from(scale).ok()?),
        None => Measure::Int(path(amount)?),
    };
    Some((measure, cap))
}
