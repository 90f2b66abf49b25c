//! Messages: headers, parts and bytes.

use domain::project::Project;
use entities::*;
use lettre::address::Envelope;
use mail_parser::{HeaderValue, MessageParser, MimeHeaders};

use super::given::{self, at, mailer, person, row};

const NOW: &str = "2021-09-06T06:00:00Z";

fn composed(project: &Project, to: &str) -> (Envelope, Vec<u8>) {
    let output = project
        .output_by_key(OutputKind::StaffExchange, "x_thessaloniki_delta_leg1")
        .unwrap();
    let person = person(project, to);
    let row = row(
        project,
        person,
        Category::ExchangeReminder,
        output.id,
        at(NOW),
    );
    let mail = mailer().reminder(project, &row, at(NOW)).unwrap();
    mailer().compose(&mail, person, &row, at(NOW)).unwrap()
}

fn greek_and_croatian() -> Project {
    let mut rows = given::rows();
    for output in &mut rows.outputs {
        if output.key == "x_thessaloniki_delta_leg1" {
            let title = "Ανταλλαγή προσωπικού: Δήμος Θεσσαλονίκης – Čakovec, Šibenik i Đakovo, prvi dio razmjene";
            output.title.0.insert("en".to_owned(), title.to_owned());
        }
    }
    for person in &mut rows.people {
        if person.key == "delta-exchanges" {
            person.name = Some("Δήμος Δέλτα, \"ανταλλαγές\" <Željka Ćosić>".to_owned());
        }
    }
    Project::new(rows)
}

#[test]
fn the_same_mail_is_the_same_bytes() {
    let project = given::project();
    let first = composed(&project, "delta-exchanges").1;
    assert_eq!(first, composed(&given::project(), "delta-exchanges").1);
    assert_ne!(first, composed(&project, "thessaloniki-exchanges").1);
}

#[test]
fn a_message_has_what_mail_readers_ask_for() {
    let project = given::project();
    let (envelope, bytes) = composed(&project, "delta-exchanges");
    assert_eq!(envelope.to()[0].to_string(), "exchanges@delta.example");
    let text = String::from_utf8(bytes).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    insta::with_settings!({
        snapshot_path => "snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!("headers", head.replace("\r\n", "\n")) });
    for line in text.split("\r\n") {
        assert!(line.len() <= 998 && !line.contains('\n'), "{line}");
    }
    let message = MessageParser::default().parse(text.as_bytes()).unwrap();
    assert_eq!(message.attachment_count(), 1);
    let calendar = message.attachment(0).unwrap();
    assert_eq!(calendar.attachment_name(), Some("connection.ics"));
    assert!(calendar.text_contents().unwrap().contains("BEGIN:VEVENT"));
}

#[test]
fn the_unsubscribe_link_names_the_person_and_the_category() {
    let project = given::project();
    let bytes = composed(&project, "delta-exchanges").1;
    let message = MessageParser::default().parse(&bytes).unwrap();
    let header = message
        .header_raw("List-Unsubscribe")
        .unwrap()
        .trim()
        .to_owned();
    let link = header.trim_start_matches('<').trim_end_matches('>');
    let token = link
        .strip_prefix("https://connection.example/unsubscribe?token=")
        .unwrap();
    let id = person(&project, "delta-exchanges").id;
    assert_eq!(
        mailer().link_key.read_unsubscribe(token),
        Some((id, Category::ExchangeReminder))
    );
}

#[test]
fn greek_and_croatian_names_arrive_as_they_were_written() {
    let project = greek_and_croatian();
    let bytes = composed(&project, "delta-exchanges").1;
    assert!(bytes.is_ascii(), "every line is encoded");
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(
        message.subject().unwrap(),
        "In 14 days: Ανταλλαγή προσωπικού: Δήμος Θεσσαλονίκης – Čakovec, Šibenik i Đakovo, prvi dio razmjene"
    );
    let HeaderValue::Address(to) = message.header("To").unwrap() else {
        panic!("To is no address")
    };
    assert_eq!(
        to.first().unwrap().name(),
        Some("Δήμος Δέλτα, \"ανταλλαγές\" <Željka Ćosić>")
    );
    assert_eq!(
        to.first().unwrap().address(),
        Some("exchanges@delta.example")
    );
    let body = message.body_text(0).unwrap();
    assert!(body.contains("Δήμος Θεσσαλονίκης – Čakovec"), "{body}");
    assert!(message.body_html(0).unwrap().contains("Šibenik i Đakovo"));
    let entry = message.attachment(0).unwrap().text_contents().unwrap();
    let unfolded = entry.replace("\r\n ", "");
    assert!(
        unfolded.contains("SUMMARY:Ανταλλαγή προσωπικού"),
        "{unfolded}"
    );
}

#[test]
fn text_that_looks_encoded_arrives_as_it_is_stored() {
    // "Free money" and "Mallory", in base64 and as quoted-printable.
    const TITLE: &str = "=?utf-8?b?RnJlZSBtb25leQ==?= and =?utf-8?q?Free_money?=";
    const NAME: &str = "=?utf-8?b?TWFsbG9yeQ==?=";
    let mut rows = given::rows();
    rows.project.acronym = NAME.to_owned();
    for output in &mut rows.outputs {
        if output.key == "x_thessaloniki_delta_leg1" {
            output.title.0.insert("en".to_owned(), TITLE.to_owned());
        }
    }
    for person in &mut rows.people {
        if person.key == "delta-exchanges" {
            person.name = Some(format!("{NAME} \"{NAME}\""));
        }
    }
    let project = Project::new(rows);
    let output = project.output_by_key(OutputKind::StaffExchange, "x_thessaloniki_delta_leg1");
    let person = person(&project, "delta-exchanges");
    let row = row(
        &project,
        person,
        Category::ExchangeReminder,
        output.unwrap().id,
        at(NOW),
    );
    let mut mailer = mailer();
    mailer.from.name = Some(NAME.to_owned());
    let mail = mailer.reminder(&project, &row, at(NOW)).unwrap();
    assert!(mail.subject.ends_with(TITLE), "{}", mail.subject);
    let (envelope, bytes) = mailer.compose(&mail, person, &row, at(NOW)).unwrap();
    assert_eq!(envelope.to()[0].to_string(), "exchanges@delta.example");
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.subject(), Some(mail.subject.as_str()));
    let name = |header: &str| {
        let address = message.header(header).unwrap().as_address().unwrap();
        address.first().unwrap().name().unwrap().to_owned()
    };
    assert_eq!(name("From"), NAME);
    assert_eq!(name("To"), format!("{NAME} \"{NAME}\""));
    let text = String::from_utf8(bytes.clone()).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    for hidden in ["RnJlZSBtb25leQ==", "Free_money", "TWFsbG9yeQ=="] {
        assert!(!head.contains(hidden), "{head}");
    }
}

#[test]
fn reminders_of_one_exchange_to_one_person_stand_together() {
    let project = given::project();
    let root = |to: &str| {
        let bytes = composed(&project, to).1;
        let message = MessageParser::default().parse(&bytes).unwrap();
        message.in_reply_to().as_text().unwrap().to_owned()
    };
    assert_eq!(root("delta-exchanges"), root("delta-exchanges"));
    assert_ne!(root("delta-exchanges"), root("thessaloniki-exchanges"));
}

#[test]
fn without_an_address_there_is_no_message() {
    let project = given::project();
    let mut nobody = person(&project, "delta-exchanges").clone();
    let row = row(
        &project,
        &nobody,
        Category::ExchangeReminder,
        project.id(),
        at(NOW),
    );
    let mail = given::reminder(
        &project,
        (OutputKind::StaffExchange, "x_thessaloniki_delta_leg1"),
        "delta-exchanges",
        NOW,
    );
    nobody.address = None;
    assert!(mailer().compose(&mail, &nobody, &row, at(NOW)).is_err());
}

#[test]
fn a_domain_beyond_ascii_goes_as_punycode() {
    let project = given::project();
    let mut torino = person(&project, "torino-exchanges").clone();
    let row = row(
        &project,
        &torino,
        Category::ExchangeReminder,
        project.id(),
        at(NOW),
    );
    let mail = given::reminder(
        &project,
        (OutputKind::StaffExchange, "x_thessaloniki_delta_leg1"),
        "delta-exchanges",
        NOW,
    );
    torino.address = Some("exchanges@città.example".to_owned());
    let (envelope, bytes) = mailer().compose(&mail, &torino, &row, at(NOW)).unwrap();
    let right = "exchanges@xn--citt-3na.example";
    assert_eq!(envelope.to()[0].to_string(), right);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains(&format!("<{right}>")) && text.is_ascii());
}
