//! The weights of expensive fields, the assumed lengths of lists and the costs of changes: the tables
//! of [`cost`](super::cost).

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

/// The cost of a change: a transaction, the next state of the project compared with the one before,
/// the audit, and what other processes and subscribers do about it.
const WRITE: u64 = 10_000;

/// The costs of changes that take longer: those of what several projects show, which each get a new
/// revision, those that send mail, and those that write whole projects.
const WRITES: &[(&str, u64)] = &[
    ("addPartner", 30_000),
    ("editOrganisation", 30_000),
    ("addPerson", 30_000),
    ("acceptProposal", 30_000),
    ("acceptRoles", 30_000),
    ("setPreferences", 30_000),
    ("createApiToken", 50_000),
    ("createProject", 50_000),
    ("eraseMyself", 50_000),
];

/// The cost of a mutation's change.
pub fn write(mutation: &str) -> u64 {
    let mut writes = WRITES.iter();
    let own = writes.find(|(name, _)| *name == mutation);
    own.map_or(WRITE, |(_, cost)| *cost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{schema, sdl};

    #[test]
    fn every_mutation_has_a_price_and_every_price_a_mutation() {
        let sdl = sdl(&schema());
        let (_, mutations) = sdl.split_once("\ntype Mutation {").unwrap();
        let (mutations, _) = mutations.split_once("\n}").unwrap();
        for (name, cost) in WRITES {
            let is_there = mutations.contains(&format!("\n\t{name}("));
            assert!(is_there && *cost > WRITE, "{name}");
        }
        assert_eq!(write("signOutEverywhere"), WRITE);
        assert_eq!(write("setPreferences"), 30_000);
    }
}
