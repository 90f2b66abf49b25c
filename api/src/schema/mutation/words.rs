//! What is said of problems, in the viewer's language. A language without texts is served by
//! English; a test finds texts that are missing.

use std::sync::LazyLock;

use domain::command::Problem;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// The texts of one language.
pub struct Words(FluentBundle<FluentResource>);

static ENGLISH: LazyLock<Words> =
    LazyLock::new(|| Words::new("en", include_str!("locales/en.ftl")));
static ITALIAN: LazyLock<Words> =
    LazyLock::new(|| Words::new("it", include_str!("locales/it.ftl")));

/// The texts for a reader of this language tag.
pub fn of(locale: &str) -> &'static Words {
    let language = locale.split(['-', '_']).next().unwrap_or_default();
    match language.eq_ignore_ascii_case("it") {
        true => &ITALIAN,
        false => &ENGLISH,
    }
}

impl Words {
    fn new(tag: &'static str, text: &str) -> Self {
        let language: LanguageIdentifier = tag.parse().expect("a listed language is a tag");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(text.to_owned())
            .expect("the texts can be read, which a test shows");
        bundle
            .add_resource(resource)
            .expect("no text stands twice, which a test shows");
        Self(bundle)
    }

    /// A problem in a sentence.
    pub fn of_problem(&self, problem: &Problem) -> String {
        let name = problem.code.name().to_lowercase().replace('_', "-");
        let Some(text) = self.0.get_message(&name).and_then(|text| text.value()) else {
            return problem.code.name().to_owned();
        };
        let mut values = FluentArgs::new();
        values.set("value", problem.value.as_deref().unwrap_or_default());
        let mut errors = Vec::new();
        let text = self.0.format_pattern(text, Some(&values), &mut errors);
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use domain::command::Code;

    use super::*;

    /// What stands before the table.
    const HEAD: &str = "# Codes of errors\n\n\
        A mutation tells what is wrong with its input under `userErrors`, all of it at once: the \
        field, one of these codes, and words in the viewer's language. The same codes stand under \
        `warnings` for what was done all the same. Errors beside `data` are of the request itself; \
        their codes are in the schema's descriptions and in [LIMITS.md](LIMITS.md): \
        `UNAUTHENTICATED`, `NOT_FOUND`, `FORBIDDEN` of a query, `BAD_USER_INPUT` and \
        `GRAPHQL_VALIDATION_FAILED` of an argument, the limits, `TIMEOUT`, and `INTERNAL` with the \
        `incident` under which the server's log has the cause.\n\n\
        `…` stands for what the words speak of, such as how many days a leg should have.\n\n\
        | code | in words |\n| --- | --- |\n";

    #[test]
    fn the_page_lists_every_code() {
        let mut page = HEAD.to_owned();
        for code in Code::ALL {
            let said = ENGLISH.of_problem(&Problem::new("", *code).with("…"));
            page.push_str(&format!("| `{}` | {said} |\n", code.name()));
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/ERRORS.md");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &page).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == page,
            "docs/ERRORS.md is not current; UPDATE=1 writes it anew"
        );
    }

    #[test]
    fn every_code_has_words_in_every_language() {
        for (tag, words) in [("en", &*ENGLISH), ("it", &*ITALIAN)] {
            for code in Code::ALL {
                let said = words.of_problem(&Problem::new("field", *code).with("7"));
                assert_ne!(said, code.name(), "{tag} has no words for {}", code.name());
                assert!(said.ends_with('.'), "{tag}: {said}");
            }
        }
    }
}
