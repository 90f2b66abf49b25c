//! What changed is told as records, each once.

use domain::{
    changed::{How, Kind, records},
    file::ProjectFile,
    project::Project,
};
use entities::OutputKind;
use tests::project::{connection, in_memory, output};

const CAME_IN: &str = "2020-01-01T00:00:00Z";

/// What tells a changed file from CONNECTION.
fn changed_records(change: impl FnOnce(&mut ProjectFile)) -> Vec<(Kind, String, How)> {
    let mut file = connection();
    change(&mut file);
    let before = in_memory(&connection(), CAME_IN);
    let after = in_memory(&file, CAME_IN);
    told_between(&before, &after)
}

fn told_between(before: &Project, after: &Project) -> Vec<(Kind, String, How)> {
    let all = records(before, after).into_iter();
    all.map(|one| (one.kind, one.key, one.how)).collect()
}

#[test]
fn nothing_changed_between_two_states_that_are_the_same() {
    assert_eq!(changed_records(|_| {}), []);
}

#[test]
fn a_new_revision_alone_is_no_change_of_the_project() {
    let before = in_memory(&connection(), CAME_IN);
    let mut rows = before.rows().clone();
    rows.project.revision += 1;
    rows.project.next_plan_at = Some(CAME_IN.parse().unwrap());
    assert_eq!(told_between(&before, &Project::new(rows)), []);
}

#[test]
fn a_record_that_came_or_went_is_told_once_with_all_that_belongs_to_it() {
    let exchange = Kind::Output(OutputKind::StaffExchange);
    let key = "x_thessaloniki_delta_leg1";
    let before = in_memory(&connection(), CAME_IN);
    let mut rows = before.rows().clone();
    let id = rows.outputs.iter().find(|row| row.key == key).unwrap().id;
    rows.outputs.retain(|row| row.id != id);
    rows.staff_exchanges.retain(|row| row.output_id != id);
    rows.output_events.retain(|row| row.output_id != id);
    rows.participations.retain(|row| row.output_id != id);
    rows.agenda_items.retain(|row| row.output_id != id);
    rows.learnings.retain(|row| row.output_id != id);
    rows.evidence.retain(|row| row.output_id != id);
    let after = Project::new(rows);
    assert_eq!(
        told_between(&before, &after),
        [(exchange, key.to_owned(), How::Removed)]
    );
    assert_eq!(
        told_between(&after, &before),
        [(exchange, key.to_owned(), How::Added)]
    );
}

#[test]
fn what_belongs_to_a_record_alone_is_a_change_of_it() {
    let key = "x_thessaloniki_delta_leg1";
    let changed = changed_records(|file| {
        let exchange = output(file, key);
        exchange.note = Some("Another note.".into());
        exchange.evidence.clear();
        file.communities[0].members.pop();
    });
    let community = connection().communities[0].key.clone();
    assert_eq!(
        changed,
        [
            (Kind::Community, community, How::Changed),
            (
                Kind::Output(OutputKind::StaffExchange),
                key.to_owned(),
                How::Changed
            ),
        ]
    );
}

#[test]
fn a_person_s_role_is_a_change_of_the_person() {
    let before = in_memory(&connection(), CAME_IN);
    let mut rows = before.rows().clone();
    let role = rows.roles.pop().unwrap();
    let person = before.person(role.person_id).key.clone();
    assert_eq!(
        told_between(&before, &Project::new(rows)),
        [(Kind::Person, person, How::Changed)]
    );
}
