//! Means of verification: what shows that an output is done.

use entities::*;

use super::{
    Code, Draft, Fields, Named, Problem, Refusal,
    action::Action,
    check,
    entry::{at_version, close_up},
    output::allowed,
};
use crate::{
    record::{Endorsement, Evidence, Names, Part, Stand},
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
    let mut problems = allowed(draft, Action::AddEvidence, output)?;
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
        translations: Translations::default(),
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
    let record = Evidence::load(&row, &draft.rows, &Names::of(&draft.rows));
    let mut wrong = check::record(draft, None, &record);
    wrong.rename("url", "proof.url");
    wrong.rename("source", "proof.source.source");
    wrong.rename("locator", "proof.source.locator");
    // A proof that names nothing has its problem where it is named.
    let proofs = ["proof.url", "proof.source.source", "sha256"];
    wrong.retain(|problem| problem.code != Code::Required || !proofs.contains(&&*problem.path));
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
    version: Option<&str>,
) -> Result<(), Refusal> {
    at_version::<Evidence>(draft, evidence.into(), version)?;
    allowed(draft, Action::RemoveEvidence, output)?.none()?;
    draft.rows.remove(evidence.into());
    close_up::<Evidence>(draft, output.into());
    Ok(())
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
    mut fields: Fields,
) -> Result<(), Refusal> {
    let mut problems = fields.problems();
    problems.append(allowed(draft, Action::Endorse, output)?);
    let today = draft.today();
    let Some(endorsement) = fields.into_record::<Endorsement>(&mut problems) else {
        return problems.none();
    };
    let is_ahead = |date: PartialDate| date.first_day() > today;
    if endorsement.endorsed.is_some_and(is_ahead) {
        problems.push(Problem::new("endorsed", Code::OutOfRange).with(today));
    }
    problems.append(check::record(draft, None, &endorsement));
    problems.none()?;
    let rows = draft.rows.endorsements.iter();
    let own = rows.filter(|row| row.output_id == output);
    let position = super::draft::next_place(own.map(|row| row.position));
    let id = draft.new_id("endorsement");
    let mut row = endorsement::Model::default();
    Endorsement::put(&mut row, id, draft.id(), output.into(), position);
    endorsement.store(&mut row, &Names::of(&draft.rows));
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
    version: Option<&str>,
) -> Result<(), Refusal> {
    at_version::<Endorsement>(draft, endorsement.into(), version)?;
    allowed(draft, Action::RemoveEndorsement, output)?.none()?;
    draft.rows.remove(endorsement.into());
    close_up::<Endorsement>(draft, output.into());
    Ok(())
}

fn next(draft: &Draft, output: OutputId) -> i32 {
    let rows = draft.rows.evidence.iter();
    let positions = rows
        .filter(|row| row.output_id == output)
        .map(|row| row.position + 1);
    positions.max().unwrap_or_default()
}
