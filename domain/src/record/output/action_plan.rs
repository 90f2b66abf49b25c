//! An action plan: a roadmap, a strategy or a pact of a city.

use entities::{MeasureState, PartialDate, PlanKind, Strings, Translations};

use crate::record::declare::{part, record};

record! {
    /// A roadmap, a strategy or a pact.
    ActionPlan of action_plan {
        /// Which kind of plan it is.
        kind: PlanKind = Any;
        /// Its title in its own language.
        original_title: Option<String> = Name;
        /// The period that the draft covered.
        draft_period: Option<String> = Name;
        /// The period that the adopted plan covers.
        period: Option<String> = Name;
        /// When a draft was presented.
        presented: Option<PartialDate> = Any;
        /// Where it can be read.
        document_url: Option<String> = Url;
        /// What it plans or promises.
        #[serde(default)]
        measures: Vec<Measure> = Each(Measure::list), rows;
        /// Who was involved in it.
        #[serde(default)]
        stakeholders: Vec<Stakeholder> = Each(Stakeholder::list), rows;
        /// By which public bodies it was adopted.
        #[serde(default)]
        endorsements: Vec<Endorsement> = Each(Endorsement::list), rows;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| ActionPlan::FIELDS, &["draftPeriod", "period"]);
    }
}

record! {
    /// A planned action or commitment.
    Measure of measure {
        /// What it is.
        title: String = Text;
        /// How far it is; planned if left out.
        #[serde(default = "planned")]
        state: MeasureState = Any;
        /// By when it is to be done, as exact as that is known.
        due: Option<PartialDate> = Any;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Measure::FIELDS, &["title"]);
    }
}

record! {
    /// Who was involved in an action plan.
    Stakeholder of stakeholder {
        /// An organisation or a group; never a person.
        name: String = Name;
        /// What kind of stakeholder it is.
        kind: Option<String> = Name;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Stakeholder::FIELDS, &["name", "kind"]);
    }
}

record! {
    /// The adoption of a plan by a public body.
    Endorsement of endorsement {
        /// The body.
        body: String = Text;
        /// When it adopted the plan, as exact as that is known.
        endorsed: Option<PartialDate> = Any;
        /// Where the decision can be read.
        document_url: Option<String> = Url;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Endorsement::FIELDS, &["body"]);
    }
}

part! {
    Measure in measures, output_id known by title;
    Stakeholder in stakeholders, output_id known by name;
    Endorsement in endorsements, output_id known by body;
}

fn planned() -> MeasureState {
    MeasureState::Planned
}
