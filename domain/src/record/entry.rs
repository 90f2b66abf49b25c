//! Entries: the records of lists that belong to another record, such as the lessons of a visit. Each is
//! added, changed and removed by itself, and has an id and a version of its own.

use std::str::FromStr;

use uuid::Uuid;

use super::{
    AgendaItem, Endorsement, Evidence, Field, ForumMeeting, ForumMember, ForumTopic, Learning,
    Measure, Member, NotAKind, Participant, Record, Stakeholder, Stand, Training,
};
use crate::record::rows::{Row, Rows};

/// Declares the kinds of entries, each with the name of its GraphQL type and the table of its rows.
macro_rules! entries {
    ($($entry:ident: $name:literal, $table:ident;)+) => {
        /// A kind of entry.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Entry {
            $($entry,)+
        }

        impl Entry {
            /// All kinds of entries.
            pub const ALL: &'static [Self] = &[$(Self::$entry,)+];

            /// The name of its GraphQL type.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$entry => $name,)+
                }
            }

            /// The table of its rows.
            #[must_use]
            pub const fn table(self) -> &'static str {
                match self {
                    $(Self::$entry => <$entry as Stand>::Row::TABLE,)+
                }
            }

            /// Its fields.
            #[must_use]
            pub const fn fields(self) -> &'static [Field] {
                match self {
                    $(Self::$entry => <$entry as Record>::FIELDS,)+
                }
            }

            /// The record that the entry of an id belongs to; `None` where there is no such entry.
            #[must_use]
            pub fn parent_of(self, id: Uuid, rows: &Rows) -> Option<Uuid> {
                match self {
                    $(Self::$entry => {
                        let mut all = rows.$table.iter();
                        all.find(|row| row.uuid() == id).map(Row::parent)
                    })+
                }
            }
        }
    };
}

entries! {
    Evidence: "Evidence", evidence;
    Participant: "Participation", participations;
    AgendaItem: "AgendaItem", agenda_items;
    Learning: "Learning", learnings;
    Measure: "Measure", measures;
    Stakeholder: "Stakeholder", stakeholders;
    Endorsement: "Endorsement", endorsements;
    Training: "Training", trainings;
    Member: "Member", members;
    ForumMember: "ForumMember", forum_members;
    ForumTopic: "ForumTopic", forum_topics;
    ForumMeeting: "ForumMeeting", forum_meetings;
}

impl FromStr for Entry {
    type Err = NotAKind;

    fn from_str(name: &str) -> Result<Self, NotAKind> {
        let mut all = Self::ALL.iter();
        all.find(|entry| entry.name() == name)
            .copied()
            .ok_or(NotAKind)
    }
}

/// Whether the rows of a table are entries.
#[must_use]
pub fn is_entry_table(table: &str) -> bool {
    Entry::ALL.iter().any(|entry| entry.table() == table)
}
