//! Grants of policies: money is the coordinator's alone, as the lines of the budget are.

use entities::*;

use super::{Code, Draft, Problems};
use crate::{record::Policy, record::rows::children};

/// What of an output's grant would change without the coordinator.
pub(super) fn check_grant(draft: &Draft, output: OutputId) -> Problems {
    let mut problems = Problems::default();
    let project = draft.project();
    if draft.viewer.coordinator_of(&project).is_ok() {
        return problems;
    }
    let Some(new) = children(&draft.rows.policies, output).first() else {
        return problems;
    };
    let old = project.holds(output).then(|| project.policy(output));
    let (grant, currency) = old.flatten().map_or((None, Policy::CURRENCY), |old| {
        (old.grant_minor, old.currency.as_str())
    });
    if new.grant_minor != grant {
        problems.add("grantMinor", Code::Forbidden);
    }
    if new.currency != currency {
        problems.add("currency", Code::Forbidden);
    }
    problems
}
