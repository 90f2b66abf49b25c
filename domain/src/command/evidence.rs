//! Means of verification: what shows that an output is done.

use entities::*;

use super::{Code, Draft, Named, Problem, Problems, Refusal, check, output::wrong_state};
use crate::{
    project::State,
    record::{Endorsement, Evidence},
    viewer::PartyTo,
};

/// What shows that an output is done.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A page on the web.
    Url(String),
    /// A source of the project, and a place in it.
    Source {
        source: Named,
        locator: Option<String>,
    },
    /// A file that the viewer has sent; none where they sent none of that id.
    File(Option<upload::Model>),
}

/// Adds a means of verification to an output.
///
/// # Errors
/// `WRONG_STATE` where it is verified or cancelled; what is wrong with the proof.
pub fn add(
    draft: &mut Draft,
    _: &PartyTo,
    output: OutputId,
    title: Option<String>,
    proof: Proof,
) -> Result<EvidenceId, Refusal> {
    let mut problems = Problems::default();
    editable(draft, &mut problems, output, true)?;
    let id = draft.new_id("evidence").into();
    let mut row = evidence::Model {
        id,
        project_id: draft.id(),
        output_id: output,
        position: next(draft, output),
        kind: EvidenceKind::Url,
        title,
        source_id: None,
        locator: None,
        url: None,
        sha256: None,
        media_type: None,
        size: None,
    };
    match proof {
        Proof::Url(url) => {
            row.url = Some(url);
        }
        Proof::Source { source, locator } => {
            row.kind = EvidenceKind::Source;
            row.source_id = problems.take(draft.source("proof.source.source", &source));
            row.locator = locator;
        }
        Proof::File(None) => problems.add("proof.upload", Code::NotFound),
        Proof::File(Some(file)) => {
            row.kind = EvidenceKind::File;
            row.sha256 = Some(file.sha256);
            row.media_type = Some(file.media_type);
            row.size = Some(file.size);
        }
    }
    let mut wrong = check::record::<Evidence>(draft, None, &row);
    wrong.rename("url", "proof.url");
    wrong.rename("source", "proof.source.source");
    wrong.rename("locator", "proof.source.locator");
    // What names nothing was told where it was named.
    wrong.retain(|problem| problem.code != Code::Required || problem.path == "title");
    problems.append(wrong);
    problems.none()?;
    draft.rows.evidence.push(row);
    Ok(id)
}

/// Takes a means of verification away from an output that is still open.
///
/// # Errors
/// `WRONG_STATE` where it is reported, verified or cancelled: what was judged stays.
pub fn remove(
    draft: &mut Draft,
    _: &PartyTo,
    output: OutputId,
    evidence: EvidenceId,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    editable(draft, &mut problems, output, false)?;
    problems.none()?;
    draft.rows.evidence.retain(|row| row.id != evidence);
    let left = draft.rows.evidence.iter_mut();
    close_up(
        left.filter(|row| row.output_id == output)
            .map(|row| &mut row.position),
    );
    Ok(())
}

/// The adoption of an action plan by a public body.
#[derive(Clone, Debug)]
pub struct Adoption {
    pub body: String,
    pub endorsed: Option<PartialDate>,
    pub document_url: Option<String>,
}

/// Records that a public body adopted an action plan.
///
/// # Errors
/// `WRONG_KIND` where it is no action plan, `WRONG_STATE` where it is cancelled; what is wrong with
/// the input.
pub fn endorse(
    draft: &mut Draft,
    _: &PartyTo,
    output: OutputId,
    by: Adoption,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let project = draft.project();
    if project.action_plan(output).is_none() {
        problems.add("id", Code::WrongKind);
    }
    let state = draft.standing(&project, output)?.state;
    if state == State::Cancelled {
        problems.push(wrong_state(state));
    }
    let today = draft.today();
    if by.endorsed.is_some_and(|date| date.first_day() > today) {
        problems.push(Problem::new("endorsed", Code::OutOfRange).with(today));
    }
    let rows = draft.rows.endorsements.iter();
    let position = rows
        .filter(|row| row.output_id == output)
        .map(|row| row.position + 1)
        .max();
    let row = endorsement::Model {
        id: draft.new_id("endorsement").into(),
        project_id: draft.id(),
        output_id: output,
        position: position.unwrap_or_default(),
        body: by.body.trim().to_owned(),
        endorsed: by.endorsed,
        document_url: by.document_url,
        sources: Strings::default(),
    };
    problems.append(check::record::<Endorsement>(draft, None, &row));
    problems.none()?;
    draft.rows.endorsements.push(row);
    Ok(())
}

/// Takes back that a public body adopted an action plan.
///
/// # Errors
/// `WRONG_STATE` where the plan is verified: what was accepted stays.
pub fn remove_endorsement(
    draft: &mut Draft,
    _: &PartyTo,
    output: OutputId,
    endorsement: EndorsementId,
) -> Result<(), Refusal> {
    let project = draft.project();
    let standing = draft.standing(&project, output)?;
    if standing.state == State::Verified {
        return Err(wrong_state(standing.state).into());
    }
    draft.rows.endorsements.retain(|row| row.id != endorsement);
    let left = draft.rows.endorsements.iter_mut();
    close_up(
        left.filter(|row| row.output_id == output)
            .map(|row| &mut row.position),
    );
    Ok(())
}

/// Leaves no gap in the places of a list: a project file counts them from 0.
fn close_up<'a>(places: impl Iterator<Item = &'a mut i32>) {
    for (next, place) in (0..).zip(places) {
        *place = next;
    }
}

/// Evidence may be added until a report is accepted, and taken away until it is made.
fn editable(
    draft: &Draft,
    problems: &mut Problems,
    output: OutputId,
    adding: bool,
) -> Result<(), Refusal> {
    let project = draft.project();
    let standing = draft.standing(&project, output)?;
    let may = standing.is_open() || (adding && standing.state == State::Reported);
    if !may {
        problems.push(wrong_state(standing.state));
    }
    Ok(())
}

fn next(draft: &Draft, output: OutputId) -> i32 {
    let rows = draft.rows.evidence.iter();
    let positions = rows
        .filter(|row| row.output_id == output)
        .map(|row| row.position + 1);
    positions.max().unwrap_or_default()
}
