//! Collation: the order that readers of a language expect of texts (Unicode, with the rules of CLDR),
//! in which Älmhult does not come after Zagreb.

use std::fmt::Write;

use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences, options::CollatorOptions};
use icu_locale_core::Locale;

/// The collation of a language.
#[derive(Debug)]
pub struct Collation(CollatorBorrowed<'static>);

impl Collation {
    /// The collation of a BCP 47 tag; that of Unicode where the language has none of its own.
    pub fn of(locale: &str) -> Self {
        let locale: Option<Locale> = locale.parse().ok();
        let preferences: CollatorPreferences = locale.map(Into::into).unwrap_or_default();
        let collator = Collator::try_new(preferences, CollatorOptions::default());
        Self(collator.expect("the rules are part of the program"))
    }

    /// The sort key of a text: keys are in the order of their texts.
    pub fn key(&self, text: &str) -> String {
        let mut bytes = Vec::new();
        let Ok(()) = self.0.write_sort_key_to(text, &mut bytes);
        let mut key = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            write!(key, "{byte:02x}").expect("a String takes all that is written");
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'a>(locale: &str, mut words: Vec<&'a str>) -> Vec<&'a str> {
        let collation = Collation::of(locale);
        words.sort_by_key(|word| collation.key(word));
        words
    }

    #[test]
    fn accents_and_case_do_not_part_what_belongs_together() {
        let words = vec![
            "Zagreb",
            "Ελλάδα",
            "Älmhult",
            "apple",
            "Berlin",
            "\u{c9}ire",
            "Apfel",
            "E\u{301}ire",
            "eins",
        ];
        let right = [
            "Älmhult",
            "Apfel",
            "apple",
            "Berlin",
            "eins",
            "\u{c9}ire",
            "E\u{301}ire",
            "Zagreb",
            "Ελλάδα",
        ];
        for locale in ["en", "it", "de-AT", "no language", "und"] {
            assert_eq!(sorted(locale, words.clone()), right, "{locale}");
        }
    }

    #[test]
    fn a_language_has_its_own_order() {
        let words = vec!["Älmhult", "Zagreb", "Aachen"];
        assert_eq!(sorted("sv", words.clone()), ["Aachen", "Zagreb", "Älmhult"]);
        assert_eq!(sorted("en", words), ["Aachen", "Älmhult", "Zagreb"]);
    }
}
