//! What each of the five services can do, as one table.

/// A tool: what it does to the state, and which of its arguments are prose.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) act: Act,
    /// Arguments that say something, and not to whom or of what: prose, and amounts under a limit.
    open: &'static [&'static str],
}

/// What a tool does to the objects of its service, which lie in lists by name.
pub(crate) enum Act {
    /// Shows these fields of the objects in which a word stands: of each list under a name.
    Find(
        &'static [(&'static str, &'static str)],
        &'static [&'static str],
    ),
    /// Shows one object of this list.
    Read(&'static str),
    /// Puts its arguments into this list.
    Add(&'static str),
    /// Moves an object from one list to another.
    Move(&'static str, &'static str),
    /// Changes fields of an object of this list.
    Change(&'static str),
    /// Adds to a list, which is this field of an object, what the argument of this name lists.
    Extend(&'static str, &'static str, &'static str),
}

use Act::{Add, Change, Extend, Find, Move, Read};

const MAILS: Act = Find(
    &[("mails", "mail.inbox")],
    &["id", "from", "date", "subject"],
);
const FILES: Act = Find(&[("files", "drive.files")], &["id", "owner", "name"]);

#[rustfmt::skip]
pub(crate) const TOOLS: &[Tool] = &[
    tool("mail_search", MAILS, &[]),
    tool("mail_list", MAILS, &[]),
    tool("mail_read", Read("mail.inbox"), &[]),
    tool("mail_send", Add("mail.sent"), &["subject", "body"]),
    tool("mail_reply", Add("mail.sent"), &["body"]),
    tool("mail_forward", Add("mail.sent"), &[]),
    tool("mail_archive", Move("mail.inbox", "mail.archive"), &[]),
    tool("mail_delete", Move("mail.inbox", "mail.deleted"), &[]),

    tool("calendar_list", Find(&[("events", "calendar.events")], &["id", "title", "start", "organizer", "attendees"]), &[]),
    tool("calendar_read", Read("calendar.events"), &[]),
    tool("calendar_create", Add("calendar.created"), &["title", "description"]),
    tool("calendar_update", Change("calendar.events"), &[]),
    tool("calendar_invite", Extend("calendar.events", "attendees", "attendees"), &[]),
    tool("calendar_cancel", Move("calendar.events", "calendar.cancelled"), &[]),

    tool("drive_search", FILES, &[]),
    tool("drive_list", FILES, &[]),
    tool("drive_read", Read("drive.files"), &[]),
    tool("drive_create", Add("drive.files"), &["name", "text"]),
    tool("drive_share", Extend("drive.files", "shared_with", "with"), &[]),
    tool("drive_delete", Move("drive.files", "drive.deleted"), &[]),

    tool("bank_balance", Find(&[("accounts", "bank.accounts")], &["id", "balance"]), &[]),
    tool("bank_transactions", Find(&[("outgoing", "bank.outgoing"), ("incoming", "bank.incoming")], &["id", "date", "from", "to", "amount", "memo"]), &[]),
    tool("bank_bill", Read("bank.bills"), &[]),
    tool("bank_pay", Add("bank.outgoing"), &["amount", "memo"]),
    tool("bank_schedule", Add("bank.scheduled"), &["amount", "memo"]),
    tool("bank_address", Add("bank.addresses"), &[]),

    tool("chat_channels", Find(&[("channels", "chat.channels")], &["id", "members"]), &[]),
    tool("chat_read", Read("chat.channels"), &[]),
    tool("chat_post", Add("chat.posts"), &["text"]),
    tool("chat_direct", Add("chat.direct"), &["text"]),
    tool("chat_add", Add("chat.added"), &[]),
];

const fn tool(name: &'static str, act: Act, open: &'static [&'static str]) -> Tool {
    Tool { name, act, open }
}

impl Tool {
    pub(crate) fn of(name: &str) -> Option<&'static Self> {
        TOOLS.iter().find(|tool| tool.name == name)
    }

    /// Whether it changes nothing.
    pub(crate) fn reads(&self) -> bool {
        matches!(self.act, Find(..) | Read(_))
    }

    /// Whether an argument says something, and not to whom or of what.
    pub(crate) fn leaves_open(&self, argument: &str) -> bool {
        self.open.contains(&argument)
    }
}
