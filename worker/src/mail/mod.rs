//! Mail: reminders, digests and progress reports, from a project's rows to the bytes that are sent.
//!
//! Nothing here uses a clock, a disk or a network: the same project, ledger row and instant always
//! give the same bytes.

mod calendar;
mod compose;
mod digest;
mod header;
mod new_token;
mod outcome;
mod progress;
mod reminder;
mod sign_in;

use anyhow::{Context, ensure};
use domain::link::LinkKey;
use domain::project::Project;
use entities::{Category, notification, person};
use lettre::message::Mailbox;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;
use uuid::Uuid;

use crate::wording::names::Names;
use crate::wording::template;
use crate::wording::words::{Key, Words, say};

/// The mailer, which renders the mails of an installation.
#[derive(Clone, Debug)]
pub struct Mailer {
    pub from: Mailbox,
    /// The base URL of the product, such as `https://connection.example`, without a slash at its
    /// end.
    pub base_url: String,
    pub link_key: LinkKey,
    /// The domain of Message-IDs and of the UIDs of calendar entries.
    pub message_domain: String,
}

/// The content of a mail to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The entry for the recipient's calendar (iCalendar).
    pub calendar: Option<String>,
    /// The language of the mail.
    pub language: &'static str,
    /// The mailing list that it belongs to, which the recipient can leave; `None` if they requested
    /// the mail.
    pub list: Option<MailList>,
}

/// The mailing list of a project: all of its mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailList {
    /// The project's acronym.
    pub project: String,
    /// The project's key.
    pub key: String,
}

/// The layout that all mails share: header and footer.
#[derive(Debug, Serialize)]
struct Frame<'a> {
    subject: &'a str,
    /// The preheader, which mail programs show beside the subject.
    preheader: &'a str,
    /// The acronym of the project; `None` for mail that belongs to no project, and cannot be
    /// declined.
    project: Option<&'a str>,
    /// The programme, if the data have its name.
    programme: Option<&'a str>,
    base_url: &'a str,
    unsubscribe_url: String,
    /// The reason for which the person receives the mail.
    why: String,
}

impl Mailer {
    /// A mailer for a sender. Message-IDs have the sender's domain.
    ///
    /// # Errors
    /// If the sender is not an address.
    pub fn new(from: &str, base_url: &str, link_key: LinkKey) -> anyhow::Result<Self> {
        let from: Mailbox = from.parse().context("the sender is no address")?;
        Ok(Self {
            message_domain: from.email.domain().to_owned(),
            base_url: base_url.trim_end_matches('/').to_owned(),
            link_key,
            from,
        })
    }

    /// The Message-ID of a ledger row's mail, the same for each attempt.
    #[must_use]
    pub fn message_id(&self, row: &notification::Model) -> String {
        format!("<{}@{}>", row.id, self.message_domain)
    }

    /// The URL at which a person declines a category of mail without signing in.
    #[must_use]
    pub fn unsubscribe_url(&self, row: &notification::Model) -> String {
        let token = self.link_key.unsubscribe_token(row.person_id, row.category);
        format!("{}/unsubscribe?token={token}", self.base_url)
    }

    /// Renders content in the layout that all mails share.
    fn finish(
        &self,
        names: Names<'_>,
        row: &notification::Model,
        template: &str,
        subject: String,
        preheader: &str,
        content: impl Serialize,
    ) -> anyhow::Result<Mail> {
        let project = names.project;
        let words = names.words;
        let programme = project
            .programme
            .name
            .get(words.tag, project.default_locale());
        let frame = Frame {
            subject: &subject,
            preheader,
            project: Some(&project.project.acronym),
            programme,
            base_url: &self.base_url,
            unsubscribe_url: self.unsubscribe_url(row),
            why: why(names, row),
        };
        let (text, html) = pages(words, template, &frame, &content)?;
        Ok(Mail {
            text,
            html,
            calendar: None,
            language: words.tag,
            list: Some(MailList {
                project: project.project.acronym.clone(),
                key: project.key().to_owned(),
            }),
            subject,
        })
    }
}

/// A mail as plain text and as HTML.
fn pages(
    words: Words,
    template: &str,
    frame: &Frame<'_>,
    content: &impl Serialize,
) -> anyhow::Result<(String, String)> {
    let render = |suffix: &str| {
        let context = context! { mail => Serde(frame), ..Value::from(Serde(content)) };
        template::render(&words, &format!("{template}.{suffix}"), context)
            .with_context(|| format!("the template {template}.{suffix}"))
    };
    Ok((render("txt")?, render("html")?))
}

/// The recipient of a row, and the names of the project's records in their language.
fn reader<'a>(
    project: &'a Project,
    row: &notification::Model,
) -> anyhow::Result<(&'a person::Model, Names<'a>)> {
    ensure!(
        project.holds(Uuid::from(row.person_id)),
        "nobody of {} is meant",
        project.key()
    );
    let person = project.person(row.person_id);
    Ok((person, Names::new(project, &person.locale)))
}

/// The reason for which a person receives a mail: the partners that they act for, and the category
/// of mail.
fn why(names: Names<'_>, row: &notification::Model) -> String {
    let mut partners: Vec<String> = Vec::new();
    for id in names.acts_for(row.person_id) {
        let name = names.partner(id);
        // Whoever has several roles for one partner acts for it once.
        if !partners.iter().any(|other| other == name) {
            partners.push(name.to_owned());
        }
    }
    let project = names.project.project.acronym.as_str();
    let kind = category(names.words, row.category);
    if partners.is_empty() {
        say!(
            names.words,
            Key("why-alone"),
            project = project,
            kind = kind
        )
    } else {
        say!(
            names.words,
            Key("why-for"),
            partners = names.words.all_of(&partners),
            project = project,
            kind = kind,
        )
    }
}

fn category(words: Words, category: Category) -> String {
    let key = match category {
        Category::ExchangeReminder => Key("category-exchange-reminder"),
        Category::VisitReminder => Key("category-visit-reminder"),
        Category::MeetingReminder => Key("category-meeting-reminder"),
        Category::DueReminder => Key("category-due-reminder"),
        Category::Digest => Key("category-digest"),
        Category::ProgressReport => Key("category-progress-report"),
        Category::Question => Key("category-question"),
        Category::SignIn => Key("category-sign-in"),
        Category::NewToken => Key("category-new-token"),
    };
    say!(words, key)
}
