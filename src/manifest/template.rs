//! What a manifest says, with its parameters left open.

use std::time::Duration;

use super::approver::Approvers;
use super::slot::{Slot, Values};
use super::{ManifestError, Name, ParameterError};
use crate::action::{Effect, Resource, Segment};
use crate::scope::{
    ApprovalRule, ApproverGroup, Budget, Capability, Condition, Constraint, Label, Matcher,
    Measure, OperationPattern, Path, Pattern, Presence, Quantifier, ResourcePattern, Scalar,
    ScopeError, SegmentPattern, Tail, Target, When,
};

/// A resource pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ResourceTemplate {
    pub(super) segments: Vec<Slot<SegmentPattern>>,
    pub(super) tail: Tail,
}

/// A matcher, wherever a constant can be a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MatcherTemplate {
    Fixed(Matcher),
    Equals(Slot<Scalar>),
    OneOf(Vec<Slot<Scalar>>),
    Int(Ends),
    Decimal(u8, Ends),
    /// What was noted of this object.
    Noted {
        field: Label,
        object: Vec<Slot<Segment>>,
    },
}

/// The least and the greatest value, in units for a decimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) min: Option<Slot<i64>>,
    pub(super) max: Option<Slot<i64>>,
}

/// A matcher at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConstraintTemplate {
    pub(super) path: Path,
    pub(super) presence: Presence,
    pub(super) quantifier: Quantifier,
    pub(super) matcher: MatcherTemplate,
}

/// Constraints on arguments and attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Constraints {
    pub(super) arguments: Vec<ConstraintTemplate>,
    pub(super) attributes: Vec<ConstraintTemplate>,
}

/// A capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) target: Target,
    pub(super) resource: ResourceTemplate,
    pub(super) constraints: Constraints,
    pub(super) open_arguments: bool,
}

/// The pattern of a deny entry or of a requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) operation: Option<OperationPattern>,
    pub(super) effect: Option<Effect>,
    pub(super) resource: Option<ResourceTemplate>,
    pub(super) constraints: Constraints,
}

/// A requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    pub(super) of: Of,
    pub(super) when: When,
    pub(super) condition: ConditionTemplate,
}

/// What a requirement speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// What this line grants, as it is written.
    Grant(Box<Grant>),
    Match(Match),
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ConditionTemplate {
    Approval(ApprovalTemplate),
    Budget(BudgetTemplate),
    Signature,
}

/// Groups of approvers, each of which must be satisfied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApprovalTemplate(pub(super) Vec<GroupTemplate>);

/// So many of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupTemplate {
    pub(super) threshold: u32,
    pub(super) of: Vec<Name>,
}

/// A budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BudgetTemplate {
    pub(super) name: String,
    pub(super) measure: Measure,
    pub(super) cap: Slot<i64>,
    pub(super) each: Option<Duration>,
}

impl ResourceTemplate {
    pub(super) fn fill(&self, values: &Values) -> Result<ResourcePattern, ManifestError> {
        let segments = self.segments.iter().map(|segment| segment.fill(values));
        let segments = segments.collect::<Result<Vec<_>, ParameterError>>()?;
        Ok(ResourcePattern::new(segments, self.tail)?)
    }
}

impl MatcherTemplate {
    fn fill(&self, values: &Values) -> Result<Matcher, ManifestError> {
        Ok(match self {
            Self::Fixed(matcher) => matcher.clone(),
            Self::Equals(constant) => Matcher::Equals(constant.fill(values)?),
            Self::OneOf(constants) => {
                let constants = constants.iter().map(|constant| constant.fill(values));
                Matcher::one_of(constants.collect::<Result<Vec<_>, ParameterError>>()?)?
            }
            Self::Int(ends) => {
                let (min, max) = ends.fill(values)?;
                Matcher::int(min, max)?
            }
            Self::Decimal(scale, ends) => {
                let (min, max) = ends.fill(values)?;
                Matcher::decimal(*scale, min, max)?
            }
            Self::Noted { field, object } => {
                let segments = object.iter().map(|segment| segment.fill(values));
                let segments = segments.collect::<Result<Vec<_>, ParameterError>>()?;
                let object = Resource::from_segments(segments)
                    .map_err(|_| ScopeError::Label(field.to_string()))?;
                Matcher::From(field.of(&object))
            }
        })
    }
}

impl Ends {
    fn fill(&self, values: &Values) -> Result<(Option<i64>, Option<i64>), ParameterError> {
        let end = |end: &Option<Slot<i64>>| end.as_ref().map(|end| end.fill(values)).transpose();
        Ok((end(&self.min)?, end(&self.max)?))
    }
}

impl ConstraintTemplate {
    pub(super) fn fill(&self, values: &Values) -> Result<Constraint, ManifestError> {
        let constraint = Constraint::at(self.path.clone(), self.matcher.fill(values)?);
        let constraint = match self.presence {
            Presence::Required => constraint,
            Presence::Optional => constraint.optional(),
            Presence::IfPresent => constraint.if_present(),
        };
        Ok(match self.quantifier {
            Quantifier::Every => constraint,
            Quantifier::Some => constraint.some()?,
        })
    }
}

impl Grant {
    pub(super) fn fill(&self, values: &Values) -> Result<Capability, ManifestError> {
        let resource = self.resource.fill(values)?;
        let mut capability = Capability::new(self.target.clone(), resource);
        for constraint in &self.constraints.arguments {
            capability = capability.with_argument(constraint.fill(values)?)?;
        }
        for constraint in &self.constraints.attributes {
            capability = capability.with_attribute(constraint.fill(values)?)?;
        }
        Ok(if self.open_arguments {
            capability.open_arguments()
        } else {
            capability
        })
    }
}

impl Match {
    pub(super) fn fill(&self, values: &Values) -> Result<Pattern, ManifestError> {
        let mut pattern = Pattern::any();
        if let Some(operation) = &self.operation {
            pattern = pattern.with_operation(operation.clone());
        }
        if let Some(effect) = self.effect {
            pattern = pattern.with_effect(effect);
        }
        if let Some(resource) = &self.resource {
            pattern = pattern.with_resource(resource.fill(values)?);
        }
        for constraint in &self.constraints.arguments {
            pattern = pattern.with_argument(constraint.fill(values)?)?;
        }
        for constraint in &self.constraints.attributes {
            pattern = pattern.with_attribute(constraint.fill(values)?)?;
        }
        Ok(pattern)
    }
}

impl ConditionTemplate {
    pub(super) fn fill(
        &self,
        values: &Values,
        approvers: &Approvers,
    ) -> Result<Condition, ManifestError> {
        Ok(match self {
            Self::Approval(rule) => Condition::Approval(rule.fill(approvers)?),
            Self::Budget(budget) => Condition::Budget(budget.fill(values)?),
            Self::Signature => Condition::Signature,
        })
    }
}

impl ApprovalTemplate {
    pub(super) fn fill(&self, approvers: &Approvers) -> Result<ApprovalRule, ManifestError> {
        let group = |group: &GroupTemplate| {
            let keys = group.of.iter().map(|name| approvers.key(name));
            let keys = keys.collect::<Result<Vec<_>, _>>()?;
            Ok(ApproverGroup::new(group.threshold, keys)?)
        };
        let groups = self.0.iter().map(group);
        let groups = groups.collect::<Result<Vec<_>, ManifestError>>()?;
        Ok(ApprovalRule::new(groups)?)
    }
}

impl BudgetTemplate {
    pub(super) fn fill(&self, values: &Values) -> Result<Budget, ManifestError> {
        let cap = self.cap.fill(values)?;
        let budget = Budget::sum(&self.name, self.measure.clone(), cap)?;
        Ok(match self.each {
            Some(window) => budget.each(window)?,
            None => budget,
        })
    }
}
