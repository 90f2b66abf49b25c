//! Numbers, amounts and lists of names in the reader's language.

use std::ops::Deref;

use i18n::Language;

pub use i18n::{Key, say};

/// The texts of the reader's language, and how it writes numbers, dates and names.
#[derive(Clone, Copy, Debug)]
pub struct Words(&'static Language);

/// What somebody wrote as a sentence beside others: with a full stop, if it ends without a sign.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    let is_closing =
        |letter: char| matches!(letter, ')' | ']' | '"' | '\'' | '”' | '’' | '»' | '“');
    let words = text.trim_end_matches(is_closing);
    if words.is_empty() || words.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

impl Deref for Words {
    type Target = Language;

    fn deref(&self) -> &Language {
        self.0
    }
}

impl Words {
    /// The words for a reader of this locale.
    #[must_use]
    pub fn of(locale: &str) -> Self {
        Self(Language::of(locale))
    }

    /// A whole number with thousands separators.
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

    /// A list of names: "a", "a and b", "a, b and c".
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_ends_with_one_sign() {
        for (text, expected) in [
            ("A strike", "A strike."),
            ("A strike. ", "A strike."),
            ("Really?", "Really?"),
            ("“It is late.”", "“It is late.”"),
            (
                "The list (of those present)",
                "The list (of those present).",
            ),
            ("and so on…", "and so on…"),
            ("", ""),
        ] {
            assert_eq!(sentence(text), expected);
        }
    }
}
