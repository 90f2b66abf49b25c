//! Forums with their members, topics and meetings.

use entities::{
    ForumMemberKind, Localized, MembershipState, PartialDate, StatedFigures, Strings,
    TopicProposer, Translations,
};

use super::{
    Check, Code, Kind,
    declare::{part, record},
    rule::Rule,
    text,
};

record! {
    /// A forum with its members, topics and meetings.
    Forum of forum {
        /// Names it in the project.
        key: String = Key;
        /// What it is called, by language.
        name: Localized = Names { required: true };
        /// The practice that it is, by key.
        practice: Option<String> = Reference(Kind::Practice), column practice_id;
        /// The partner that runs it, by its organisation's key.
        partner: Option<String> = Reference(Kind::Partner), column partner_id;
        /// The part of the city that it is for.
        district: Option<String> = Name;
        /// When it was founded, as exact as that is known.
        founded: Option<PartialDate> = Any;
        /// How often it meets, in words.
        meets: Option<String> = LongText;
        /// How one joins it.
        access: Option<String> = LongText;
        /// Who pays for it.
        funding: Option<String> = LongText;
        /// Whom it serves.
        beneficiaries: Option<String> = LongText;
        /// What it is for.
        #[serde(default)]
        goals: Strings = Texts;
        /// What it has achieved.
        #[serde(default)]
        results: Strings = Texts;
        /// Counts that a source gives.
        #[serde(default)]
        stated: StatedFigures = Own;
        /// Those who asked to join, whatever was decided.
        #[serde(default)]
        members: Vec<ForumMember> = Each(ForumMember::list), rows;
        /// What was proposed to talk about.
        #[serde(default)]
        topics: Vec<ForumTopic> = Each(ForumTopic::list), rows;
        /// When it met.
        #[serde(default)]
        meetings: Vec<ForumMeeting> = Each(ForumMeeting::list), rows;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Forum::FIELDS, &["district", "meets", "access", "funding", "beneficiaries", "goals", "results"]);
    }
    between;
}

record! {
    /// An association or a person in a forum.
    ForumMember of forum_member {
        /// Whether it is an association or a single person.
        kind: ForumMemberKind = Any;
        /// The name of an association, which needs one; persons are never named.
        name: Option<String> = Name;
        /// How far their application is.
        state: MembershipState = Any;
        /// When they applied.
        applied: Option<PartialDate> = Any;
        /// When that was decided.
        decided: Option<PartialDate> = Any;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| ForumMember::FIELDS, &["name"]);
    }
    between;
}

record! {
    /// A topic that was proposed to a forum.
    ForumTopic of forum_topic {
        /// What it is about.
        title: String = Name;
        /// Who proposed it.
        proposed_by: TopicProposer = Any;
        /// When it was proposed.
        proposed: Option<PartialDate> = Any;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| ForumTopic::FIELDS, &["title"]);
    }
}

record! {
    /// A meeting of a forum.
    ForumMeeting of forum_meeting {
        /// When it was held.
        held: Option<PartialDate> = Any;
        /// Where it was held.
        place: Option<String> = Name;
        /// A remark on it.
        note: Option<String> = LongText;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| ForumMeeting::FIELDS, &["place", "note"]);
    }
}

part! {
    Forum in forums, project_id known by key => |record, _| Some(record.key.clone());
    ForumMember in forum_members, forum_id known by kind, name;
    ForumTopic in forum_topics, forum_id known by title;
    ForumMeeting in forum_meetings, forum_id known by held;
}

impl Forum {
    fn between(&self, check: &mut Check<'_>) {
        let mut stated = check.at("stated");
        stated.length(self.stated.0.len());
        for (at, figure) in self.stated.0.iter().enumerate() {
            let mut check = stated.at_index(at);
            if figure.value < 0 {
                check.at("value").with(Code::OutOfRange, ">= 0");
            }
            text::check(&figure.what, Rule::Name, &mut check.at("what"));
            if let Some(source) = &figure.source {
                text::check_citation(source, &mut check.at("source"));
            }
        }
    }
}

impl ForumMember {
    fn between(&self, check: &mut Check<'_>) {
        match (self.kind, &self.name) {
            (ForumMemberKind::Association, None) => check.at("name").add(Code::Required),
            (ForumMemberKind::Individual, Some(_)) => {
                check.at("name").with(Code::OutOfRange, "null");
            }
            (ForumMemberKind::Individual, None) if !self.translations.is_empty() => {
                check.at("translations").with(Code::OutOfRange, "{}");
            }
            _ => {}
        }
        check.period("decided", self.applied, self.decided);
    }
}
