//! From a failed clause to a reason with its facts.

use super::evaluate::{Call, Unmet, at};
use super::strict::{Miss, capability_matches};
use super::{
    ApproverGroup, Budget, Capability, Clause, Condition, Constraint, Matcher, Measure, Missing,
    Origin, Pattern, Presence, Quantifier, Reason, ReasonCode, Requirement, Scalar,
};
use crate::action::{Action, Decimal, Object, Service, Value};
use crate::clock::Timestamp;

/// A clause that failed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Failure<'a> {
    NotYetValid(Timestamp),
    Expired(Timestamp),
    Audience(&'a [Service]),
    Depth(u32),
    NotAllowed(&'a [Capability]),
    Denied(usize, &'a Pattern),
    Unmet(usize, &'a Requirement, Unmet),
}

/// Where it failed.
#[derive(Clone, Copy)]
pub(super) struct Explain<'a> {
    pub(super) call: Call<'a>,
    pub(super) origin: Origin,
    pub(super) index: usize,
}

impl Explain<'_> {
    pub(super) fn reason(&self, failure: Failure<'_>) -> Option<Reason> {
        let action = self.call.actions.get(self.index)?;
        let now = self.call.context.now.to_string();
        let time = |code, limit: Timestamp| {
            let (limit, time) = (limit.to_string(), Missing::Time);
            self.plain(code, Clause::Window, now.clone(), limit, time)
        };
        Some(match failure {
            Failure::NotYetValid(start) => time(ReasonCode::NotYetValid, start),
            Failure::Expired(end) => time(ReasonCode::Expired, end),
            Failure::Audience(services) => self.plain(
                ReasonCode::AudienceMismatch,
                Clause::Audience,
                quote(action.service()),
                services.iter().map(quote).collect::<Vec<_>>().join(", "),
                Missing::Audience {
                    service: action.service().to_string(),
                },
            ),
            Failure::Depth(limit) => {
                let depth = self.call.layers.depth();
                let missing = Missing::Depth { depth };
                let code = ReasonCode::DepthExceeded;
                self.plain(
                    code,
                    Clause::Depth,
                    depth.to_string(),
                    limit.to_string(),
                    missing,
                )
            }
            Failure::NotAllowed(allow) => self.not_allowed(allow, action)?,
            Failure::Denied(index, pattern) => self.plain(
                ReasonCode::DenyMatched,
                Clause::Deny(index),
                format!(
                    "{} on {}",
                    quote(action.operation()),
                    quote(action.resource())
                ),
                describe(pattern),
                Missing::Nothing,
            ),
            Failure::Unmet(index, requirement, unmet) => self.unmet(index, requirement, unmet)?,
        })
    }

    fn plain(
        &self,
        code: ReasonCode,
        clause: Clause,
        seen: String,
        wanted: String,
        missing: Missing,
    ) -> Reason {
        Reason {
            code,
            action: self.index,
            origin: self.origin,
            clause,
            path: None,
            seen,
            wanted,
            missing,
        }
    }

    /// Speaks of the capability that came closest; of several, the first.
    fn not_allowed(&self, allow: &[Capability], action: &Action) -> Option<Reason> {
        // `max_by_key` takes the last of equals, and the first is wanted.
        let misses = allow
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(index, capability)| {
                let miss = capability_matches(capability, action, self.call.context.seen).err()?;
                Some((index, capability, miss))
            });
        let (index, capability, miss) = misses.max_by_key(|(_, _, miss)| miss.rank())?;
        let clause = Clause::Allow(index);
        let grant = Missing::Capability {
            operation: action.operation().to_string(),
            effect: action.effect().to_string(),
            resource: escaped(action.resource()),
        };
        let value = |constraint: &Constraint, root: &Object, absent, outside| {
            let value = at(root, constraint.path().steps());
            let seen = value.map_or_else(|| "absent".to_owned(), Value::preview);
            let lists = constraint.path().has_each();
            let code = if value.is_none() && !lists {
                absent
            } else {
                outside
            };
            let seen = if lists {
                "not so in the list".to_owned()
            } else {
                seen
            };
            let missing = Missing::Value {
                value: seen.clone(),
            };
            let mut reason = self.plain(code, clause, seen, wanted(constraint), missing);
            reason.path = Some(escaped(constraint.path()));
            reason
        };
        Some(match miss {
            Miss::Operation => {
                let code = ReasonCode::OperationNotGranted;
                let wanted = capability
                    .target()
                    .operation()
                    .map(quote)
                    .unwrap_or_default();
                self.plain(code, clause, quote(action.operation()), wanted, grant)
            }
            Miss::Effect => {
                let code = ReasonCode::EffectNotGranted;
                let wanted = capability.target().effect().map(quote).unwrap_or_default();
                self.plain(code, clause, quote(action.effect()), wanted, grant)
            }
            Miss::Resource => {
                let code = ReasonCode::ResourceOutside;
                let wanted = quote(capability.resource());
                self.plain(code, clause, quote(action.resource()), wanted, grant)
            }
            Miss::Argument(constraint) => value(
                constraint,
                action.arguments().root(),
                ReasonCode::ArgumentMissing,
                ReasonCode::ArgumentOutside,
            ),
            Miss::Attribute(constraint) => value(
                constraint,
                action.attributes().root(),
                ReasonCode::AttributeMissing,
                ReasonCode::AttributeOutside,
            ),
            Miss::Unnamed(key) => {
                let code = ReasonCode::ArgumentUnexpected;
                let missing = Missing::Value {
                    value: "absent".to_owned(),
                };
                let mut reason = self.plain(code, clause, quote(key), "absent".into(), missing);
                reason.path = Some(escaped(key));
                reason
            }
        })
    }

    fn unmet(&self, index: usize, requirement: &Requirement, unmet: Unmet) -> Option<Reason> {
        let clause = Clause::Require(index);
        match (requirement.condition(), unmet) {
            (Condition::Approval(rule), _) => {
                let given = self.call.context.approvers(self.index);
                let done = |group: &ApproverGroup| {
                    let approved = group.approvers().iter().filter(|key| given.contains(key));
                    u32::try_from(approved.count()).unwrap_or(u32::MAX)
                };
                let more = |group: &&ApproverGroup| group.threshold().saturating_sub(done(group));
                let group = rule.groups().iter().max_by_key(more)?;
                let open = group.approvers().iter().filter(|key| !given.contains(key));
                let missing = Missing::Approvals {
                    more: more(&group),
                    of: open.map(ToString::to_string).collect(),
                };
                let (all, done) = (group.approvers().len(), done(group));
                let wanted = format!("{} of {all} approvals", group.threshold());
                let code = ReasonCode::ApprovalRequired;
                Some(self.plain(code, clause, done.to_string(), wanted, missing))
            }
            (Condition::Signature, _) => Some(self.plain(
                ReasonCode::SignatureRequired,
                clause,
                "a session".to_owned(),
                "a signature".to_owned(),
                Missing::Signature,
            )),
            (Condition::Budget(budget), unmet) => Some(self.budget(clause, budget, unmet)),
        }
    }

    fn budget(&self, clause: Clause, budget: &Budget, unmet: Unmet) -> Reason {
        let missing = |spent, amount| Missing::Budget {
            name: budget.name().to_string(),
            cap: budget.cap(),
            spent,
            amount,
        };
        let wanted = format!("{} for `{}`", budget.cap(), budget.name());
        match unmet {
            Unmet::Over(spent, amount) => {
                let spent_text = spent.map_or_else(|| "too much".into(), |spent| spent.to_string());
                let seen = format!("{spent_text} is spent and {amount} asked for");
                let missing = missing(spent, Some(amount));
                self.plain(ReasonCode::BudgetExceeded, clause, seen, wanted, missing)
            }
            Unmet::Amount => {
                let path = match budget.measure() {
                    Measure::Int(path) | Measure::Decimal(path, _) => Some(path),
                    Measure::Uses => None,
                };
                let root = self
                    .call
                    .actions
                    .get(self.index)
                    .map(|action| action.arguments().root());
                let value = root
                    .zip(path)
                    .and_then(|(root, path)| at(root, path.steps()));
                let seen = value.map_or_else(|| "absent".to_owned(), Value::preview);
                let code = ReasonCode::AmountInvalid;
                let mut reason = self.plain(code, clause, seen, wanted, missing(None, None));
                reason.path = path.map(escaped);
                reason
            }
            _ => {
                let (code, seen) = (ReasonCode::BudgetUnknown, "nothing".to_owned());
                self.plain(code, clause, seen, wanted, missing(None, None))
            }
        }
    }
}

fn escaped(text: impl ToString) -> String {
    text.to_string().escape_debug().to_string()
}

fn quote(text: impl ToString) -> String {
    format!("`{}`", escaped(text))
}

fn describe(pattern: &Pattern) -> String {
    let mut parts = Vec::new();
    parts.extend(pattern.operation_pattern().map(quote));
    parts.extend(
        pattern
            .effect()
            .map(|effect| format!("effect {}", quote(effect))),
    );
    parts.extend(
        pattern
            .resource_pattern()
            .map(|resource| format!("on {}", quote(resource))),
    );
    let constraints = |what, list: &[Constraint]| {
        let one = |constraint: &Constraint| {
            format!("{what} {} {}", quote(constraint.path()), wanted(constraint))
        };
        list.iter().map(one).collect::<Vec<_>>()
    };
    parts.extend(constraints("argument", pattern.arguments()));
    parts.extend(constraints("attribute", pattern.attributes()));
    parts.join(", ")
}

fn wanted(constraint: &Constraint) -> String {
    let bounds = |what: &str, min: u32, max: Option<u32>| match max {
        Some(max) => format!("{min} to {max} {what}"),
        None => format!("at least {min} {what}"),
    };
    let range = |min: Option<String>, max: Option<String>| match (min, max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, max) => format!("at most {}", max.unwrap_or_default()),
    };
    let matcher = match constraint.matcher() {
        Matcher::Equals(scalar) => show(scalar),
        Matcher::OneOf(choices) => {
            let all: Vec<_> = choices.as_slice().iter().map(show).collect();
            format!("one of {}", all.join(", "))
        }
        Matcher::Int(ints) => range(
            ints.min().map(|min| min.to_string()),
            ints.max().map(|max| max.to_string()),
        ),
        Matcher::Decimal(decimals) => {
            let show = |units| {
                let decimal = Decimal::new(decimals.scale(), units).ok()?;
                Some(show(&decimal.into()))
            };
            range(
                decimals.units().min().and_then(show),
                decimals.units().max().and_then(show),
            )
        }
        Matcher::Text(pattern) => format!("text like {}", quote(pattern)),
        Matcher::TextLength(length) => bounds("bytes of text", length.min(), length.max()),
        Matcher::BytesLength(length) => bounds("bytes", length.min(), length.max()),
        Matcher::From(label) => format!("a value noted under `{label}`"),
        Matcher::Count(count) => bounds("elements", count.min(), count.max()),
    };
    let some = match constraint.quantifier() {
        Quantifier::Some => "in some element ",
        Quantifier::Every => "",
    };
    let absent = match constraint.presence() {
        Presence::Optional => " or absence",
        _ => "",
    };
    format!("{some}{matcher}{absent}")
}

fn show(scalar: &Scalar) -> String {
    match scalar.clone() {
        Scalar::Bool(value) => Value::from(value),
        Scalar::Int(value) => Value::from(value),
        Scalar::Decimal(value) => Value::Decimal(value),
        Scalar::Number(value) => Value::Number(value),
        Scalar::Text(value) => Value::from(value),
        Scalar::Bytes(value) => Value::Bytes(value),
    }
    .preview()
}
