//! From a project to its file.

use entities::ProposalKind;

use crate::{
    file::ProjectFile,
    project::Project,
    record::rows::Rows,
    record::{Names, Stand, keyed_lists},
};

/// The file of a project. Importing it elsewhere makes the same project.
#[must_use]
pub fn export(project: &Project) -> ProjectFile {
    let rows = project.rows();
    let names = Names::of(rows);
    let partners = rows.partners.iter();
    // In the order of the partners, since organisations have no place in a project.
    let organisations = partners.map(|partner| project.organisation(partner.organisation_id));
    // In the order of their first roles, since people have no place in a project either.
    let mut people: Vec<_> = rows.people.iter().collect();
    people.sort_by_key(|row| project.roles_of(row.id).first().map(|role| role.position));
    let mut file = ProjectFile::empty(Stand::load(&rows.project, rows, &names));
    macro_rules! lists {
        ($($kind:ident: $list:ident, $table:ident;)+) => {$(
            file.$list = list(&rows.$table, rows, &names);
        )+};
    }
    keyed_lists!(lists);
    let dates = rows.proposals.iter();
    let dates = dates.filter(|row| row.kind == ProposalKind::Dates);
    file.proposals = list(dates, rows, &names);
    file.partners = list(&rows.partners, rows, &names);
    file.outputs = list(&rows.outputs, rows, &names);
    file.organisations = list(organisations, rows, &names);
    file.people = list(people, rows, &names);
    file
}

fn list<'a, R: Stand<Row: 'a>>(
    own: impl IntoIterator<Item = &'a R::Row>,
    rows: &Rows,
    names: &Names,
) -> Vec<R> {
    own.into_iter()
        .map(|row| R::load(row, rows, names))
        .collect()
}
