//! Each kind of mail, and the page of a report, in each language that there is.

use domain::project::Project;
use entities::{Category, OutputKind};
use i18n::Language;
use worker::mail::Mail;
use worker::report;

use super::digests::digest;
use super::given::{self, at, mailer, person, reminder};
use super::reports::{last, mail as report_mail};
use super::sign_in::{link, made, requested, token};

const COORDINATOR: &str = "eurocities-coordination";
const NOW: &str = "2021-09-06T06:00:00Z";

/// The project, all of whose people read this language.
fn project_in(language: &Language) -> Project {
    let mut rows = given::rows();
    for person in &mut rows.people {
        language.tag.clone_into(&mut person.locale);
    }
    Project::new(rows)
}

fn mails(project: &Project) -> Vec<Mail> {
    let outputs = [
        (OutputKind::StaffExchange, "x_thessaloniki_delta_leg1"),
        (OutputKind::Visit, "cop1_w2"),
        (OutputKind::Event, "interim_meeting"),
    ];
    let reader = person(project, COORDINATOR);
    let sign_in = mailer().sign_in(reader, &link(reader), &requested(reader));
    let mut mails: Vec<Mail> = outputs
        .into_iter()
        .map(|output| reminder(project, output, COORDINATOR, NOW))
        .collect();
    mails.extend(digest(project, COORDINATOR, "2021-09-27", "2021-09-20"));
    mails.extend(digest(
        project,
        "torino-exchanges",
        "2021-10-18",
        "2021-10-11",
    ));
    mails.push(report_mail(&last(project), COORDINATOR, NOW));
    mails.push(sign_in.unwrap());
    let visit = project.output_by_key(OutputKind::Visit, "cop1_w2").unwrap();
    let asked = person(project, "prague-exchanges");
    let then = at("2022-01-11T08:00:00Z");
    let question = given::row(project, asked, Category::Question, visit.id, then);
    mails.push(mailer().outcome_question(project, &question, then).unwrap());
    let (token, row) = (token(project, reader), made(project, reader));
    mails.push(mailer().new_token(reader, &token, project, &row).unwrap());
    mails
}

#[test]
fn every_mail_and_the_page_of_a_report_are_rendered_in_every_language() {
    for language in Language::all() {
        let project = project_in(language);
        let mails = mails(&project);
        assert_eq!(mails.len(), 9);
        for mail in &mails {
            assert_eq!(mail.language, language.tag);
            for page in [&mail.subject, &mail.text, &mail.html] {
                assert!(!page.contains("{ $") && !page.is_empty(), "{page}");
            }
            let opening = format!("<html lang=\"{}\"", language.tag);
            assert!(mail.html.contains(&opening), "{}", mail.html);
        }
        let page = report::html(&last(&project), language.tag, at(NOW));
        assert!(page.contains(&format!("<html lang=\"{}\"", language.tag)));
    }
}
