//! Peers solve problems together: the challenges that cities put, what others ask and advise, what a city
//! takes up of it, and what was learned.

use entities::{LearningKind, OutputKind, PartialDate, Strings, Translations, Uptake};

use crate::record::{
    Check, Code, Kind, Problem,
    declare::{part, record},
};

record! {
    /// A challenge, a question, an advice or a lesson.
    Learning of learning {
        /// Which of the four it is.
        kind: LearningKind = Any;
        /// What was asked, advised or learned.
        body: String = Text;
        /// The partner whose challenge it is, or to whom it is said.
        partner: Option<String> = Reference(Kind::Partner), column for_id;
        /// From when on it is known, as exact as that is known; else from the output's report.
        since: Option<PartialDate> = Any;
        /// The partner that said it; left out where it is unknown.
        by: Option<String> = Reference(Kind::Partner), column by_id;
        /// Who said it, where no partner is named, such as `other cities`.
        who: Option<String> = Text;
        /// Of a challenge: names it in its output, for what is said about it.
        key: Option<String> = Key;
        /// Of a challenge: what stands behind it.
        background: Option<String> = Text;
        /// Of a question, an advice or a lesson: the key of the challenge of the same output that it is
        /// about; left out, it is about the only challenge there of its partner.
        challenge: Option<String> = Key;
        /// Of a challenge: what came of it, as the city says; left out as long as it has not said so.
        outcome: Option<String> = Text;
        /// From when on the outcome is known, as exact as that is known.
        outcome_since: Option<PartialDate> = Any;
        /// Of an advice: whether the city that it is for takes it up; left out where that is unknown.
        uptake: Option<Uptake> = Any;
        /// Of an advice that is taken up: the key of the action plan in which it lives on.
        plan: Option<String> = Reference(Kind::Output(OutputKind::ActionPlan)), column plan_id;
        /// The title of the measure of that plan.
        measure: Option<String> = Text;
        /// Of an advice that is taken up: the key of the policy in which it lives on.
        policy: Option<String> = Reference(Kind::Output(OutputKind::Policy)), column policy_id;
        /// Why it is taken up, or not.
        uptake_reason: Option<String> = Text;
        /// From when on the uptake is known, as exact as that is known.
        uptake_since: Option<PartialDate> = Any;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Learning::FIELDS, &["body", "background", "who", "outcome", "uptakeReason"]);
    }
    between;
}

part! {
    Learning in learnings, output_id known by body;
}

impl Learning {
    fn between(&self, check: &mut Check<'_>) {
        let is_challenge = self.kind == LearningKind::Challenge;
        let is_advice = self.kind == LearningKind::Advice;
        let is_taken_up = self.uptake == Some(Uptake::TakenUp);
        let is_decided = self.uptake.is_some();
        for (field, is_given, fits) in [
            ("key", self.key.is_some(), is_challenge),
            ("background", self.background.is_some(), is_challenge),
            ("outcome", self.outcome.is_some(), is_challenge),
            (
                "outcomeSince",
                self.outcome_since.is_some(),
                self.outcome.is_some(),
            ),
            ("challenge", self.challenge.is_some(), !is_challenge),
            ("uptake", is_decided, is_advice),
            ("plan", self.plan.is_some(), is_taken_up),
            ("measure", self.measure.is_some(), self.plan.is_some()),
            ("policy", self.policy.is_some(), is_taken_up),
            ("uptakeReason", self.uptake_reason.is_some(), is_decided),
            ("uptakeSince", self.uptake_since.is_some(), is_decided),
        ] {
            if is_given && !fits {
                check.at(field).with(Code::OutOfRange, "null");
            }
        }
        let is_said_where = self.plan.is_some() || self.policy.is_some();
        if is_decided && !is_said_where && self.uptake_reason.is_none() {
            check.at("uptakeReason").add(Code::ReasonRequired);
        }
    }

    /// The partner whose challenge it is, by its key.
    fn poser(&self) -> Option<&str> {
        self.partner.as_deref().or(self.by.as_deref())
    }
}

/// What the entries of one output say of each other: a key names one challenge, and what is about a
/// challenge names one of the same city.
pub(super) fn check_list(list: &[Learning], check: &mut Check<'_>) {
    for (at, one) in list.iter().enumerate() {
        let mut check = check.at_index(at);
        if let Some(Problem {
            path, code, value, ..
        }) = one.wrong_among(list, at)
        {
            let mut check = check.at(&path);
            match value {
                Some(value) => check.with(code, value),
                None => check.add(code),
            }
        }
    }
}

impl Learning {
    /// What is wrong with an entry among those of its output, in which it has this place.
    #[must_use]
    pub fn wrong_among(&self, list: &[Self], own: usize) -> Option<Problem> {
        let is_named = |name: &String, all: &[Self]| {
            let mut all = all.iter();
            all.find(|other| other.key.as_ref() == Some(name)).cloned()
        };
        if let Some(key) = &self.key
            && is_named(key, &list[..own]).is_some()
        {
            return Some(Problem::new("key", Code::Taken));
        }
        let named = self.challenge.as_ref()?;
        let Some(challenge) = is_named(named, list) else {
            return Some(Problem::new("challenge", Code::NotFound).with(named));
        };
        let poser = challenge.poser().unwrap_or_default();
        let is_for_another = self.partner.as_ref().is_some_and(|key| key != poser);
        let is_lesson = self.kind == LearningKind::Lesson;
        let problem = || Problem::new("partner", Code::OutOfRange).with(poser);
        (is_for_another && !is_lesson).then(problem)
    }
}
