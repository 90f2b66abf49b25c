//! The project, the mailer and the ledger rows that the tests start from.

use chrono::{DateTime, Utc};
use domain::{
    file,
    ids::Ids,
    link::LinkKey,
    project::Project,
    record::rows::{Rows, SharedRows},
};
use entities::*;
use uuid::Uuid;
use worker::mail::{Mail, Mailer};

pub const FILE: &str = include_str!("../../../domain/data/connection.json");

pub fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

pub fn rows() -> Rows {
    let shared = SharedRows {
        programme: None,
        organisations: Vec::new(),
        people: Vec::new(),
    };
    let now = at("2019-12-02T08:00:00Z");
    let file = file::read(FILE).unwrap();
    file::rows_of(&file, None, &shared, Ids::FromKeys, now, false)
        .unwrap()
        .0
}

pub fn project() -> Project {
    Project::new(rows())
}

pub fn mailer() -> Mailer {
    Mailer {
        from: "Connection <connection@connection.example>"
            .parse()
            .unwrap(),
        base_url: "https://connection.example".to_owned(),
        link_key: LinkKey::new(&[7; 32]).unwrap(),
        message_domain: "connection.example".to_owned(),
    }
}

pub fn person<'a>(project: &'a Project, key: &str) -> &'a person::Model {
    let mut people = project.people.iter();
    people
        .find(|person| person.key == key)
        .unwrap_or_else(|| panic!("nobody is {key:?}"))
}

/// A ledger row as the plan would write it.
pub fn row(
    project: &Project,
    person: &person::Model,
    category: Category,
    subject: impl Into<Uuid>,
    now: DateTime<Utc>,
) -> notification::Model {
    let subject_id = subject.into();
    let name = format!("{category:?}/{subject_id}/{now}");
    notification::Model {
        id: Ids::FromKeys
            .make("notification", person.id.into(), &name)
            .into(),
        project_id: Some(project.id()),
        person_id: person.id,
        category,
        subject_id,
        occurrence: "test".to_owned(),
        rule_id: None,
        report_id: None,
        due_at: now,
        useful_until: now,
        state: NotificationState::Due,
        reason: None,
        detail: None,
        attempts: 0,
        next_attempt_at: now,
        hinted: None,
        lease_until: None,
        fence: 0,
        message_id: None,
        sent_at: None,
        created_at: now,
    }
}

/// A reminder of an output to a person.
pub fn reminder(project: &Project, (kind, key): (OutputKind, &str), to: &str, now: &str) -> Mail {
    let (person, output) = (
        person(project, to),
        project.output_by_key(kind, key).unwrap(),
    );
    let category = match kind {
        OutputKind::StaffExchange => Category::ExchangeReminder,
        OutputKind::Visit => Category::VisitReminder,
        _ => Category::MeetingReminder,
    };
    let row = row(project, person, category, output.id, at(now));
    mailer().reminder(project, &row, at(now)).unwrap()
}

/// What a reader sees first, and in a reader without HTML.
pub fn shown(mail: &Mail) -> String {
    format!("Subject: {}\n\n{}", mail.subject, mail.text)
}

/// Compares a mail with the one that was looked at and found good.
pub fn compare(name: &str, mail: &Mail) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}.txt"), shown(mail));
        insta::assert_snapshot!(format!("{name}.html"), mail.html);
        if let Some(calendar) = &mail.calendar {
            insta::assert_snapshot!(format!("{name}.ics"), calendar.replace("\r\n", "\n"));
        }
    });
}
