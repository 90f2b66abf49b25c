//! What a record is: the one list of kinds, with the words by which the API, the project file and
//! the database name them.

use std::{fmt, str::FromStr};

use entities::OutputKind;
use uuid::Uuid;

use crate::record::rows::Rows;

/// Declares the kinds that are no outputs, and the outputs, each with the name of its GraphQL type,
/// the table that its own rows stand in, and its list in the project file.
macro_rules! kinds {
    (
        records {
            $($(#[$doc:meta])* $kind:ident: $name:literal, $table:literal, $list:literal;)+
        }
        outputs { $($output:ident: $output_name:literal, $detail:literal, $field:literal;)+ }
    ) => {
        /// A kind of record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $kind,)+
            Output(OutputKind),
        }

        impl Kind {
            /// All kinds, in the order of the project file.
            pub const ALL: &'static [Self] =
                &[$(Self::$kind,)+ $(Self::Output(OutputKind::$output),)+];

            /// The name of its GraphQL type.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                    $(Self::Output(OutputKind::$output) => $output_name,)+
                }
            }

            /// The table of its own rows.
            #[must_use]
            pub const fn table(self) -> &'static str {
                match self {
                    $(Self::$kind => $table,)+
                    Self::Output(_) => "output",
                }
            }

            /// Its list in the project file; of the project itself its place there.
            #[must_use]
            pub const fn list(self) -> &'static str {
                match self {
                    $(Self::$kind => $list,)+
                    Self::Output(_) => "outputs",
                }
            }

            /// The table and the field of what an output's kind alone says.
            #[must_use]
            pub const fn detail(kind: OutputKind) -> (&'static str, &'static str) {
                match kind {
                    $(OutputKind::$output => ($detail, $field),)+
                }
            }
        }
    };
}

kinds! {
    records {
        Project: "Project", "project", "project";
        Source: "Source", "source", "sources";
        Organisation: "Organisation", "organisation", "organisations";
        Partner: "Partner", "partner", "partners";
        /// Names and addresses: not for everyone.
        Person: "Person", "person", "people";
        Community: "Community", "community", "communities";
        Target: "Target", "target", "targets";
        Practice: "Practice", "practice", "practices";
        Pairing: "Pairing", "pairing", "pairings";
        Forum: "Forum", "forum", "forums";
        BudgetLine: "BudgetLine", "budget_line", "budgetLines";
        Call: "Call", "open_call", "calls";
        Publication: "Publication", "publication", "publications";
        Note: "Note", "note", "notes";
        ReminderRule: "ReminderRule", "reminder_rule", "reminderRules";
        Proposal: "Proposal", "proposal", "proposals";
    }
    outputs {
        StaffExchange: "StaffExchange", "staff_exchange", "staffExchange";
        Visit: "Visit", "visit", "visit";
        Event: "Event", "event", "event";
        ActionPlan: "ActionPlan", "action_plan", "actionPlan";
        Policy: "Policy", "policy", "policy";
        Champion: "Champion", "champion", "champion";
        ChampionWorkshop: "ChampionWorkshop", "champion_workshop", "championWorkshop";
        Guide: "Guide", "guide", "guide";
        Video: "Video", "video", "video";
    }
}

/// Gives a macro the lists of records that have keys of their own: the kind, the list in a project file,
/// and the table of the rows. Whatever goes through all of these records goes by this list.
macro_rules! keyed_lists {
    ($use:ident) => {
        $use! {
            Source: sources, sources;
            Organisation: organisations, organisations;
            Person: people, people;
            Community: communities, communities;
            Target: targets, targets;
            Practice: practices, practices;
            Pairing: pairings, pairings;
            Forum: forums, forums;
            BudgetLine: budget_lines, budget_lines;
            Call: calls, open_calls;
            Publication: publications, publications;
            Note: notes, notes;
            ReminderRule: reminder_rules, reminder_rules;
            Proposal: proposals, proposals;
        }
    };
}
pub(crate) use keyed_lists;

impl Kind {
    /// The kind whose own rows stand in a table; `None` for outputs, and where the rows belong to
    /// another record.
    #[must_use]
    pub fn of_table(table: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| !matches!(kind, Self::Output(_)) && kind.table() == table)
    }

    /// The key of the record of an id; of a partner its organisation's. `None` where there is no such
    /// record of this kind.
    #[must_use]
    pub fn key_in(self, id: Uuid, rows: &Rows) -> Option<&str> {
        macro_rules! keyed {
            ($($kind:ident: $list:ident, $table:ident;)+) => {
                match self {
                    $(Self::$kind => {
                        let mut all = rows.$table.iter();
                        all.find(|row| row.id.0 == id).map(|row| row.key.as_str())
                    })+
                    Self::Project => (rows.project.id.0 == id).then_some(rows.project.key.as_str()),
                    Self::Partner => {
                        let partner = rows.partners.iter().find(|row| row.id.0 == id)?;
                        let of = partner.organisation_id.0;
                        Self::Organisation.key_in(of, rows)
                    }
                    Self::Output(kind) => {
                        let mut all = rows.outputs.iter();
                        all.find(|row| row.id.0 == id && row.kind == kind)
                            .map(|row| row.key.as_str())
                    }
                }
            };
        }
        keyed_lists!(keyed)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAKind;

impl FromStr for Kind {
    type Err = NotAKind;

    fn from_str(name: &str) -> Result<Self, NotAKind> {
        let mut all = Self::ALL.iter();
        all.find(|kind| kind.name() == name)
            .copied()
            .ok_or(NotAKind)
    }
}
