//! The MIME message (RFC 5322) of a mail.
//!
//! `multipart/mixed`, with text and HTML as alternatives and the calendar entry as an attachment of
//! METHOD:PUBLISH. An invitation (METHOD:REQUEST) or an entry among the alternatives would show
//! buttons whose answers nobody reads, and Outlook would show the entry instead of the mail; so
//! Gmail offers to add the day, and Outlook and Apple Mail open the file as an appointment.

use std::time::SystemTime;

use anyhow::Context;
use chrono::{DateTime, Utc};
use entities::{Category, notification, person};
use lettre::address::{Address, Envelope};
use lettre::message::header::{ContentDisposition, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use uuid::Uuid;

use super::{Mail, MailList, Mailer, header};

impl Mailer {
    /// The envelope and the bytes of the message, which are deterministic.
    ///
    /// # Errors
    /// If the person has no address, or an invalid one.
    pub fn compose(
        &self,
        mail: &Mail,
        person: &person::Model,
        row: &notification::Model,
        now: DateTime<Utc>,
    ) -> anyhow::Result<(Envelope, Vec<u8>)> {
        let address = person.address.as_deref().context("there is no address")?;
        let to = Mailbox::new(
            person.name.clone(),
            reachable(address)
                .context("the address of the recipient is none that mail can go to")?,
        );
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to.clone())
            .raw_header(header::mailbox(field("From"), &self.from))
            .raw_header(header::mailbox(field("To"), &to))
            .raw_header(header::text(field("Subject"), &mail.subject))
            .date(SystemTime::from(now))
            .message_id(Some(self.message_id(row)));
        if let Some(root) = self.thread(row) {
            message = message.in_reply_to(root.clone()).references(root);
        }
        for value in self.list_headers(mail, row) {
            message = message.raw_header(value);
        }
        let message = message
            .multipart(body(mail, row))
            .context("the message could not be put together")?;
        Ok((message.envelope().clone(), message.formatted()))
    }

    /// The Message-ID of the thread: all reminders of one output to one person reply to it,
    /// although it was never sent, so that mail programs group them. Each digest and report is a
    /// thread of its own.
    fn thread(&self, row: &notification::Model) -> Option<String> {
        let is_reminder = !matches!(
            row.category,
            Category::Digest | Category::ProgressReport | Category::SignIn | Category::NewToken
        );
        is_reminder.then(|| {
            let person = Uuid::from(row.person_id);
            let root = Uuid::new_v5(&row.subject_id, person.as_bytes());
            format!("<{root}.thread@{}>", self.message_domain)
        })
    }

    fn list_headers(&self, mail: &Mail, row: &notification::Model) -> Vec<HeaderValue> {
        let plain = |name, value: &str| HeaderValue::new(field(name), value.to_owned());
        let mut headers = Vec::new();
        if let Some(MailList { project, key }) = &mail.list {
            let id = format!("{key}.{}", self.message_domain);
            headers.extend([
                header::list(field("List-Id"), project, &id),
                plain(
                    "List-Unsubscribe",
                    &format!("<{}>", self.unsubscribe_url(row)),
                ),
                plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ]);
        }
        headers.extend([
            plain("Auto-Submitted", "auto-generated"),
            plain("Content-Language", mail.language),
        ]);
        headers
    }
}

/// An address as mail servers read it: a domain beyond ASCII as punycode.
fn reachable(address: &str) -> anyhow::Result<Address> {
    let Some((local, domain)) = address.rsplit_once('@').filter(|_| !address.is_ascii()) else {
        return Ok(address.parse()?);
    };
    let domain = url::Host::parse(domain)?.to_string();
    Ok(Address::new(local, domain)?)
}

fn field(name: &'static str) -> HeaderName {
    HeaderName::new_from_ascii_str(name)
}

fn body(mail: &Mail, row: &notification::Model) -> MultiPart {
    let boundary = |part: &str| format!("{part}-{}", row.id.0.simple());
    let alternatives = MultiPart::alternative()
        .boundary(boundary("text"))
        .singlepart(SinglePart::plain(mail.text.clone()))
        .singlepart(SinglePart::html(mail.html.clone()));
    match &mail.calendar {
        None => alternatives,
        Some(calendar) => MultiPart::mixed()
            .boundary(boundary("mail"))
            .multipart(alternatives)
            .singlepart(attachment(
                calendar,
                mail.list.as_ref().map_or("connection", |list| &list.key),
            )),
    }
}

fn attachment(calendar: &str, key: &str) -> SinglePart {
    let content_type = ContentType::parse("text/calendar; charset=utf-8; method=PUBLISH")
        .expect("this is a content type");
    SinglePart::builder()
        .header(content_type)
        .header(ContentDisposition::attachment(&format!("{key}.ics")))
        .body(calendar.to_owned())
}
