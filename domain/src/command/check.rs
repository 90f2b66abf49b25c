//! What every input is held to: texts, keys, names of zones and languages.

use std::borrow::Cow;

use entities::{Localized, PartialDate, Strings};

use super::{Code, Problem, Problems};

/// How long a text may be, in characters.
const LONGEST_TEXT: usize = 10_000;
/// How long a name may be, in characters.
const LONGEST_NAME: usize = 300;
/// How many entries a list may have.
const LONGEST_LIST: usize = 500;
/// How long an address of mail may be, in bytes.
const LONGEST_ADDRESS: usize = 254;

/// A text that is not too long.
pub fn long(problems: &mut Problems, field: impl Into<Cow<'static, str>>, text: &str) {
    if text.chars().count() > LONGEST_TEXT {
        problems.push(Problem::new(field, Code::TooLong).with(LONGEST_TEXT));
    }
}

/// A text that is there, and not too long.
pub fn text(problems: &mut Problems, field: impl Into<Cow<'static, str>>, text: &str) {
    if text.trim().is_empty() {
        problems.add(field, Code::Required);
    } else {
        long(problems, field, text);
    }
}

/// A list that is not too long.
pub fn list(problems: &mut Problems, field: impl Into<Cow<'static, str>>, length: usize) {
    if length > LONGEST_LIST {
        problems.push(Problem::new(field, Code::OutOfRange).with(format!("0..{LONGEST_LIST}")));
    }
}

/// A name: it is there, and not too long.
pub fn name(problems: &mut Problems, field: impl Into<Cow<'static, str>>, text: &str) {
    if text.trim().is_empty() {
        problems.add(field, Code::Required);
    } else if text.chars().count() > LONGEST_NAME {
        problems.push(Problem::new(field, Code::TooLong).with(LONGEST_NAME));
    }
}

/// A key: letters, digits, `-` and `_`.
pub fn key(problems: &mut Problems, field: impl Into<Cow<'static, str>>, key: &str) {
    if !crate::file::is_key(key) {
        problems.add(field, Code::NotAKey);
    }
}

/// What stands between a language and the place of a text that is given in it once more. No input
/// holds this character.
const AGAIN: char = '\0';

/// The texts of an input by language. One in a language that another one has is kept beside it, so
/// that `localized` tells of it.
pub fn by_language(texts: impl IntoIterator<Item = (String, String)>) -> Localized {
    let mut all = Localized::default();
    for (at, (tag, text)) in texts.into_iter().enumerate() {
        let tag = match all.0.contains_key(&tag) {
            true => format!("{tag}{AGAIN}{at}"),
            false => tag,
        };
        all.0.insert(tag, text);
    }
    all
}

/// Tells of the texts in a language that another one has already.
fn once(problems: &mut Problems, field: &str, texts: &Localized) {
    for tag in texts.0.keys() {
        if let Some((_, at)) = tag.split_once(AGAIN) {
            problems.add(format!("{field}.{at}.locale"), Code::Twice);
        }
    }
}

/// A text by language: each tag is one and named once, each text is a name.
pub fn localized(problems: &mut Problems, field: impl Into<Cow<'static, str>>, texts: &Localized) {
    let field: Cow<'static, str> = field.into();
    each_language(problems, &field, texts, name);
}

/// The same for texts that may be longer, or blank.
pub fn localized_long(problems: &mut Problems, field: &'static str, texts: &Localized) {
    each_language(problems, field, texts, long);
}

fn each_language(
    problems: &mut Problems,
    field: &str,
    texts: &Localized,
    check: fn(&mut Problems, Cow<'static, str>, &str),
) {
    once(problems, field, texts);
    for (tag, text) in texts.0.iter().filter(|(tag, _)| !tag.contains(AGAIN)) {
        language(problems, field.to_owned(), tag);
        check(problems, field.to_owned().into(), text);
    }
}

/// A language tag such as `it` or `pt-PT`.
pub fn language(problems: &mut Problems, field: impl Into<Cow<'static, str>>, tag: &str) {
    if !crate::file::is_tag(tag) {
        problems.push(Problem::new(field, Code::NotALanguage).with(tag));
    }
}

/// The name of a time zone.
pub fn zone(problems: &mut Problems, field: impl Into<Cow<'static, str>>, name: &str) {
    if crate::zone::zone(name).is_err() {
        problems.push(Problem::new(field, Code::NotAZone).with(name));
    }
}

/// An address on the web.
pub fn url(problems: &mut Problems, field: impl Into<Cow<'static, str>>, address: &str) {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let is_one = rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !address.chars().any(|c| c.is_whitespace() || c.is_control())
    });
    if !is_one || address.len() > 2000 {
        problems.add(field, Code::NotAUrl);
    }
}

/// Two dates of which the second does not lie before the first, as far as they are known.
pub fn period(
    problems: &mut Problems,
    field: impl Into<Cow<'static, str>>,
    first: Option<PartialDate>,
    last: Option<PartialDate>,
) {
    if let (Some(first), Some(last)) = (first, last)
        && last.last_day() < first.first_day()
    {
        problems.add(field, Code::EndsBeforeStart);
    }
}

/// A country's code by ISO 3166-1.
pub fn country(problems: &mut Problems, field: impl Into<Cow<'static, str>>, code: &str) {
    if !crate::file::is_country(code) {
        problems.push(Problem::new(field, Code::NotACountry).with(code));
    }
}

/// An address of mail, in small letters.
pub fn mail_address(problems: &mut Problems, field: impl Into<Cow<'static, str>>, address: &str) {
    if !crate::file::is_address(address) || address.len() > LONGEST_ADDRESS {
        problems.add(field, Code::NotAnAddress);
    }
}

/// A number from..=to.
pub fn range<T: Copy + PartialOrd + std::fmt::Display>(
    problems: &mut Problems,
    field: impl Into<Cow<'static, str>>,
    number: T,
    (from, to): (T, T),
) {
    if !(number >= from && number <= to) {
        problems.push(Problem::new(field, Code::OutOfRange).with(format!("{from}..{to}")));
    }
}

/// A currency's code by ISO 4217.
pub fn currency(problems: &mut Problems, field: impl Into<Cow<'static, str>>, code: &str) {
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        problems.push(Problem::new(field, Code::OutOfRange).with("ISO 4217"));
    }
}

/// A list of texts: not too long, and each of them there and not too long.
pub fn texts(problems: &mut Problems, field: &'static str, texts: &Strings) {
    list(problems, field, texts.0.len());
    for (at, one) in texts.0.iter().enumerate() {
        text(problems, format!("{field}.{at}"), one);
    }
}

/// Texts that may be left out.
pub fn longs<const N: usize>(problems: &mut Problems, texts: [(&'static str, &Option<String>); N]) {
    for (field, text) in texts {
        if let Some(text) = text {
            long(problems, field, text);
        }
    }
}

/// Names that may be left out.
pub fn names<const N: usize>(problems: &mut Problems, names: [(&'static str, &Option<String>); N]) {
    for (field, text) in names {
        if let Some(text) = text {
            name(problems, field, text);
        }
    }
}
