//! Templates, and the functions that they may call.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use i18n::{FluentArgs, FluentValue, Language};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// The maximum width of a line of plain text.
const WIDTH: usize = 72;

const TEMPLATES: [(&str, &str); 16] = [
    ("layout.html", include_str!("templates/layout.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("layout.txt", include_str!("templates/layout.txt")),
    ("reminder.html", include_str!("templates/reminder.html")),
    ("reminder.txt", include_str!("templates/reminder.txt")),
    ("outcome.html", include_str!("templates/outcome.html")),
    ("outcome.txt", include_str!("templates/outcome.txt")),
    ("digest.html", include_str!("templates/digest.html")),
    ("digest.txt", include_str!("templates/digest.txt")),
    ("progress.html", include_str!("templates/progress.html")),
    ("progress.txt", include_str!("templates/progress.txt")),
    ("sign_in.html", include_str!("templates/sign_in.html")),
    ("sign_in.txt", include_str!("templates/sign_in.txt")),
    ("new_token.html", include_str!("templates/new_token.html")),
    ("new_token.txt", include_str!("templates/new_token.txt")),
    ("report.html", include_str!("templates/report.html")),
];

static ENVIRONMENTS: LazyLock<BTreeMap<&'static str, Environment<'static>>> = LazyLock::new(|| {
    let languages = Language::all().iter();
    languages.map(|own| (own.tag, environment(own))).collect()
});

/// Renders a template in a language.
pub(crate) fn render(language: &Language, name: &str, content: Value) -> Result<String, Error> {
    let page = ENVIRONMENTS[language.tag]
        .get_template(name)?
        .render(content)?;
    Ok(tidy(name, &page))
}

/// All templates in one language. A missing value is an error, never an empty text.
fn environment(language: &'static Language) -> Environment<'static> {
    let mut pages = Environment::new();
    pages.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    pages.set_syntax(syntax.expect("the usual marks are a syntax"));
    pages.add_global("lang", language.tag);
    pages.add_function("t", move |key: &str, values: Kwargs| {
        text(language, key, &values)
    });
    pages.add_filter("wrap", wrap);
    pages.add_filter("underline", |text: &str, with: &str| {
        format!("{text}\n{}", with.repeat(text.chars().count().min(WIDTH)))
    });
    for (name, source) in TEMPLATES {
        pages
            .add_template(name, source)
            .expect("a test renders every template");
    }
    pages
}

fn text(language: &Language, key: &str, values: &Kwargs) -> Result<String, Error> {
    let mut args = FluentArgs::new();
    for name in values.args() {
        let value: Value = values.get(name)?;
        let value = match (value.as_i64(), value.as_str()) {
            (Some(number), _) => FluentValue::from(number),
            (None, Some(text)) => FluentValue::from(text.to_owned()),
            _ => FluentValue::from(value.to_string()),
        };
        args.set(name.to_owned(), value);
    }
    language
        .format(key, &args)
        .map_err(|cause| Error::new(ErrorKind::InvalidOperation, cause))
}

/// Wraps a text into lines of plain text, with a prefix for the first line and one for the others.
/// A word that is too long for a line, such as a link, stays whole.
fn wrap(text: &str, first: Option<&str>, rest: Option<&str>) -> String {
    let words: Vec<&str> = text.split([' ', '\n']).filter(|w| !w.is_empty()).collect();
    let options = Options::new(WIDTH)
        .initial_indent(first.unwrap_or_default())
        .subsequent_indent(rest.unwrap_or_default())
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::fill(&words.join(" "), options)
}

/// A plain text without trailing spaces, and with at most one empty line between two others.
fn tidy(name: &str, page: &str) -> String {
    let mut tidy = String::with_capacity(page.len());
    let mut empty = 2;
    for line in page.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty == 0 || (empty == 1 && name.ends_with(".txt")) {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    format!("{}\n", tidy.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_links_stay_whole() {
        let link = format!("https://connection.example/{}", "x".repeat(80));
        let text = format!("{} {link} {}", "a ".repeat(40), "é".repeat(70));
        let wrapped = wrap(&text, Some("- "), Some("  "));
        let lines: Vec<&str> = wrapped.lines().collect();
        assert_eq!(lines.len(), 4, "{wrapped}");
        assert!(lines[0].starts_with("- a a") && lines[1].starts_with("  a"));
        assert_eq!(lines[2], format!("  {link}"));
        assert_eq!(lines[3].chars().count(), 72);
    }
}
