//! Notes: where sources disagree, what none of them says, and remarks.

use entities::{NoteKind, Readings, Strings, Translations};

use super::{
    Check, Code, Kind,
    declare::{part, record},
    rule::Rule,
    text,
};

record! {
    /// A discrepancy between sources, something unknown, or a remark.
    Note of note {
        /// Names it in the project.
        key: String = Key;
        /// What kind of note it is.
        kind: NoteKind = Any;
        /// What it is about, in a few words.
        topic: String = Name;
        /// The note itself.
        body: Option<String> = LongText;
        /// What each source says, where they disagree.
        #[serde(default)]
        readings: Readings = Own;
        /// The records it is about, such as `partner:rotterdam` or `output:cop1_w3`.
        #[serde(default)]
        about: Strings = Mentions;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Note::FIELDS, &["topic", "body"]);
    }
    between;
}

part! {
    Note in notes, project_id known by key => |record, _| Some(record.key.clone());
}

impl Note {
    fn between(&self, check: &mut Check<'_>) {
        let mut readings = check.at("readings");
        readings.length(self.readings.0.len());
        for (at, reading) in self.readings.0.iter().enumerate() {
            let mut check = readings.at_index(at);
            text::check(&reading.value, Rule::Text, &mut check.at("value"));
            if let Some(source) = &reading.source {
                text::check_citation(source, &mut check.at("source"));
            }
        }
        let mut abouts = check.at("about");
        abouts.length(self.about.0.len());
        for (at, about) in self.about.0.iter().enumerate() {
            if !is_about_a_record(about, &abouts) {
                abouts.at_index(at).with(Code::NotFound, about);
            }
            if self.about.0[..at].contains(about) {
                abouts.at_index(at).add(Code::Twice);
            }
        }
    }
}

/// Whether `partner:rotterdam` names a record that a note can be about.
fn is_about_a_record(about: &str, check: &Check<'_>) -> bool {
    let (kind, key) = about.split_once(':').unwrap_or((about, ""));
    let names = &check.around.names;
    let kind = match kind {
        "output" => return names.has_output(key),
        "project" => Kind::Project,
        "partner" => Kind::Partner,
        "community" => Kind::Community,
        "pairing" => Kind::Pairing,
        "practice" => Kind::Practice,
        "target" => Kind::Target,
        _ => return false,
    };
    names.id_of(kind, key).is_some()
}
