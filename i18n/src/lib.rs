//! Translations: the product's texts in every language (Fluent), embedded in the binary.
//!
//! A language is a folder of `.ftl` files below `locales/`, named by its language tag. There is no
//! other list of languages: a new folder is a new language.

mod status;

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use include_dir::{Dir, include_dir};

pub use fluent_bundle::{FluentArgs, FluentValue};
pub use status::Reason;

static LOCALES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/locales");

/// The language of a reader whose own has no texts.
const FALLBACK: &str = "en";

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let mut languages: Vec<Language> = LOCALES.dirs().map(Language::load).collect();
    languages.sort_by_key(|language| (language.tag != FALLBACK, language.tag));
    languages
});

/// The name of a text. It stands in code as `Key("…")`, where a test finds it and looks for its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(pub &'static str);

/// Formats a text of a language: `say!(language, Key("in-days"), days = 3)`.
#[macro_export]
macro_rules! say {
    ($language:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $language.say($key, &[$((stringify!($name), $crate::FluentValue::from($value))),*])
    };
}

/// A language that the product speaks, with its texts.
pub struct Language {
    /// Its language tag, such as `it`.
    pub tag: &'static str,
    texts: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Language").field(&self.tag).finish()
    }
}

impl Language {
    /// Every language, English first.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &LANGUAGES
    }

    /// The language for a reader of this locale: the same tag, else the same language (`it` for
    /// `it-CH`), else English.
    #[must_use]
    pub fn of(locale: &str) -> &'static Self {
        Self::find(locale).unwrap_or(&LANGUAGES[0])
    }

    /// The language for a client by its `Accept-Language` header. Browsers send the tags in order
    /// of preference, so their weights are not read.
    #[must_use]
    pub fn accepted(header: &str) -> &'static Self {
        header
            .split(',')
            .filter_map(|range| range.split(';').next())
            .find_map(|tag| Self::find(tag.trim()))
            .unwrap_or(&LANGUAGES[0])
    }

    /// The language for a reader of this locale, if the product speaks it.
    #[must_use]
    pub fn find(locale: &str) -> Option<&'static Self> {
        let by = |tag: &str| {
            LANGUAGES
                .iter()
                .find(|own| own.tag.eq_ignore_ascii_case(tag))
        };
        by(locale).or_else(|| by(locale.split(['-', '_']).next()?))
    }

    fn load(folder: &'static Dir<'static>) -> Self {
        let tag = folder.path().to_str().expect("a language tag is ASCII");
        let id = tag.parse().expect("a folder is named by a language tag");
        let mut texts = FluentBundle::new_concurrent(vec![id]);
        // The marks around what is filled in show as boxes in some mail readers; no text of ours
        // mixes writing directions.
        texts.set_use_isolating(false);
        for file in folder.files() {
            let text = file.contents_utf8().expect("texts are UTF-8");
            let resource = FluentResource::try_new(text.to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.path().display()));
            texts
                .add_resource(resource)
                .unwrap_or_else(|errors| panic!("{}: {errors:?}", file.path().display()));
        }
        Self { tag, texts }
    }

    /// A text with its arguments filled in.
    #[must_use]
    pub fn say(&self, key: Key, values: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(Cow::Borrowed(*name), value.clone());
        }
        let text = self.format(key.0, &args);
        debug_assert!(text.is_ok(), "{text:?}");
        text.unwrap_or_else(|_| key.0.to_owned())
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

    /// A text by a key that is computed at run time, as in templates.
    ///
    /// # Errors
    /// When there is no such text, or an argument of it is missing.
    pub fn format(&self, key: &str, args: &FluentArgs<'_>) -> Result<String, String> {
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
}

/// The message for a problem's code, in a reader's language: what to do about `TOO_LONG`, say, where
/// the value is the number of letters allowed. A code without a text is its own message.
#[must_use]
pub fn problem(locale: &str, code: &str, value: Option<&str>) -> String {
    let key = format!("problem-{}", code.to_lowercase().replace('_', "-"));
    let mut args = FluentArgs::new();
    args.set("value", value.unwrap_or_default());
    Language::of(locale)
        .format(&key, &args)
        .unwrap_or_else(|_| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_served_by_its_language_and_any_other_by_english() {
        assert_eq!(Language::all()[0].tag, "en");
        for (locale, tag) in [
            ("it", "it"),
            ("it-CH", "it"),
            ("IT_it", "it"),
            ("en-GB", "en"),
            ("fi-FI", "en"),
            ("", "en"),
            ("?", "en"),
        ] {
            assert_eq!(Language::of(locale).tag, tag, "{locale}");
        }
    }

    #[test]
    fn a_browser_is_served_the_first_language_that_has_texts() {
        for (header, tag) in [
            ("fi, it-IT;q=0.8, en;q=0.7", "it"),
            ("en-GB,en;q=0.9,it;q=0.8", "en"),
            ("fi", "en"),
            ("*", "en"),
            ("", "en"),
        ] {
            assert_eq!(Language::accepted(header).tag, tag, "{header}");
        }
    }

    #[test]
    fn a_problem_is_worded_by_its_code() {
        assert_eq!(
            problem("en", "TOO_LONG", Some("200")),
            "This is too long: 200 characters at most."
        );
        assert_eq!(
            problem("it-IT", "REQUIRED", None),
            "Questo campo è obbligatorio."
        );
        assert_eq!(problem("it", "NO_SUCH_CODE", None), "NO_SUCH_CODE");
    }
}
