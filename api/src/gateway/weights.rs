//! The weights of expensive fields and the assumed lengths of lists: the tables of
//! [`cost`](super::cost).

/// The weights of fields that compute more than a value: the number of values that take about as
/// long.
pub const WEIGHTS: &[(&str, &str, u64)] = &[
    ("Query", "project", 20),
    ("Query", "projects", 100),
    ("Query", "node", 20),
    ("Query", "nodes", 500),
    ("Project", "progress", 300),
    ("Project", "progressSeries", 3_000),
    ("Project", "previewNotifications", 3_000),
    ("Project", "notifications", 1_000),
    ("Project", "reports", 1_000),
    ("Project", "search", 2_000),
    ("Project", "timeline", 500),
    ("Project", "notesAbout", 20),
    ("Figure", "byCommunity", 300),
    ("Figure", "byPartner", 1_000),
    ("Figure", "reconciles", 300),
    ("Progress", "reconciles", 1_000),
    ("Figure", "items", 50),
    ("Report", "files", 100),
];

/// The assumed lengths of lists without pages, where the general assumption is not accurate.
pub const LENGTHS: &[(&str, &str, u64)] = &[
    ("Query", "recordKinds", 40),
    ("RecordKind", "fields", 15),
    ("RecordField", "values", 1),
    ("Project", "months", 36),
    ("Project", "progressSeries", 36),
    ("Progress", "figures", 20),
    ("Breakdown", "parts", 20),
    ("Translation", "texts", 1),
    ("Proposal", "changes", 3),
    ("Output", "proposals", 5),
    ("StaffExchange", "proposals", 5),
    ("Visit", "proposals", 5),
    ("Event", "proposals", 5),
    ("ActionPlan", "proposals", 5),
    ("Policy", "proposals", 5),
    ("Champion", "proposals", 5),
    ("ChampionWorkshop", "proposals", 5),
    ("Guide", "proposals", 5),
    ("Video", "proposals", 5),
];
