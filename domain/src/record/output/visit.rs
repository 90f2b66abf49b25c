//! A thematic cluster visit of a community.

use entities::{visit, visit_practice};

use crate::{
    record::rows::{Rows, children},
    record::{
        Kind, Names,
        declare::{Place, record},
    },
};

record! {
    /// A thematic cluster visit.
    Visit of visit {
        /// Its number in its community.
        number: i32 = Number(1, i64::MAX);
        /// The partner that organises it, where that is not its host.
        organiser: Option<String> = Reference(Kind::Partner), column organiser_id;
        /// Keys of the practices that were seen.
        #[serde(default)]
        practices: Vec<String> = References(Kind::Practice), by (practices, store_practices);
    }
}

fn practices(row: &visit::Model, rows: &Rows, names: &Names) -> Vec<String> {
    let seen = children(&rows.visit_practices, row.output_id).iter();
    let keys = seen.filter_map(|row| names.key_of(row.practice_id.into()));
    keys.map(str::to_owned).collect()
}

fn store_practices(visit: &Visit, at: &mut Place<'_>, rows: &mut Rows) {
    at.clear(&mut rows.visit_practices);
    for (position, key) in (0_i32..).zip(&visit.practices) {
        let Some(practice) = at.names.id_of(Kind::Practice, key) else {
            continue;
        };
        rows.visit_practices.push(visit_practice::Model {
            id: at
                .id(|rows| &rows.visit_practices, &practice.to_string())
                .into(),
            project_id: at.project,
            output_id: at.own.into(),
            practice_id: practice.into(),
            position,
        });
    }
}
