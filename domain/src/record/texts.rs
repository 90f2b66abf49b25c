//! The texts of records, as their rooms declare them: whatever holds words is read, wherever it stands,
//! so that a new field is found by itself.

use std::{
    any::Any,
    fmt::{self, Display},
};

use entities::*;

use super::rule::Rule;

/// Where a text stands in its record: its field, with the fields above it.
#[derive(Clone, Copy, Debug)]
pub struct FieldPath<'a> {
    above: Option<&'a Self>,
    name: &'a str,
}

impl FieldPath<'static> {
    const RECORD: Self = Self {
        above: None,
        name: "",
    };
    /// The title of a record that has none, where words stand for it.
    pub const TITLE: Self = Self {
        above: Some(&Self::RECORD),
        name: "title",
    };
}

impl FieldPath<'_> {
    /// The field itself, as clients spell it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }

    /// The name of the record's own field in which it stands.
    #[must_use]
    pub fn first(&self) -> &str {
        match self.above {
            Some(above) if above.above.is_some() => above.first(),
            _ => self.name,
        }
    }

    /// Whether it is a field of the record itself: not of an entry of a list, nor of a detail.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.above.is_some_and(|above| above.above.is_none())
    }
}

impl Display for FieldPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(above) = self.above else {
            return Ok(());
        };
        above.fmt(f)?;
        let dot = if above.above.is_some() { "." } else { "" };
        write!(f, "{dot}{}", self.name)
    }
}

/// A text of a record.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    pub field: &'a FieldPath<'a>,
    /// Its language, where the record has the text in several.
    pub locale: Option<&'a str>,
    pub words: &'a str,
}

/// Reads the texts of a record, one after the other.
pub struct TextReader<'a> {
    path: FieldPath<'a>,
    pub(super) is_shown: &'a dyn Fn(&dyn Any) -> bool,
    read: &'a mut dyn FnMut(&Text<'_>),
}

impl fmt::Debug for TextReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextReader")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl<'a> TextReader<'a> {
    /// `is_shown` says of the row of each entry, and of each fact, whether its texts are read.
    pub fn new(is_shown: &'a dyn Fn(&dyn Any) -> bool, read: &'a mut dyn FnMut(&Text<'_>)) -> Self {
        Self {
            path: FieldPath::RECORD,
            is_shown,
            read,
        }
    }

    /// The same one field further in.
    pub(super) fn at<'b>(&'b mut self, field: &'b str) -> TextReader<'b> {
        TextReader {
            path: FieldPath {
                above: Some(&self.path),
                name: field,
            },
            is_shown: self.is_shown,
            read: &mut *self.read,
        }
    }

    /// The same at another field of the same record.
    fn beside<'b>(&'b mut self, field: &'b str) -> TextReader<'b> {
        TextReader {
            path: FieldPath {
                above: self.path.above,
                name: field,
            },
            is_shown: self.is_shown,
            read: &mut *self.read,
        }
    }

    fn text(&mut self, locale: Option<&str>, words: &str) {
        (self.read)(&Text {
            field: &self.path,
            locale,
            words,
        });
    }
}

/// A value of a field, which may hold texts.
pub trait HasTexts {
    fn texts(&self, _: Rule, _: &mut TextReader<'_>) {}
}

impl HasTexts for i32 {}
impl HasTexts for i64 {}
impl HasTexts for f64 {}

impl<T: HasTexts> HasTexts for Option<T> {
    fn texts(&self, rule: Rule, reader: &mut TextReader<'_>) {
        if let Some(value) = self {
            value.texts(rule, reader);
        }
    }
}

impl HasTexts for String {
    fn texts(&self, rule: Rule, reader: &mut TextReader<'_>) {
        if rule.is_text() {
            reader.text(None, self);
        }
    }
}

impl HasTexts for Localized {
    fn texts(&self, _: Rule, reader: &mut TextReader<'_>) {
        for (locale, words) in &self.0 {
            reader.text(Some(locale), words);
        }
    }
}

impl HasTexts for Vec<String> {
    fn texts(&self, rule: Rule, reader: &mut TextReader<'_>) {
        if matches!(rule, Rule::Texts | Rule::NameList) {
            self.iter().for_each(|words| reader.text(None, words));
        }
    }
}

impl HasTexts for Strings {
    fn texts(&self, rule: Rule, reader: &mut TextReader<'_>) {
        self.0.texts(rule, reader);
    }
}

impl HasTexts for Facts {
    fn texts(&self, _: Rule, reader: &mut TextReader<'_>) {
        for fact in &self.0 {
            if (reader.is_shown)(fact) {
                reader.text(None, &fact.text);
            }
        }
    }
}

impl HasTexts for Translations {
    fn texts(&self, _: Rule, reader: &mut TextReader<'_>) {
        for (field, all) in &self.0 {
            let mut reader = reader.beside(field);
            for (locale, text) in all {
                match text {
                    Translation::Text(words) => reader.text(Some(locale), words),
                    Translation::Texts(texts) => texts
                        .iter()
                        .for_each(|words| reader.text(Some(locale), words)),
                }
            }
        }
    }
}

impl HasTexts for Basis {
    fn texts(&self, _: Rule, reader: &mut TextReader<'_>) {
        for (field, reason) in &self.0 {
            reader.at(field).text(None, reason);
        }
    }
}

impl HasTexts for Readings {
    fn texts(&self, _: Rule, reader: &mut TextReader<'_>) {
        for reading in &self.0 {
            reader.at("value").text(None, &reading.value);
        }
    }
}

impl HasTexts for RelatedProjects {
    fn texts(&self, _: Rule, reader: &mut TextReader<'_>) {
        for project in &self.0 {
            reader.at("name").text(None, &project.name);
            project.years.texts(Rule::Name, &mut reader.at("years"));
        }
    }
}

impl HasTexts for StatedFigures {
    fn texts(&self, _: Rule, reader: &mut TextReader<'_>) {
        for figure in &self.0 {
            reader.at("what").text(None, &figure.what);
        }
    }
}

impl HasTexts for entities::Rule {
    fn texts(&self, rule: Rule, reader: &mut TextReader<'_>) {
        self.text.texts(rule, &mut reader.at("text"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_spelled_from_the_record_down() {
        let mut spelled = Vec::new();
        let mut read = |text: &Text<'_>| {
            spelled.push((
                text.field.to_string(),
                text.field.is_own(),
                text.locale.map(str::to_owned),
            ));
        };
        let mut reader = TextReader::new(&|_| true, &mut read);
        let title = Localized([("it".to_owned(), "Città".to_owned())].into());
        title.texts(Rule::LongTexts, &mut reader.at("title"));
        "Torino"
            .to_owned()
            .texts(Rule::Text, &mut reader.at("agenda").at("title"));
        "torino".to_owned().texts(Rule::Key, &mut reader.at("key"));
        assert_eq!(
            spelled,
            [
                ("title".to_owned(), true, Some("it".to_owned())),
                ("agenda.title".to_owned(), false, None),
            ]
        );
    }
}
