//! An integration champion: a practitioner who is trained to train others.

use entities::{OutputKind, PartialDate, Translations};

use crate::record::{
    Check, Kind,
    declare::{part, record},
};

record! {
    /// A trained integration champion; its partner is the output's lead.
    Champion of champion {
        /// Key of a person.
        person: Option<String> = Reference(Kind::Person), column person_id;
        /// What they do at home.
        role_title: Option<String> = Name;
        /// When they were selected, as exact as that is known.
        selected: Option<PartialDate> = Any;
        /// When they were trained, as exact as that is known.
        trained: Option<PartialDate> = Any;
        /// The trainings that they delivered.
        #[serde(default)]
        trainings: Vec<Training> = Each(Training::list), rows;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Champion::FIELDS, &["roleTitle"]);
    }
    between;
}

record! {
    /// A training that a champion delivered.
    Training of training {
        /// What it was.
        description: String = Text;
        /// Key of a champion workshop.
        workshop: Option<String> = Reference(Kind::Output(OutputKind::ChampionWorkshop)), column workshop_id;
        /// When it was held, as exact as that is known.
        held: Option<PartialDate> = Any;
        /// Whom they trained.
        audience: Option<String> = Text;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Training::FIELDS, &["description", "audience"]);
    }
}

part! {
    Training in trainings, output_id known by description;
}

impl Champion {
    fn between(&self, check: &mut Check<'_>) {
        check.period("trained", self.selected, self.trained);
    }
}
