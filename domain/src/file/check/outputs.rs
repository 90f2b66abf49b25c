//! What is wrong with outputs and with the rules of mail.

use std::collections::HashSet;

use entities::*;

use super::{Check, faults, is_key};
use crate::file::{FileHistory, FileKind, FileOutput, ProjectFile};

impl Check<'_> {
    pub(super) fn output(&mut self, at: &str, output: &FileOutput) {
        self.community(&format!("{at}/community"), output.community.as_ref());
        self.partner(&format!("{at}/lead"), output.lead.as_ref());
        self.partner(&format!("{at}/host"), output.host.as_ref());
        self.sources(at, &output.sources);
        let planned = [output.planned_from, output.planned_to];
        self.period(at, ["plannedFrom", "plannedTo"], planned);
        self.period(at, ["starts", "ends"], [output.starts, output.ends]);
        if output.days.is_some_and(|days| days < 1) {
            self.problem(
                &format!("{at}/days"),
                "it is less than 1",
                "write how many days it lasts",
            );
        }
        self.history(at, output);
        for (index, row) in output.evidence.iter().enumerate() {
            let at = format!("{at}/evidence/{index}");
            let (field, is_there) = match row.kind {
                EvidenceKind::Source => ("source", row.source.is_some()),
                EvidenceKind::Url => ("url", row.url.is_some()),
                EvidenceKind::File => ("sha256", row.sha256.is_some()),
            };
            if !is_there {
                let right = "evidence needs what its kind names";
                self.problem(&format!("{at}/{field}"), "it is missing", right);
            }
            if let Some(source) = &row.source {
                self.citation(&format!("{at}/source"), source);
            }
        }
        for (index, row) in output.participants.iter().enumerate() {
            let at = format!("{at}/participants/{index}");
            self.partner(&format!("{at}/partner"), row.partner.as_ref());
            self.person(&format!("{at}/person"), row.person.as_ref());
            self.sources(&at, &row.sources);
            if row.partner.is_none() && row.person.is_none() && row.who.is_none() {
                self.problem(&at, "nobody is named", "write partner, person or who");
            }
        }
        for (index, row) in output.agenda.iter().enumerate() {
            let at = format!("{at}/agenda/{index}");
            self.partner(&format!("{at}/presenter"), row.presenter.as_ref());
            self.sources(&at, &row.sources);
        }
        for (index, row) in output.learning.iter().enumerate() {
            let at = format!("{at}/learning/{index}");
            self.partner(&format!("{at}/partner"), row.partner.as_ref());
            self.sources(&at, &row.sources);
        }
        self.kind(at, &output.kind);
    }

    /// The order of steps that an output can take; every output starts as planned.
    fn history(&mut self, at: &str, output: &FileOutput) {
        let mut state = Verb::Planned;
        for (index, step) in output.history.iter().enumerate() {
            let path = format!("{at}/history/{index}/verb");
            let allowed = match step.verb {
                Verb::Planned => index == 0,
                Verb::Confirmed | Verb::Rescheduled => {
                    !matches!(state, Verb::Reported | Verb::Verified | Verb::Cancelled)
                }
                Verb::Reported => {
                    !matches!(state, Verb::Reported | Verb::Verified | Verb::Cancelled)
                }
                Verb::Verified | Verb::Returned => state == Verb::Reported,
                Verb::Cancelled => !matches!(state, Verb::Verified | Verb::Cancelled),
                Verb::Reopened => {
                    matches!(state, Verb::Reported | Verb::Verified | Verb::Cancelled)
                }
            };
            if !allowed {
                let wrong = format!("{:?} cannot follow {state:?}", step.verb);
                let right = "planned, confirmed, reported, verified is the way; returned and \
                             reopened lead back, cancelled leads out";
                self.problem(&path, wrong, right);
            }
            self.reporters(&format!("{at}/history/{index}/reporters"), step);
            if step.verb != Verb::Rescheduled {
                state = step.verb;
            }
        }
    }

    fn reporters(&mut self, at: &str, step: &FileHistory) {
        let keys = &step.reporters.0;
        if step.verb != Verb::Reported && !keys.is_empty() {
            let right = "leave reporters out, or write them where the verb is REPORTED";
            self.problem(at, "only a report has reporters", right);
        }
        for (index, key) in keys.iter().enumerate() {
            let at = format!("{at}/{index}");
            self.partner(&at, Some(key));
            if keys[..index].contains(key) {
                self.problem(&at, "it is named before", "name each partner once");
            }
        }
    }

    fn kind(&mut self, at: &str, kind: &FileKind) {
        match kind {
            FileKind::StaffExchange { pairing, leg, .. } => {
                let path = format!("{at}/kind/staffExchange");
                self.refers(
                    &format!("{path}/pairing"),
                    "pairing",
                    pairing,
                    |keys, key| keys.pairings.contains(key),
                );
                if leg.is_some_and(|leg| leg != 1 && leg != 2) {
                    let right = "write 1 (in the mentor's city) or 2, or leave it out";
                    self.problem(&format!("{path}/leg"), "there are two legs", right);
                }
            }
            FileKind::Visit {
                organiser,
                practices,
                ..
            } => {
                let path = format!("{at}/kind/visit");
                self.partner(&format!("{path}/organiser"), organiser.as_ref());
                for (index, practice) in practices.iter().enumerate() {
                    let path = format!("{path}/practices/{index}");
                    self.refers(&path, "practice", practice, |keys, key| {
                        keys.practices.contains(key)
                    });
                }
            }
            FileKind::ActionPlan { endorsements, .. } => {
                for (index, row) in endorsements.iter().enumerate() {
                    self.sources(
                        &format!("{at}/kind/actionPlan/endorsements/{index}"),
                        &row.sources,
                    );
                }
            }
            FileKind::Policy {
                plan,
                grant_minor,
                currency,
                ..
            } => {
                let path = format!("{at}/kind/policy");
                self.currency(&format!("{path}/currency"), currency);
                self.amount(&format!("{path}/grantMinor"), *grant_minor);
                if let Some(plan) = plan {
                    self.refers(&format!("{path}/plan"), "action plan", plan, |keys, key| {
                        keys.outputs.contains(&(OutputKind::ActionPlan, key))
                    });
                }
            }
            FileKind::Champion {
                person, trainings, ..
            } => {
                let path = format!("{at}/kind/champion");
                self.person(&format!("{path}/person"), person.as_ref());
                for (index, row) in trainings.iter().enumerate() {
                    if let Some(workshop) = &row.workshop {
                        let path = format!("{path}/trainings/{index}/workshop");
                        self.refers(&path, "champion workshop", workshop, |keys, key| {
                            keys.outputs.contains(&(OutputKind::ChampionWorkshop, key))
                        });
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn rules(&mut self, file: &ProjectFile) {
        let outputs = &file.outputs;
        let mut seen = HashSet::new();
        for (at, row) in outputs.iter().enumerate() {
            let path = format!("/outputs/{at}/key");
            if !is_key(&row.key) {
                self.key(&path, &row.key);
            } else if !seen.insert((row.kind.output_kind(), &row.key)) {
                let wrong = format!("{:?} stands twice in its kind", row.key);
                self.problem(&path, wrong, "name each output once");
            }
        }
        self.legs(outputs);
        self.unique(
            "reminderRules",
            file.reminder_rules.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.reminder_rules.iter().enumerate() {
            let at = format!("/reminderRules/{at}");
            for fault in faults(row) {
                self.problem(&format!("{at}/{}", fault.field), fault.wrong, fault.right);
            }
        }
    }

    fn legs(&mut self, outputs: &[FileOutput]) {
        let mut seen = HashSet::new();
        for (at, row) in outputs.iter().enumerate() {
            if let FileKind::StaffExchange {
                pairing,
                leg: Some(leg),
                ..
            } = &row.kind
                && !seen.insert((pairing, leg))
            {
                let wrong = format!("leg {leg} of {pairing:?} stands twice");
                let path = format!("/outputs/{at}/kind/staffExchange/leg");
                self.problem(&path, wrong, "a pairing has one leg 1 and one leg 2");
            }
        }
    }
}
