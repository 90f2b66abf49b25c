//! The status of a target in words.

use fluent_bundle::FluentValue;

use crate::{Key, Language};

/// What the status of a target rests on.
#[derive(Clone, Debug, Default)]
pub struct Reason<'a> {
    /// The status as it is exchanged, such as `AT_RISK`.
    pub status: &'a str,
    /// How many records are overdue.
    pub overdue: usize,
    /// How many others are due soon and have not begun.
    pub unbegun: usize,
    /// How much of the goal is not planned, and the goal; `None` where enough is planned.
    pub missing: Option<(String, String)>,
    /// The share of the time, in percent, by which all of it should be planned.
    pub plan_by_percent: i32,
}

impl Reason<'_> {
    /// The reason in a reader's language.
    #[must_use]
    pub fn words(&self, locale: &str) -> String {
        let language = Language::of(locale);
        let counted = |key, count: usize| language.say(key, &[("count", FluentValue::from(count))]);
        match self.status {
            "MET" => language.say(Key("reason-met"), &[]),
            "LATE" => language.say(Key("reason-late"), &[]),
            "AT_RISK" => {
                let overdue =
                    (self.overdue > 0).then(|| counted(Key("reason-overdue"), self.overdue));
                let unbegun =
                    (self.unbegun > 0).then(|| counted(Key("reason-unbegun"), self.unbegun));
                let missing = self.missing.as_ref().map(|(missing, goal)| {
                    let values = [
                        ("missing", FluentValue::from(missing.as_str())),
                        ("goal", FluentValue::from(goal.as_str())),
                        ("percent", FluentValue::from(self.plan_by_percent)),
                    ];
                    language.say(Key("reason-missing"), &values)
                });
                let reasons: Vec<_> = overdue.into_iter().chain(unbegun).chain(missing).collect();
                match reasons.is_empty() {
                    true => language.say(Key("reason-norm"), &[]),
                    false => reasons.join(" "),
                }
            }
            _ => language.say(Key("reason-on-track"), &[]),
        }
    }
}
