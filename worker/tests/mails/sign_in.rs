//! The link to sign in with.

use domain::project::Project;
use entities::*;
use uuid::Uuid;

use super::given::{self, at, compare, mailer, person, row};

const NOW: &str = "2021-09-06T12:00:00Z";

pub fn link(person: &person::Model) -> sign_in_link::Model {
    sign_in_link::Model {
        id: SignInLinkId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)),
        person_id: Some(person.id),
        address_hash: String::new(),
        secret_hash: String::new(),
        browser_hash: None,
        requester_hash: None,
        requested_at: at(NOW),
        expires_at: at("2021-09-06T12:15:00Z"),
        used_at: None,
    }
}

pub fn requested(person: &person::Model) -> notification::Model {
    let project = given::project();
    let row = row(&project, person, Category::SignIn, link(person).id, at(NOW));
    notification::Model {
        project_id: None,
        ..row
    }
}

#[test]
fn the_link_to_sign_in_with_reads_well_in_each_language() {
    let project = given::project();
    let mut reader = person(&project, "torino-exchanges").clone();
    for (locale, zone) in [("en", "Europe/Athens"), ("it-IT", "Europe/Rome")] {
        reader.locale = locale.to_owned();
        reader.time_zone = zone.to_owned();
        let mail = mailer()
            .sign_in(&reader, &link(&reader), &requested(&reader))
            .unwrap();
        let path = mailer().link_key.sign_in_path(link(&reader).id);
        let url = format!("https://connection.example{path}");
        assert!(mail.text.lines().any(|line| line == url), "{}", mail.text);
        compare(&format!("sign-in-{}", &locale[..2]), &mail);
    }
}

pub fn token(project: &Project, person: &person::Model) -> api_token::Model {
    api_token::Model {
        id: ApiTokenId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002)),
        person_id: person.id,
        project_id: project.id(),
        name: "City dashboard <1>".to_owned(),
        secret_hash: String::new(),
        may_write: false,
        sees_people: true,
        created_at: at(NOW),
        expires_at: at("2021-12-05T12:00:00Z"),
        last_used_at: None,
        revoked_at: None,
    }
}

pub fn made(project: &Project, person: &person::Model) -> notification::Model {
    let id = token(project, person).id;
    let row = row(project, person, Category::NewToken, id, at(NOW));
    notification::Model {
        project_id: None,
        ..row
    }
}

#[test]
fn the_mail_about_a_new_token_reads_well_in_each_language_and_cannot_be_declined() {
    let project = given::project();
    let mut reader = person(&project, "torino-exchanges").clone();
    for (locale, may_write) in [("en", false), ("it-IT", true)] {
        reader.locale = locale.to_owned();
        let token = api_token::Model {
            may_write,
            sees_people: !may_write,
            ..token(&project, &reader)
        };
        let row = made(&project, &reader);
        let mail = mailer().new_token(&reader, &token, &project, &row).unwrap();
        assert!(mail.list.is_none() && !mail.html.contains("<1>"));
        compare(&format!("new-token-{}", &locale[..2]), &mail);
        let (_, bytes) = mailer().compose(&mail, &reader, &row, at(NOW)).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("unsubscribe"), "{text}");
    }
}

#[test]
fn the_link_to_sign_in_with_is_on_no_list_and_cannot_be_declined() {
    let project = given::project();
    let reader = person(&project, "torino-exchanges");
    let row = requested(reader);
    let mail = mailer().sign_in(reader, &link(reader), &row).unwrap();
    let (_, bytes) = mailer().compose(&mail, reader, &row, at(NOW)).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
    assert!(
        head.contains(&format!("Message-ID: <{}@", row.id)),
        "{head}"
    );
    for name in ["List-", "References", "In-Reply-To"] {
        assert!(!head.contains(name), "{head}");
    }
    assert!(!text.contains("unsubscribe"), "{text}");
}
