//! The mail with a sign-in link.

use domain::zone;
use entities::{notification, person, sign_in_link};
use serde::Serialize;

use super::{Frame, Mail, Mailer, pages};
use crate::wording::words::{Key, Words, say};

#[derive(Debug, Serialize)]
struct Content {
    url: String,
    /// The text that says how often and how long the link works.
    until: String,
}

impl Mailer {
    /// The mail with a link.
    ///
    /// # Errors
    /// If a template fails.
    pub fn sign_in(
        &self,
        person: &person::Model,
        link: &sign_in_link::Model,
        row: &notification::Model,
    ) -> anyhow::Result<Mail> {
        let words = Words::of(&person.locale);
        let zone = zone::known_zone(&person.time_zone);
        let time = zone::local(link.expires_at, &zone)
            .format("%H:%M")
            .to_string();
        let subject = say!(words, Key("sign-in-subject"));
        let frame = Frame {
            subject: &subject,
            preheader: &say!(words, Key("sign-in-preheader"), time = time.as_str()),
            project: None,
            programme: None,
            base_url: &self.base_url,
            unsubscribe_url: self.unsubscribe_url(row),
            why: say!(words, Key("sign-in-why")),
        };
        let content = Content {
            url: format!("{}{}", self.base_url, self.link_key.sign_in_path(link.id)),
            until: say!(
                words,
                Key("sign-in-until"),
                time = time,
                zone = person.time_zone.as_str()
            ),
        };
        let (text, html) = pages(words, "sign_in", &frame, &content)?;
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
