//! What mails and reports say, in the reader's language.
//!
//! Texts lie in `locales/<language>/*.ftl` (Fluent) and are part of the binary. A tag is served by
//! its language (`it-IT` by `it`), a language without texts by English.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use minijinja::Environment;
use unic_langid::LanguageIdentifier;

use super::page;

pub use fluent_bundle::FluentValue;

/// The name of a text. Every name stands in the code as `Key("…")`, so that a test finds them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(pub &'static str);

/// The texts of one language, and the templates that use them.
pub struct Words {
    pub tag: &'static str,
    texts: FluentBundle<FluentResource>,
    pages: LazyLock<Environment<'static>, fn() -> Environment<'static>>,
}

/// Formats a text: `say!(words, Key("in-days"), days = 3)`.
macro_rules! say {
    ($words:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $words.say($key, &[$((stringify!($name), $crate::mail::words::FluentValue::from($value))),*])
    };
}
pub(crate) use say;

/// The languages that have texts; the first serves all others.
pub const LANGUAGES: [&str; 2] = ["en", "it"];

const EN: [&str; 6] = [
    include_str!("locales/en/common.ftl"),
    include_str!("locales/en/reminder.ftl"),
    include_str!("locales/en/prepare.ftl"),
    include_str!("locales/en/digest.ftl"),
    include_str!("locales/en/report.ftl"),
    include_str!("locales/en/sign_in.ftl"),
];
const IT: [&str; 6] = [
    include_str!("locales/it/common.ftl"),
    include_str!("locales/it/reminder.ftl"),
    include_str!("locales/it/prepare.ftl"),
    include_str!("locales/it/digest.ftl"),
    include_str!("locales/it/report.ftl"),
    include_str!("locales/it/sign_in.ftl"),
];

static ENGLISH: LazyLock<Words> =
    LazyLock::new(|| Words::new("en", EN, || page::environment(&ENGLISH)));
static ITALIAN: LazyLock<Words> =
    LazyLock::new(|| Words::new("it", IT, || page::environment(&ITALIAN)));

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Words").field(&self.tag).finish()
    }
}

impl Words {
    /// The texts for a reader of this language tag.
    #[must_use]
    pub fn of(locale: &str) -> &'static Self {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("it") {
            &ITALIAN
        } else {
            &ENGLISH
        }
    }

    fn new(tag: &'static str, files: [&str; 6], pages: fn() -> Environment<'static>) -> Self {
        let language: LanguageIdentifier = tag.parse().expect("a listed language is a tag");
        let mut texts = FluentBundle::new_concurrent(vec![language]);
        // The marks around what is filled in show as boxes in some mail readers; no text of ours
        // mixes writing directions.
        texts.set_use_isolating(false);
        for file in files {
            let resource =
                FluentResource::try_new(file.to_owned()).expect("a test reads every file");
            texts
                .add_resource(resource)
                .expect("a test finds no text twice");
        }
        Self {
            tag,
            texts,
            pages: LazyLock::new(pages),
        }
    }

    /// A text with its values filled in.
    #[must_use]
    pub fn say(&self, key: Key, values: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(Cow::Borrowed(*name), value.clone());
        }
        let said = self.find(key.0, &args);
        debug_assert!(said.is_ok(), "{said:?}");
        said.unwrap_or_else(|_| key.0.to_owned())
    }

    /// A text of several lines, each an item of a list.
    #[must_use]
    pub fn list(&self, key: Key, values: &[(&str, FluentValue<'_>)]) -> Vec<String> {
        let text = self.say(key, values);
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A text by a name that is found at run time, as templates do.
    pub(super) fn find(&self, key: &str, args: &FluentArgs<'_>) -> Result<String, String> {
        let pattern = self
            .texts
            .get_message(key)
            .and_then(|message| message.value())
            .ok_or_else(|| format!("there is no text {key:?} in {}", self.tag))?;
        let mut errors = Vec::new();
        let text = self.texts.format_pattern(pattern, Some(args), &mut errors);
        if errors.is_empty() {
            Ok(text.into_owned())
        } else {
            Err(format!("{key:?} in {}: {errors:?}", self.tag))
        }
    }

    /// Renders a template of this language.
    pub(crate) fn page(
        &self,
        name: &str,
        content: minijinja::Value,
    ) -> Result<String, minijinja::Error> {
        let page = self.pages.get_template(name)?.render(content)?;
        Ok(page::tidy(name, &page))
    }

    /// A whole number, its thousands set apart.
    #[must_use]
    pub fn number(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let apart = self.say(Key("number-group"), &[]);
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push_str(&apart);
            }
            text.push(digit);
        }
        if number < 0 {
            format!("−{text}")
        } else {
            text
        }
    }

    /// An amount of minor units (cents) in a currency by its ISO 4217 code.
    #[must_use]
    pub fn money(&self, minor: i64, currency: &str) -> String {
        let places = match currency {
            "JPY" | "KRW" | "ISK" | "VND" | "CLP" => 0,
            _ => 2,
        };
        let unit = 10_i64.pow(places);
        let whole = self.number(minor / unit);
        let amount = if places == 0 {
            whole
        } else {
            let decimal = self.say(Key("number-decimal"), &[]);
            format!("{whole}{decimal}{:02}", (minor % unit).abs())
        };
        match currency {
            "EUR" => say!(self, Key("money-sign"), sign = "€", amount = amount),
            "GBP" => say!(self, Key("money-sign"), sign = "£", amount = amount),
            code => say!(self, Key("money-code"), code = code, amount = amount),
        }
    }

    /// A share as a whole percentage; one that is not 0 and not whole is never shown as 0 or 100.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "shares are far below 2^53")]
    pub fn percent(&self, share: f64) -> String {
        let percent = match share * 100.0 {
            part if part > 0.0 && part < 1.0 => 1,
            part if part > 99.0 && part < 100.0 => 99,
            part => part.round() as i64,
        };
        say!(self, Key("percent"), number = self.number(percent))
    }

    /// Names one after the other: "a", "a and b", "a, b and c".
    #[must_use]
    pub fn all_of(&self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                say!(
                    self,
                    Key("list-and"),
                    first = first.join(", "),
                    last = last.as_str()
                )
            }
        }
    }
}
