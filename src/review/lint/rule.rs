//! The rules.

use std::fmt;

/// A rule of [`lint`](super::lint()), with a stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// A capability of which nothing is left: it grants no action, or all are denied.
    Unreachable,
    /// A capability that another one contains.
    Redundant,
    /// A capability of which a part is granted by another one too, which has conditions that hold for that part.
    Overlap,
    /// A deny entry or a requirement that no granted action meets.
    Idle,
    /// A capability on every resource.
    WideResource,
    /// An action that others see, that costs or that cannot be taken back, without approval and
    /// without a budget.
    Unguarded,
    /// Such an action with any arguments.
    OpenArguments,
    /// A group of approvers of one key.
    SingleApprover,
    /// A life of more than a day.
    LongLife,
    /// A life in which nobody can be asked, and approvals.
    ShortToAsk,
    /// No limit on how often it is handed on.
    NoDepthLimit,
    /// Words of a task file that excuse nothing: [`Manifest::lint`](crate::manifest::Manifest::lint) alone finds it.
    IdleExcuse,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth a look.
    Note,
    /// Probably not what was meant, or risky.
    Warning,
    /// Certainly not what was meant.
    Error,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 12] = [
        Self::Unreachable,
        Self::Redundant,
        Self::Overlap,
        Self::Idle,
        Self::WideResource,
        Self::Unguarded,
        Self::OpenArguments,
        Self::SingleApprover,
        Self::LongLife,
        Self::ShortToAsk,
        Self::NoDepthLimit,
        Self::IdleExcuse,
    ];

    /// The stable name.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Redundant => "redundant",
            Self::Overlap => "overlap",
            Self::Idle => "idle",
            Self::WideResource => "wide_resource",
            Self::Unguarded => "unguarded",
            Self::OpenArguments => "open_arguments",
            Self::SingleApprover => "single_approver",
            Self::LongLife => "long_life",
            Self::ShortToAsk => "short_to_ask",
            Self::NoDepthLimit => "no_depth_limit",
            Self::IdleExcuse => "idle_excuse",
        }
    }

    /// How much it matters.
    pub const fn level(self) -> Level {
        match self {
            Self::Unreachable => Level::Error,
            Self::Idle
            | Self::WideResource
            | Self::Unguarded
            | Self::LongLife
            | Self::ShortToAsk => Level::Warning,
            Self::Redundant
            | Self::Overlap
            | Self::OpenArguments
            | Self::SingleApprover
            | Self::NoDepthLimit
            | Self::IdleExcuse => Level::Note,
        }
    }

    /// Whether it is of no interest that it is so for some values of a parameter, as long as it is not for others.
    pub(crate) const fn is_of_all(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Redundant | Self::Overlap | Self::Idle
        )
    }

    /// Why it is a rule, in one sentence.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Unreachable => "a line that grants nothing was meant to grant something",
            Self::Redundant => "who reads this line takes it for a limit, and it is none",
            Self::Overlap => "who reads this line does not see the conditions of the other",
            Self::Idle => "who reads this line feels safer than they are",
            Self::WideResource => "a task is about some things, not about everything there is",
            Self::Unguarded => "what cannot be taken back should be asked for, or counted",
            Self::OpenArguments => "arguments decide whom it reaches and what it says",
            Self::SingleApprover => "one person may be away, and one key may be stolen",
            Self::LongLife => "what is stolen later should have ended by then",
            Self::ShortToAsk => "an answer that comes too late is none",
            Self::NoDepthLimit => "everybody who gets it can hand it on",
            Self::IdleExcuse => "what it excused is gone, or was never there",
        }
    }
}

impl Level {
    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
