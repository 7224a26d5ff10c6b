//! Scopes as large task files have them.

use bailiwick::clock::Timestamp;
use bailiwick::keys::dangerous::approver_key_from_seed;
use bailiwick::scope::{
    ApprovalRule, Budget, Capability, Condition, Matcher, Measure, Pattern, Requirement, Scope,
    ScopeError,
};

/// Fifty capabilities over ten projects, with approvals and budgets. The last project lets the agent
/// send mail to one more domain if it is `wider`.
pub fn scope(wider: bool) -> Result<Scope, ScopeError> {
    let keys = [1, 2, 3].map(|n| approver_key_from_seed(&[n; 32]).public_key());
    let mut scope = Scope::builder()
        .audience_only(["mail", "drive", "shop"].map(|it| it.parse().unwrap()))
        .not_after(Timestamp::from_unix_seconds(1_800_000_000).unwrap());
    for project in 0..10 {
        let domain = match project {
            9 if wider => "*.example".to_owned(),
            _ => format!("*@corp{project}.example"),
        };
        let send = Capability::operation("mail.send", &format!("outbox/{project}/*"))?
            .argument("to.*", Matcher::text(&domain)?)?
            .argument("to", Matcher::count(1, 20)?)?
            .optional_argument("subject", Matcher::text_length(0, 200)?)?
            .argument("body.text", Matcher::text_length(1, 10_000)?)?
            .optional_argument("body.format", Matcher::one_of(["plain", "html"])?)?;
        let publish = Capability::operation("drive.publish", &format!("drive/{project}/**"))?
            .argument("visibility", Matcher::one_of(["team", "company"])?)?
            .attribute("owner", Matcher::equals("helper"))?;
        let pay = Capability::operation("shop.order", &format!("shop/{project}/order"))?
            .argument("amount", Matcher::decimal(2, 1, 50_000)?)?
            .argument("items.*.price", Matcher::decimal(2, 1, 10_000)?)?
            .argument("items.*.count", Matcher::int(1, 9)?)?;
        let order = Budget::sum(
            &format!("order-{project}"),
            Measure::decimal("amount", 2)?,
            50_000,
        )?;
        scope = scope
            .allow(Capability::operation(
                "mail.*",
                &format!("inbox/{project}/**"),
            )?)
            .allow(Capability::operation(
                "drive.read",
                &format!("drive/{project}/**"),
            )?)
            .allow(send)
            .allow_with(
                publish,
                Condition::Approval(ApprovalRule::at_least(2, keys)?),
            )
            .allow_with(pay, Condition::Budget(order));
    }
    let deleting = Pattern::any().operation("mail.delete")?;
    let payroll = Pattern::any().resource("drive/*/payroll/**")?;
    scope
        .deny(payroll)
        .require(Requirement::new(deleting, Condition::Signature))
        .require(
            Requirement::new(
                Pattern::any().operation("mail.send")?,
                Condition::Approval(ApprovalRule::any_of(keys)?),
            )
            .when_tainted(),
        )
        .build()
}
