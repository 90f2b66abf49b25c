//! What is mailed, when and to whom. What a mail's time is reckoned from follows from its category:
//! reminders go some days before what they remind of, a digest by the week, a progress report by the
//! month.

use entities::{Anchor, Audiences, Category, Days};
use sea_orm::{ActiveEnum, Iterable};

use super::{
    Check, Code,
    declare::{part, record},
};

/// The most hours for which a mail may be late: a year.
const USEFUL_HOURS: i64 = 8760;
/// The most days before an anchor at which a mail goes out: two years.
pub const DAYS_BEFORE: i32 = 730;
/// How often it is asked at most what came of a challenge.
pub const MOST_QUESTIONS: usize = 3;

record! {
    /// What is mailed, when and to whom.
    ReminderRule of reminder_rule {
        /// Names it in the project.
        key: String = Key;
        /// The category of mail.
        category: Category = Own;
        /// What its time is reckoned from: the start of what is reminded of, the week, the month.
        anchor: Anchor = Own;
        /// Days before the anchor, below 0 for days after it; none for weekly and monthly mail.
        #[serde(default)]
        offsets: Days = Own;
        /// Local time of the recipient, HH:MM; 09:00 if left out. A digest goes by the recipient's own hour.
        #[serde(default = "morning")]
        at_time: String = Time;
        /// 1 (Monday) to 7, for weekly mail.
        weekday: Option<i32> = Number(1, 7);
        /// 1 to 28, for monthly mail: the day of the calendar month on which it goes out. Each month of
        /// the project is reported on the first such day after its last one.
        month_day: Option<i32> = Number(1, 28);
        /// Who gets it.
        audience: Audiences = Own;
        /// For how many hours after its time it may still go out; 24 if left out.
        #[serde(default = "a_day")]
        useful_hours: i32 = Number(1, USEFUL_HOURS);
        /// Whether it is followed; yes if left out.
        #[serde(default = "yes")]
        enabled: bool = Any;
    }
    between;
}

part! {
    ReminderRule in reminder_rules, project_id known by key => |record, _| Some(record.key.clone());
}

/// What the time of a mail of this category may be reckoned from, the usual first; none: no rule
/// sends it.
#[must_use]
pub fn anchors_of(category: Category) -> &'static [Anchor] {
    match category {
        Category::ExchangeReminder => &[Anchor::ExchangeStart],
        Category::VisitReminder => &[Anchor::VisitStart],
        Category::MeetingReminder => &[Anchor::EventStart],
        Category::DueReminder => &[Anchor::DueDay, Anchor::WindowStart],
        Category::Digest => &[Anchor::Week],
        Category::ProgressReport => &[Anchor::Month],
        Category::Question => &[Anchor::VisitEnd],
        Category::SignIn | Category::NewToken => &[],
    }
}

impl ReminderRule {
    fn between(&self, check: &mut Check<'_>) {
        let anchors = anchors_of(self.category);
        if anchors.is_empty() {
            let categories = Category::iter().filter(|category| !anchors_of(*category).is_empty());
            let categories: Vec<_> = categories.map(|category| category.to_value()).collect();
            check
                .at("category")
                .with(Code::OutOfRange, categories.join(", "));
        } else if !anchors.contains(&self.anchor) {
            let anchors: Vec<_> = anchors.iter().map(ActiveEnum::to_value).collect();
            check
                .at("anchor")
                .with(Code::OutOfRange, anchors.join(", "));
        }
        if self.audience.0.is_empty() {
            check.at("audience").add(Code::Required);
        }
        check.at("offsets").length(self.offsets.0.len());
        let is_after = self.anchor == Anchor::VisitEnd;
        let (first, last) = match is_after {
            true => (-DAYS_BEFORE, -1),
            false => (0, DAYS_BEFORE),
        };
        for (at, days) in self.offsets.0.iter().enumerate() {
            if !(first..=last).contains(days) {
                let mut check = check.at("offsets");
                check
                    .at_index(at)
                    .with(Code::OutOfRange, format!("{first}..{last}"));
            }
        }
        if is_after && self.offsets.0.len() > MOST_QUESTIONS {
            let possible = format!("at most {MOST_QUESTIONS}");
            check.at("offsets").with(Code::OutOfRange, possible);
        }
        let (is_weekly, is_monthly) = (self.anchor == Anchor::Week, self.anchor == Anchor::Month);
        for (field, is_given, fits) in [
            ("weekday", self.weekday.is_some(), is_weekly),
            ("monthDay", self.month_day.is_some(), is_monthly),
            (
                "offsets",
                !self.offsets.0.is_empty(),
                !is_weekly && !is_monthly,
            ),
        ] {
            match (is_given, fits) {
                (true, false) => check.at(field).with(Code::OutOfRange, "null"),
                (false, true) => check.at(field).add(Code::Required),
                _ => {}
            }
        }
    }
}

fn morning() -> String {
    "09:00".to_owned()
}

fn a_day() -> i32 {
    24
}

fn yes() -> bool {
    true
}
