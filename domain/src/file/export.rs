//! From a project to its file.

use crate::{
    file::{FORMAT, ProjectFile},
    project::Project,
    record::{Names, Part, Stand},
    rows::Rows,
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
    ProjectFile {
        format: FORMAT.into(),
        project: Stand::load(&rows.project, rows, &names),
        sources: list(rows, &names),
        organisations: organisations
            .map(|row| Stand::load(row, rows, &names))
            .collect(),
        partners: list(rows, &names),
        people: people
            .into_iter()
            .map(|row| Stand::load(row, rows, &names))
            .collect(),
        communities: list(rows, &names),
        targets: list(rows, &names),
        practices: list(rows, &names),
        pairings: list(rows, &names),
        outputs: list(rows, &names),
        forums: list(rows, &names),
        budget_lines: list(rows, &names),
        calls: list(rows, &names),
        publications: list(rows, &names),
        notes: list(rows, &names),
        reminder_rules: list(rows, &names),
    }
}

fn list<P: Part>(rows: &Rows, names: &Names) -> Vec<P> {
    P::table(rows)
        .iter()
        .map(|row| P::load(row, rows, names))
        .collect()
}
