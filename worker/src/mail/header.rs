//! Header fields whose text people have written. Mail programs decode whatever looks like an encoded
//! word (RFC 2047), also one that somebody wrote into a title: such text is encoded as a whole, so that
//! it is shown as it is stored.

use std::fmt;

use email_encoding::headers::{quoted_string, rfc2047, writer::EmailWriter};
use lettre::message::Mailbox;
use lettre::message::header::{HeaderName, HeaderValue};

/// What each encoded word begins with.
const ENCODED_WORD: &str = "=?";

/// A field of plain text, such as the subject.
pub(super) fn text(name: HeaderName, text: &str) -> HeaderValue {
    if !text.contains(ENCODED_WORD) {
        return HeaderValue::new(name, text.to_owned());
    }
    written(name, text.to_owned(), |writer| {
        rfc2047::encode(text, writer)
    })
}

/// A field of one mailbox.
pub(super) fn mailbox(name: HeaderName, mailbox: &Mailbox) -> HeaderValue {
    let address = mailbox.email.to_string();
    let raw = mailbox.to_string();
    match &mailbox.name {
        Some(phrase) => named(name, raw, phrase, &address),
        None => HeaderValue::new(name, address),
    }
}

/// A field of a list: its name and its id (RFC 2919).
pub(super) fn list(name: HeaderName, phrase: &str, id: &str) -> HeaderValue {
    named(name, format!("{phrase} <{id}>"), phrase, id)
}

fn named(name: HeaderName, raw: String, phrase: &str, address: &str) -> HeaderValue {
    written(name, raw, |writer| {
        match phrase.contains(ENCODED_WORD) {
            true => rfc2047::encode(phrase, writer)?,
            false => quoted_string::encode(phrase, writer)?,
        }
        writer.space();
        fmt::Write::write_str(writer, &format!("<{address}>"))
    })
}

fn written(
    name: HeaderName,
    raw: String,
    write: impl FnOnce(&mut EmailWriter<'_>) -> fmt::Result,
) -> HeaderValue {
    let mut encoded = String::new();
    let mut writer = EmailWriter::new(&mut encoded, name.len() + ": ".len(), 0, false);
    write(&mut writer).expect("a String takes all that is written");
    drop(writer);
    HeaderValue::dangerous_new_pre_encoded(name, raw, encoded)
}
