//! Messages of problems in the viewer's language.

use domain::command::Problem;

/// A problem as a sentence, in the language of a locale.
pub fn of_problem(locale: &str, problem: &Problem) -> String {
    i18n::problem(locale, problem.code.name(), problem.value.as_deref())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
            let said = of_problem("en", &Problem::new("", *code).with("…"));
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

    /// The keys of the problems' texts in English; a test of `i18n` compares the other languages.
    fn keys() -> BTreeSet<String> {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../i18n/locales/en/problem.ftl"
        );
        let text = std::fs::read_to_string(path).unwrap();
        text.lines()
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    #[test]
    fn every_code_has_words_and_none_are_left_over() {
        let codes: BTreeSet<String> = Code::ALL
            .iter()
            .map(|code| format!("problem-{}", code.name().to_lowercase().replace('_', "-")))
            .collect();
        let missing: Vec<_> = codes.difference(&keys()).cloned().collect();
        let unused: Vec<_> = keys().difference(&codes).cloned().collect();
        assert!(missing.is_empty(), "there are no words for {missing:?}");
        assert!(unused.is_empty(), "no code has the words {unused:?}");
    }

    #[test]
    fn every_code_is_a_sentence_in_every_language() {
        for language in i18n::Language::all() {
            for code in Code::ALL {
                let said = of_problem(language.tag, &Problem::new("field", *code).with("7"));
                assert_ne!(said, code.name(), "{} lacks {}", language.tag, code.name());
                assert!(said.ends_with('.'), "{}: {said}", language.tag);
            }
        }
    }
}
