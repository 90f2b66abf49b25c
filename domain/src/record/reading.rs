//! Goes through all records of a project, and reads the texts of one.

use uuid::Uuid;

use super::{
    BudgetLine, Call, Community, Forum, Kind, Note, Organisation, Output, Pairing, Partner, Person,
    Practice, Project, Proposal, Publication, ReminderRule, Source, Stand, Target, TextReader,
    kind::keyed_lists, rows::Rows,
};

macro_rules! of_each_kind {
    ($($kind:ident: $list:ident, $table:ident;)+) => {
        /// Goes through all records of a project: of each its kind, its place in its table and its
        /// id.
        pub fn each_record(rows: &Rows, mut visit: impl FnMut(Kind, usize, Uuid)) {
            visit(Kind::Project, 0, rows.project.id.into());
            for (place, row) in rows.partners.iter().enumerate() {
                visit(Kind::Partner, place, row.id.into());
            }
            for (place, row) in rows.outputs.iter().enumerate() {
                visit(Kind::Output(row.kind), place, row.id.into());
            }
            $(for (place, row) in rows.$table.iter().enumerate() {
                visit(Kind::$kind, place, row.id.into());
            })+
        }

        /// Reads the texts of the record at a place in the table of its kind.
        pub fn read_texts(kind: Kind, place: usize, rows: &Rows, reader: &mut TextReader<'_>) {
            match kind {
                Kind::Project => Project::texts(&rows.project, rows, reader),
                Kind::Partner => Partner::texts(&rows.partners[place], rows, reader),
                Kind::Output(_) => Output::texts(&rows.outputs[place], rows, reader),
                $(Kind::$kind => $kind::texts(&rows.$table[place], rows, reader),)+
            }
        }
    };
}
keyed_lists!(of_each_kind);
