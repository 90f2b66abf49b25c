//! The mail about a new API token, to the person on whose behalf it acts.

use domain::{project::Project, zone};
use entities::{api_token, notification, person};
use serde::Serialize;

use super::{Frame, Mail, Mailer, pages};
use crate::wording::words::{Key, Words, say};

#[derive(Debug, Serialize)]
struct Content {
    /// The sentence that says which token was made, and for which project.
    made: String,
    /// What it may do, a sentence each.
    may: Vec<String>,
    /// The sentence that says until when it is valid.
    until: String,
}

impl Mailer {
    /// The mail about a token.
    ///
    /// # Errors
    /// If a template fails.
    pub fn new_token(
        &self,
        person: &person::Model,
        token: &api_token::Model,
        project: &Project,
        row: &notification::Model,
    ) -> anyhow::Result<Mail> {
        let words = Words::of(&person.locale);
        let zone = zone::known_zone(&person.time_zone);
        let subject = say!(words, Key("new-token-subject"));
        let name = token.name.as_str();
        let frame = Frame {
            subject: &subject,
            preheader: &say!(words, Key("new-token-preheader"), name = name),
            project: None,
            programme: None,
            base_url: &self.base_url,
            unsubscribe_url: self.unsubscribe_url(row),
            why: say!(words, Key("new-token-why")),
        };
        let may_write = match token.may_write {
            true => say!(words, Key("new-token-writes")),
            false => say!(words, Key("new-token-reads")),
        };
        let sees_people = match token.sees_people {
            true => say!(words, Key("new-token-sees-people")),
            false => say!(words, Key("new-token-sees-no-people")),
        };
        let content = Content {
            made: say!(
                words,
                Key("new-token-made"),
                name = name,
                project = project.project.acronym.as_str()
            ),
            may: vec![may_write, sees_people],
            until: say!(
                words,
                Key("new-token-until"),
                day = words.day(zone::day_in(token.expires_at, &zone))
            ),
        };
        let (text, html) = pages(words, "new_token", &frame, &content)?;
        Ok(Mail {
            text,
            html,
            calendar: None,
            language: words.tag,
            list: None,
            subject,
        })
    }
}
