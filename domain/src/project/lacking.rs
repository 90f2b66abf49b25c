//! What the counting rules of targets ask for, beyond a report, so that an output counts.

use entities::{Counted, PartialDate, Rule, output, target};

use super::{AsOf, Project};

/// What an output lacks of what a counting rule asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Evidence of one of the rule's kinds.
    pub evidence: bool,
    /// An endorsement by a public body.
    pub endorsement: bool,
}

impl Lacking {
    /// Whether it lacks anything.
    #[must_use]
    pub fn any(self) -> bool {
        self.evidence || self.endorsement
    }
}

impl Project {
    /// Whether a target's rule considers an output.
    #[must_use]
    pub fn counts_towards(&self, target: &target::Model, output: &output::Model) -> bool {
        let Some(Counted::Output { kind, event_kinds }) = &target.rule.of else {
            return false;
        };
        let is_of_kind = || {
            let event = self.event(output.id);
            event.is_some_and(|event| event_kinds.contains(&event.kind))
        };
        output.kind == *kind && (event_kinds.is_empty() || is_of_kind())
    }

    /// What an output lacks of what one rule asks for. An endorsement whose day is known counts from
    /// that day on.
    #[must_use]
    pub fn lacking(&self, rule: &Rule, output: &output::Model, as_of: AsOf) -> Lacking {
        let mut evidence = self.evidence_of(output.id).iter();
        let mut endorsements = self.endorsements_of(output.id).iter();
        let is_endorsed = endorsements.any(|endorsement| {
            let day = endorsement.endorsed.map(PartialDate::last_day);
            day.is_none_or(|day| day <= as_of.day)
        });
        Lacking {
            evidence: !rule.evidence.is_empty()
                && !evidence.any(|evidence| rule.evidence.contains(&evidence.kind)),
            endorsement: rule.endorsement && !is_endorsed,
        }
    }

    /// What an output lacks of what the rules of all targets ask for.
    #[must_use]
    pub fn lacks(&self, output: &output::Model, as_of: AsOf) -> Lacking {
        let targets = self.targets.iter();
        let asking = targets.filter(|target| self.counts_towards(target, output));
        asking.fold(Lacking::default(), |all, target| {
            let one = self.lacking(&target.rule, output, as_of);
            Lacking {
                evidence: all.evidence || one.evidence,
                endorsement: all.endorsement || one.endorsement,
            }
        })
    }
}
