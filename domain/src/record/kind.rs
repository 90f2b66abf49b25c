//! What a record is: the one list of kinds, with the words by which the API, the project file and
//! the database name them.

use std::{fmt, str::FromStr};

use entities::OutputKind;

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
