//! A replay of CONNECTION: whatever is owed was asked for ahead of time, by its name, from whoever owes
//! it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use domain::{
    duty,
    project::{AsOf, Project, Titles},
};
use entities::{Verb, output, person};
use mail_parser::MessageParser;
use tests::project::{connection, in_memory};
use worker::replay::replay;

/// A mail that was really sent.
struct Sent {
    on: NaiveDate,
    to: String,
    subject: String,
    /// With one blank where lines were broken.
    text: String,
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(path: &Path) -> Sent {
    let bytes = fs::read(path).unwrap();
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let date = mail.date().unwrap().to_timestamp();
    let on = chrono::DateTime::from_timestamp(date, 0)
        .unwrap()
        .date_naive();
    let to = mail
        .to()
        .and_then(|to| to.first())
        .and_then(|to| to.address());
    Sent {
        on,
        to: to.unwrap().to_owned(),
        subject: mail.subject().unwrap().to_owned(),
        text: one_line(&mail.body_text(0).unwrap()),
    }
}

/// Whether a mail asks somebody for an output that they owe, in time.
fn asks(project: &Project, mail: &Sent, reader: &person::Model, output: &output::Model) -> bool {
    let as_of = AsOf::today(mail.on);
    let Some(due) = project.due(output, as_of) else {
        return false;
    };
    let title = one_line(&Titles::new(project, &reader.locale).output(output));
    due.asked_from <= mail.on
        && !due.is_overdue
        && mail.text.contains(&title)
        && duty::duties_of(project, reader, as_of)
            .iter()
            .any(|duty| duty.output() == Some(output.id))
}

/// Whether an output was done before anybody was to be asked for it.
fn was_done_before(project: &Project, output: &output::Model) -> bool {
    let mut events = project.events_of(output.id).iter();
    let report = events.find(|event| event.verb == Verb::Reported);
    let reported_on = report.map(|event| project.effective_on(output, event));
    reported_on.is_some_and(|reported_on| {
        let eve = AsOf::today(reported_on.pred_opt().unwrap());
        let due = project.due(output, eve);
        due.is_none_or(|due| reported_on <= due.asked_from)
    })
}

#[tokio::test]
async fn each_output_is_asked_for_ahead_of_time_from_whoever_owes_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = connection();
    let summary = replay(&file, &folder.path().join("replay"), |_, _| {})
        .await
        .unwrap();
    let project = in_memory(&file, "2020-01-01T00:00:00Z");
    let mut mails: Vec<_> = files(&summary.outbox)
        .iter()
        .map(|path| read(path))
        .collect();
    mails.sort_by(|a, b| (a.on, &a.to).cmp(&(b.on, &b.to)));
    let people: BTreeMap<_, _> = project
        .people
        .iter()
        .filter_map(|person| Some((person.address.clone()?, person)))
        .collect();
    let mut first_asked: BTreeMap<String, Option<NaiveDate>> = BTreeMap::new();
    for output in &project.outputs {
        let asking = mails
            .iter()
            .find(|mail| asks(&project, mail, people[&mail.to], output));
        let key = format!("{:?} {}", output.kind, output.key);
        first_asked.insert(key, asking.map(|mail| mail.on));
    }
    for (output, on) in &first_asked {
        println!(
            "{output}: {}",
            on.map_or("never".to_owned(), |day| day.to_string())
        );
    }
    let digests = mails.iter().filter(|mail| {
        mail.subject.starts_with("CONNECTION this week")
            || mail.subject.starts_with("CONNECTION questa settimana")
    });
    let (asking, calm): (Vec<_>, Vec<_>) = digests.partition(|mail| {
        !mail.text.contains("Nothing waits for you") && !mail.text.contains("Niente La aspetta")
    });
    println!(
        "{} digests ask for something, {} do not",
        asking.len(),
        calm.len()
    );
    let forgotten: Vec<_> = project
        .outputs
        .iter()
        .filter(|output| first_asked[&format!("{:?} {}", output.kind, output.key)].is_none())
        .filter(|output| !was_done_before(&project, output))
        .map(|output| output.key.as_str())
        .collect();
    assert_eq!(project.outputs.len(), 62);
    assert_eq!(forgotten, [""; 0]);
    assert!(
        asking.len() > 500,
        "{} ask, {} do not",
        asking.len(),
        calm.len()
    );
}
