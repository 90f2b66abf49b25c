//! Proposals: what would change, by whom, why and until when, and what was decided.

use chrono::{DateTime, NaiveDate, Utc};
use entities::{Decision, OutputId, PartialDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Check, Code, Kind, Names,
    declare::{part, record},
    field::{Stored, Value},
    rule::Rule,
};

record! {
    /// Other dates that somebody proposes for an output which they may not move. Proposals that several
    /// projects decide stand in no file.
    Proposal of proposal {
        /// Names it in the project.
        key: String = Key;
        /// The output, by its kind and its key: `visit:cop1_w2`.
        output: OutputName = Own, column output_id;
        /// The partner that proposes it, by its organisation's key.
        by: Option<String> = Reference(Kind::Partner), column by_id;
        /// When it was proposed.
        proposed_at: DateTime<Utc> = Any;
        /// Why.
        reason: String = LongText;
        /// The last day on which it can be decided.
        until: NaiveDate = Any;
        /// The first day that the output had then.
        old_starts: Option<PartialDate> = Any;
        /// The last day that it had then.
        old_ends: Option<PartialDate> = Any;
        /// The first day that is proposed.
        starts: Option<PartialDate> = Any;
        /// The last day that is proposed.
        ends: Option<PartialDate> = Any;
        /// What became of it; left out while nothing was decided.
        decision: Option<Decision> = Any;
        /// When that was decided.
        decided_at: Option<DateTime<Utc>> = Any;
        /// Why it was declined.
        answer: Option<String> = LongText;
    }
    between;
}

part! {
    Proposal in proposals, project_id known by key => |record, _| Some(record.key.clone());
}

impl Proposal {
    fn between(&self, check: &mut Check<'_>) {
        check.required("starts", &self.starts);
        check.period("ends", self.starts, self.ends);
        match (self.decision, self.decided_at) {
            (Some(_), None) => check.at("decidedAt").add(Code::Required),
            (None, Some(_)) => check.at("decision").add(Code::Required),
            _ => {}
        }
    }
}

/// An output of any kind as a file names it: its kind as `kind` of an output spells it, and its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct OutputName(pub String);

impl Value for OutputName {
    fn check(&self, _: Rule, check: &mut Check<'_>) {
        if check.around.names.output(&self.0).is_none() {
            check.with(Code::NotFound, &self.0);
        }
    }
}

impl Stored<Option<OutputId>> for OutputName {
    fn load(column: &Option<OutputId>, names: &Names) -> Self {
        let name = column.and_then(|id| names.output_name(id.0));
        Self(name.unwrap_or_default())
    }

    fn store(&self, _: Rule, names: &Names) -> Option<Option<OutputId>> {
        names.output(&self.0).map(|id| Some(id.into()))
    }
}
