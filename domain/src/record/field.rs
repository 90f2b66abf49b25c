//! How a value of a field is held to its rule, and how it gets into a row and out of it.
//!
//! [`Value::check`] holds a value to a rule. How a field of a file becomes a column (a key the id of a
//! row, say) follows from the two types, by [`Stored`].

use std::collections::HashSet;

use chrono::NaiveDate;
use entities::*;
use uuid::Uuid;

use super::{Code, Kind, check::Check, names::Names, rule::Rule, text, texts::HasTexts};

/// A value that can be held to a rule.
pub trait Value {
    fn check(&self, rule: Rule, check: &mut Check<'_>);
}

impl Value for String {
    fn check(&self, rule: Rule, check: &mut Check<'_>) {
        text::check(self, rule, check);
    }
}

impl<T: Value> Value for Option<T> {
    fn check(&self, rule: Rule, check: &mut Check<'_>) {
        if let Some(value) = self {
            value.check(rule, check);
        }
    }
}

impl Value for i64 {
    fn check(&self, rule: Rule, check: &mut Check<'_>) {
        if let Rule::Number(from, to) = rule
            && !(from..=to).contains(self)
        {
            let possible = match to {
                i64::MAX => format!("{from}.."),
                _ => format!("{from}..{to}"),
            };
            check.with(Code::OutOfRange, possible);
        }
    }
}

impl Value for i32 {
    fn check(&self, rule: Rule, check: &mut Check<'_>) {
        i64::from(*self).check(rule, check);
    }
}

impl Value for f64 {
    fn check(&self, rule: Rule, check: &mut Check<'_>) {
        if let Rule::Degrees(most) = rule
            && self.abs() > f64::from(most)
        {
            check.with(Code::OutOfRange, format!("-{most}..{most}"));
        }
    }
}

impl Value for Localized {
    fn check(&self, rule: Rule, check: &mut Check<'_>) {
        if self.0.is_empty() && matches!(rule, Rule::Names { required: true }) {
            check.add(Code::Required);
        }
        let each = match rule {
            Rule::LongTexts => Rule::LongText,
            _ => Rule::Name,
        };
        let mut spelled = HashSet::new();
        for (tag, words) in &self.0 {
            match text::twice(tag) {
                Some(at) => check.at(&format!("{at}.locale")).add(Code::Twice),
                None => {
                    if !spelled.insert(text::canonical(tag)) {
                        check.at(tag).add(Code::Twice);
                    }
                    text::check(tag, Rule::Language, check);
                    text::check(words, each, check);
                }
            }
        }
    }
}

impl Value for Strings {
    fn check(&self, rule: Rule, check: &mut Check<'_>) {
        let each = match rule {
            Rule::NameList => Rule::Name,
            Rule::Citations => Rule::Reference(Kind::Source),
            Rule::References(kind) => Rule::Reference(kind),
            _ => Rule::Text,
        };
        check.length(self.0.len());
        for (at, one) in self.0.iter().enumerate() {
            let check = &mut check.at_index(at);
            match rule {
                Rule::Citations => text::check_citation(one, check),
                _ => text::check(one, each, check),
            }
            if matches!(rule, Rule::References(_)) && self.0[..at].contains(one) {
                check.add(Code::Twice);
            }
        }
    }
}

impl Value for Facts {
    fn check(&self, _: Rule, check: &mut Check<'_>) {
        check.length(self.0.len());
        for (at, fact) in self.0.iter().enumerate() {
            text::check(&fact.text, Rule::Text, &mut check.at_index(at));
        }
    }
}

impl Value for Vec<String> {
    fn check(&self, rule: Rule, check: &mut Check<'_>) {
        Strings(self.clone()).check(rule, check);
    }
}

impl<T: super::Record> Value for Vec<T> {
    fn check(&self, _: Rule, check: &mut Check<'_>) {
        check.length(self.len());
        for (at, one) in self.iter().enumerate() {
            one.check(&mut check.at_index(at));
        }
    }
}

impl Value for Translations {
    fn check(&self, rule: Rule, check: &mut Check<'_>) {
        let Rule::Translated(fields, names) = rule else {
            return;
        };
        for (name, all) in &self.0 {
            let mut check = check.at(name);
            let field = fields().iter().find(|field| field.camel() == *name);
            let Some(field) = field.filter(|_| names.contains(&name.as_str())) else {
                check.with(Code::OutOfRange, names.join(", "));
                continue;
            };
            let mut spelled = HashSet::new();
            for (tag, text) in all {
                if !spelled.insert(text::canonical(tag)) {
                    check.at(tag).add(Code::Twice);
                }
                text::check(tag, Rule::Language, &mut check);
                match (field.rule, text) {
                    (Rule::Texts | Rule::NameList, Translation::Texts(texts)) => {
                        texts.check(field.rule, &mut check.at(tag));
                    }
                    (Rule::Texts | Rule::NameList, Translation::Text(_)) => {
                        check.at(tag).with(Code::WrongType, "a list of texts");
                    }
                    (rule, Translation::Text(text)) => text.check(rule, &mut check.at(tag)),
                    (_, Translation::Texts(_)) => {
                        check.at(tag).with(Code::WrongType, "a text");
                    }
                }
            }
        }
    }
}

impl Value for Basis {
    fn check(&self, _: Rule, check: &mut Check<'_>) {
        check.length(self.0.len());
        for (field, reason) in &self.0 {
            text::check(reason, Rule::LongText, &mut check.at(field));
        }
    }
}

/// Values whose type says all that they are held to, or that their room checks.
macro_rules! any {
    ($($type:ty),+ $(,)?) => {$(
        impl Value for $type {
            fn check(&self, _: Rule, _: &mut Check<'_>) {}
        }
    )+};
}

/// The same of values that hold no texts.
macro_rules! any_without_texts {
    ($($type:ty),+ $(,)?) => {
        any!($($type),+);
        $(impl HasTexts for $type {})+
    };
}

any!(RelatedProjects, Readings, StatedFigures, entities::Rule);
any_without_texts!(
    bool,
    NaiveDate,
    PartialDate,
    chrono::DateTime<chrono::Utc>,
    Links,
    LeadTimes,
    Days,
    Audiences,
    OrganisationKind,
    PartnerKind,
    PersonKind,
    DigestFrequency,
    RoleKind,
    MemberRole,
    Unit,
    BudgetKind,
    NoteKind,
    Category,
    Anchor,
    ForumMemberKind,
    MembershipState,
    TopicProposer,
    Mode,
    EventKind,
    PlanKind,
    PolicyKind,
    Verb,
    EvidenceKind,
    ParticipationStatus,
    AgendaKind,
    PartOfDay,
    LearningKind,
    Uptake,
    MeasureState,
    Decision,
);

/// A field that stands in a column.
pub trait Stored<Column>: Sized {
    fn load(column: &Column, names: &Names) -> Self;
    /// The column's value; none where a key names nothing.
    fn store(&self, rule: Rule, names: &Names) -> Option<Column>;
}

impl<T: Clone> Stored<T> for T {
    fn load(column: &T, _: &Names) -> Self {
        column.clone()
    }

    fn store(&self, _: Rule, _: &Names) -> Option<T> {
        Some(self.clone())
    }
}

/// Keys, which stand for the ids of rows.
macro_rules! references {
    ($($id:ident),+) => {$(
        impl HasTexts for $id {}

        impl Stored<$id> for String {
            fn load(column: &$id, names: &Names) -> Self {
                names.key_of((*column).into()).unwrap_or_default().to_owned()
            }

            fn store(&self, rule: Rule, names: &Names) -> Option<$id> {
                names.referred(rule, self).map(Into::into)
            }
        }

        impl Stored<Option<$id>> for Option<String> {
            fn load(column: &Option<$id>, names: &Names) -> Self {
                column.and_then(|id| names.key_of(id.into()).map(str::to_owned))
            }

            fn store(&self, rule: Rule, names: &Names) -> Option<Option<$id>> {
                match self {
                    None => Some(None),
                    Some(key) => names.referred(rule, key).map(|id: Uuid| Some(id.into())),
                }
            }
        }
    )+};
}

references!(
    OrganisationId,
    PartnerId,
    PersonId,
    CommunityId,
    PracticeId,
    PairingId,
    SourceId,
    OutputId
);
