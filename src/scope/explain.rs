//! From a failed clause to a reason with its facts.

use super::case::{Case, Failure, Unmet, value_at};
use super::strict::{Miss, capability_matches};
use super::wording::{escaped, list, pattern, preview, quote, wanted};
use super::{
    ApproverGroup, Budget, Capability, Clause, Constraint, Measure, Missing, Origin, Reason,
    ReasonCode,
};
use crate::action::Value;
use crate::clock::Timestamp;

impl Case<'_> {
    pub(super) fn reason(&self, failure: Failure<'_>) -> Reason {
        match failure {
            Failure::NotYetValid(start) => self.time(ReasonCode::NotYetValid, start),
            Failure::Expired(end) => self.time(ReasonCode::Expired, end),
            Failure::Audience(services) => Reason {
                seen: quote(self.action.service()),
                wanted: list(services.iter().map(quote)),
                ..self.because(
                    ReasonCode::AudienceMismatch,
                    Clause::Audience,
                    Missing::Audience {
                        service: self.action.service().to_string(),
                    },
                )
            },
            Failure::Depth(limit) => {
                let depth = self.call.layers.depth();
                Reason {
                    seen: depth.to_string(),
                    wanted: limit.to_string(),
                    ..self.because(
                        ReasonCode::DepthExceeded,
                        Clause::Depth,
                        Missing::Depth { depth },
                    )
                }
            }
            Failure::NotAllowed(allow) => self.not_allowed(allow),
            Failure::Denied(index, entry) => Reason {
                seen: format!(
                    "{} on {}",
                    quote(self.action.operation()),
                    quote(self.action.resource())
                ),
                wanted: pattern(entry),
                ..self.because(
                    match self.origin {
                        Origin::Brake => ReasonCode::BrakeApplied,
                        _ => ReasonCode::DenyMatched,
                    },
                    Clause::Deny(index),
                    Missing::Nothing,
                )
            },
            Failure::Unmet(index, unmet) => self.unmet(Clause::Require(index), unmet),
        }
    }

    /// A reason of which what was seen, what was wanted and the path are still to be said.
    fn because(&self, code: ReasonCode, clause: Clause, missing: Missing) -> Reason {
        Reason {
            code,
            action: self.index,
            origin: self.origin,
            clause,
            path: None,
            seen: String::new(),
            wanted: String::new(),
            missing,
        }
    }

    fn time(&self, code: ReasonCode, limit: Timestamp) -> Reason {
        Reason {
            seen: self.call.context.now.to_string(),
            wanted: limit.to_string(),
            ..self.because(code, Clause::Window, Missing::Time)
        }
    }

    /// Speaks of the capability that came closest; of several, the first.
    fn not_allowed(&self, allow: &[Capability]) -> Reason {
        let seen = self.call.context.seen;
        // Reversed, as `max_by_key` takes the last of equals.
        let misses = allow.iter().enumerate().rev();
        let misses = misses.filter_map(|(index, capability)| {
            let miss = capability_matches(capability, self.action, seen).err()?;
            Some((closeness(capability, &miss), index, miss))
        });
        let closest = misses.max_by_key(|(close, ..)| *close);
        let Some((_, index, miss)) = closest else {
            // No scope has an empty list.
            return self.not_granted(ReasonCode::OperationNotGranted, Clause::Allow(0));
        };
        let clause = Clause::Allow(index);
        match miss {
            Miss::Operation(operation) => Reason {
                seen: quote(self.action.operation()),
                wanted: quote(operation),
                ..self.not_granted(ReasonCode::OperationNotGranted, clause)
            },
            Miss::Effect(effect) => Reason {
                seen: quote(self.action.effect()),
                wanted: quote(effect),
                ..self.not_granted(ReasonCode::EffectNotGranted, clause)
            },
            Miss::Resource(resource) => Reason {
                seen: quote(self.action.resource()),
                wanted: quote(resource),
                ..self.not_granted(ReasonCode::ResourceOutside, clause)
            },
            Miss::Argument(constraint, None) => {
                self.value(ReasonCode::ArgumentMissing, clause, constraint, None)
            }
            Miss::Argument(constraint, value) => {
                self.value(ReasonCode::ArgumentOutside, clause, constraint, value)
            }
            Miss::Unnamed(steps, key, value) => {
                let missing = Missing::Value {
                    value: value.preview(),
                };
                let path = steps
                    .iter()
                    .map(ToString::to_string)
                    .chain([key.to_string()]);
                Reason {
                    path: Some(escaped(path.collect::<Vec<_>>().join("."))),
                    seen: value.preview(),
                    wanted: preview(None),
                    ..self.because(ReasonCode::ArgumentUnexpected, clause, missing)
                }
            }
            Miss::Attribute(constraint, None) => {
                self.value(ReasonCode::AttributeMissing, clause, constraint, None)
            }
            Miss::Attribute(constraint, value) => {
                self.value(ReasonCode::AttributeOutside, clause, constraint, value)
            }
        }
    }

    fn not_granted(&self, code: ReasonCode, clause: Clause) -> Reason {
        let missing = Missing::Capability {
            operation: self.action.operation().to_string(),
            effect: self.action.effect().to_string(),
            resource: escaped(self.action.resource()),
        };
        self.because(code, clause, missing)
    }

    fn value(
        &self,
        code: ReasonCode,
        clause: Clause,
        constraint: &Constraint,
        value: Option<&Value>,
    ) -> Reason {
        let missing = Missing::Value {
            value: preview(value),
        };
        Reason {
            path: Some(escaped(constraint.path())),
            seen: preview(value),
            wanted: wanted(constraint),
            ..self.because(code, clause, missing)
        }
    }

    fn unmet(&self, clause: Clause, unmet: Unmet<'_>) -> Reason {
        match unmet {
            Unmet::Approval(group) => self.approval(clause, group),
            Unmet::Signature => Reason {
                seen: "a session".to_owned(),
                wanted: "a signature".to_owned(),
                ..self.because(ReasonCode::SignatureRequired, clause, Missing::Signature)
            },
            Unmet::AmountInvalid(budget) => {
                let path = match budget.measure() {
                    Measure::Int(path) | Measure::Decimal(path, _) => Some(path),
                    Measure::Uses => None,
                };
                let root = self.action.arguments().root();
                let value = path.and_then(|path| value_at(root, path));
                Reason {
                    path: path.map(escaped),
                    seen: preview(value),
                    ..self.budget(ReasonCode::AmountInvalid, clause, budget, None, None)
                }
            }
            Unmet::BudgetUnknown(budget) => Reason {
                seen: "nothing".to_owned(),
                ..self.budget(ReasonCode::BudgetUnknown, clause, budget, None, None)
            },
            Unmet::BudgetExceeded {
                budget,
                spent,
                amount,
            } => {
                let code = ReasonCode::BudgetExceeded;
                let before = spent.map_or_else(|| "too much".into(), |spent| spent.to_string());
                Reason {
                    seen: format!("{before} is spent and {amount} asked for"),
                    ..self.budget(code, clause, budget, spent, Some(amount))
                }
            }
        }
    }

    fn approval(&self, clause: Clause, group: &ApproverGroup) -> Reason {
        let given = self.call.context.approvers(self.index);
        let all = group.approvers();
        let open = all.iter().filter(|key| !given.contains(key));
        let open: Vec<_> = open.map(ToString::to_string).collect();
        Reason {
            seen: (all.len() - open.len()).to_string(),
            wanted: format!("{} of {} approvals", group.threshold(), all.len()),
            ..self.because(
                ReasonCode::ApprovalRequired,
                clause,
                Missing::Approvals {
                    more: group.lacks(given),
                    of: open,
                },
            )
        }
    }

    fn budget(
        &self,
        code: ReasonCode,
        clause: Clause,
        budget: &Budget,
        spent: Option<i64>,
        amount: Option<i64>,
    ) -> Reason {
        let missing = Missing::Budget {
            name: budget.name().to_string(),
            cap: budget.cap(),
            spent,
            amount,
        };
        Reason {
            wanted: format!("{} for {}", budget.cap(), quote(budget.name())),
            ..self.because(code, clause, missing)
        }
    }
}

/// How close a capability came. One that names no operation and fails by its effect was not close.
fn closeness(capability: &Capability, miss: &Miss<'_>) -> u8 {
    match miss {
        Miss::Operation(_) => 0,
        Miss::Effect(_) if capability.target().operation().is_none() => 0,
        Miss::Effect(_) => 1,
        Miss::Resource(_) => 2,
        Miss::Argument(..) => 3,
        Miss::Unnamed(..) => 4,
        Miss::Attribute(..) => 5,
    }
}
