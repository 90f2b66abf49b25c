//! Outputs: whatever counts towards a target. What all kinds say stands here; what one kind alone
//! says, in its own file.

mod action_plan;
mod champion;
mod champion_workshop;
mod event;
mod guide;
mod learning;
mod parts;
mod policy;
mod staff_exchange;
mod step;
mod video;
mod visit;

use chrono::NaiveDate;
use entities::{
    Basis, Localized, Mode, OutputId, OutputKind, PartialDate, Strings, Translations, output,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Check, Code, Kind, Names, Record, Stand, TextReader,
    declare::{Place, part, record},
    field::Value,
    rule::{Field, Rule},
};
use crate::record::rows::{Row, Rows, children};

pub use action_plan::{ActionPlan, Endorsement, Measure, Stakeholder};
pub use champion::{Champion, Training};
pub use champion_workshop::ChampionWorkshop;
pub use event::Event;
pub use guide::Guide;
pub use learning::Learning;
pub use parts::{ALL_PARTNERS, AgendaItem, Evidence, Participant};
pub use policy::Policy;
pub use staff_exchange::StaffExchange;
pub use step::Step;
pub use video::Video;
pub use visit::{Visit, VisitDays};

record! {
    /// Whatever counts towards a target.
    Output of output {
        /// Unique among the outputs of its kind.
        key: String = Key;
        /// Its kind, with what that kind alone says.
        kind: Detail = Own, detail;
        /// The community that it belongs to, by key.
        community: Option<String> = Reference(Kind::Community), column community_id;
        /// The partner in whose figures it counts.
        lead: Option<String> = Reference(Kind::Partner), column lead_id;
        /// Its title, by language.
        #[serde(default)]
        title: Localized = Names { required: false };
        /// The partner that hosts it.
        host: Option<String> = Reference(Kind::Partner), column host_id;
        /// How people meet.
        mode: Option<Mode> = Any;
        /// Where in the host's city.
        place: Option<String> = Text;
        /// Where online.
        platform: Option<String> = Text;
        /// From when on it is planned, as exact as that is known.
        planned_from: Option<PartialDate> = Any;
        /// By when it is planned.
        planned_to: Option<PartialDate> = Any;
        /// Scheduled or actual first day, as exact as it is known.
        starts: Option<PartialDate> = Any;
        /// Scheduled or actual last day.
        ends: Option<PartialDate> = Any;
        /// Stated length in days, where the days themselves are not known.
        days: Option<i32> = Number(1, i64::MAX);
        /// The day by which it should be reported; else the end of the planned window.
        due_on: Option<NaiveDate> = Own;
        /// A remark.
        note: Option<String> = LongText;
        /// What happened to it, in order; it starts as planned.
        #[serde(default)]
        history: Vec<Step> = Each(Step::list), rows;
        /// What shows that it is done.
        #[serde(default)]
        evidence: Vec<Evidence> = Each(Evidence::list), rows;
        /// Who takes or took part, or did not.
        #[serde(default)]
        participants: Vec<Participant> = Each(Participant::list), rows;
        /// Its agenda, in order.
        #[serde(default)]
        agenda: Vec<AgendaItem> = Each(AgendaItem::list), rows;
        /// Challenges, questions, advice and lessons, in order.
        #[serde(default)]
        learning: Vec<Learning> = Each(Learning::list), rows;
        /// Field to reason, for what was worked out and not read.
        #[serde(default)]
        basis: Basis = Any;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Output::FIELDS, &["place", "platform", "note"]);
    }
    between;
}

part! {
    Output in outputs, project_id known by key => |output, _| {
        Some(format!("{:?}/{}", output.kind.kind(), output.key))
    };
}

impl Output {
    fn between(&self, check: &mut Check<'_>) {
        check.period("plannedTo", self.planned_from, self.planned_to);
        check.period("ends", self.starts, self.ends);
        let starts_on = check.around.starts_on;
        if self.due_on.is_some_and(|due| due < starts_on) {
            check.at("dueOn").with(Code::OutOfRange, starts_on);
        }
        step::check_order(&self.history, &mut check.at("history"));
        learning::check_list(&self.learning, &mut check.at("learning"));
        for (at, participant) in self.participants.iter().enumerate() {
            if let Some(field) = participant.twice_among(&self.participants[..at]) {
                let mut check = check.at("participants");
                check.at_index(at).at(field).add(Code::Twice);
            }
        }
    }
}

/// Declares the kinds of outputs: the room of each is its variant's type.
macro_rules! details {
    ($($(#[$doc:meta])+ $kind:ident in $table:ident;)+) => {
        /// What one kind of output alone says.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase")]
        pub enum Detail {
            $($(#[$doc])+ $kind($kind),)+
        }

        impl Detail {
            #[must_use]
            pub fn kind(&self) -> OutputKind {
                match self {
                    $(Self::$kind(_) => OutputKind::$kind,)+
                }
            }

            /// The fields of a kind.
            #[must_use]
            pub fn fields(kind: OutputKind) -> &'static [Field] {
                match kind {
                    $(OutputKind::$kind => $kind::FIELDS,)+
                }
            }

            fn check_fields(&self, check: &mut Check<'_>) {
                match self {
                    $(Self::$kind(detail) => Record::check(detail, check),)+
                }
            }

            /// Writes it into the row of its kind; makes that row where the output is new.
            pub(crate) fn store(&self, at: &mut Place<'_>, rows: &mut Rows) {
                match self {
                    $(Self::$kind(detail) => {
                        let table = &mut rows.$table;
                        let found = table.iter().position(|row| row.parent() == at.own);
                        let place = found.unwrap_or_else(|| {
                            let mut row = <$kind as Stand>::Row::default();
                            row.output_id = OutputId(at.own);
                            row.project_id = at.project;
                            table.push(row);
                            table.len() - 1
                        });
                        detail.store(&mut table[place], at.names);
                        detail.store_parts(at, rows);
                    })+
                }
            }
        }

        /// Reads the texts that an output's kind alone has.
        pub(in crate::record) fn detail_texts(
            row: &output::Model,
            rows: &Rows,
            reader: &mut TextReader<'_>,
        ) {
            let (_, field) = Kind::detail(row.kind);
            match row.kind {
                $(OutputKind::$kind => {
                    if let Some(own) = children(&rows.$table, row.id).first() {
                        $kind::texts(own, rows, &mut reader.at(field));
                    }
                })+
            }
        }

        pub(in crate::record) fn load_detail(row: &output::Model, rows: &Rows, names: &Names) -> Detail {
            match row.kind {
                $(OutputKind::$kind => {
                    let own = children(&rows.$table, row.id).first();
                    let own = own.expect("an output is written together with the row of its kind");
                    Detail::$kind($kind::load(own, rows, names))
                })+
            }
        }
    };
}

details! {
    /// One leg of a pairing.
    StaffExchange in staff_exchanges;
    /// A thematic cluster visit.
    Visit in visits;
    /// A conference or meeting.
    Event in events;
    /// A roadmap, a strategy or a pact.
    ActionPlan in action_plans;
    /// A policy in practice.
    Policy in policies;
    /// A trained integration champion; its partner is the output's lead.
    Champion in champions;
    /// A workshop held by the champions.
    ChampionWorkshop in champion_workshops;
    /// A how-to guide.
    Guide in guides;
    /// A video.
    Video in videos;
}

impl Value for Detail {
    fn check(&self, _: Rule, check: &mut Check<'_>) {
        let (_, field) = Kind::detail(self.kind());
        self.check_fields(&mut check.at(field));
    }
}
