//! Calls for participants.

use chrono::NaiveDate;
use entities::{PartialDate, Strings, Translations};

use super::{
    Check,
    declare::{part, record},
};

record! {
    /// A call for participants.
    Call of open_call {
        /// Names it in the project.
        key: String = Key;
        /// Its title, in its own language.
        title: String = Name;
        /// When it was issued, as exact as that is known.
        issued: Option<PartialDate> = Any;
        /// The last day to answer it.
        deadline: Option<NaiveDate> = Any;
        /// Who may answer it.
        for_whom: Option<String> = Text;
        /// How many can be taken.
        places: Option<i32> = Number(1, 1_000_000);
        /// Where its form is found on the web.
        form_url: Option<String> = Url;
        /// What an answer must hold.
        #[serde(default)]
        required: Strings = Texts;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Call::FIELDS, &["title", "forWhom", "required"]);
    }
    between;
}

part! {
    Call in open_calls, project_id known by key => |record, _| Some(record.key.clone());
}

impl Call {
    fn between(&self, check: &mut Check<'_>) {
        let deadline = self.deadline.map(PartialDate::from);
        check.period("deadline", self.issued, deadline);
    }
}
