//! Means of verification: what shows that an output is done.

use entities::*;

use super::{
    Code, Draft, Fields, Named, Problem, Problems, Refusal,
    action::Action,
    check,
    entry::{at_version, close_up},
    fields::object,
    output::allowed,
};
use crate::{
    files::quota,
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
    /// A file that the viewer has sent.
    File {
        /// None where they sent none of that id.
        upload: Option<upload::Model>,
        /// How many bytes the files of the project may take.
        quota: u64,
    },
}

/// Adds a means of verification to an output; the fields say what it is called.
///
/// # Errors
/// `WRONG_STATE` where it is verified or cancelled; what is wrong with the proof.
pub fn add(
    draft: &mut Draft,
    _: &PartyTo,
    output: OutputId,
    mut fields: Fields,
    proof: Proof,
) -> Result<EvidenceId, Refusal> {
    let mut problems = allowed(draft, Action::AddEvidence, output)?;
    problems.append(fields.problems());
    let id = draft.new_id("evidence").into();
    let mut row = evidence::Model {
        id,
        project_id: draft.id(),
        output_id: output,
        position: next(draft, output),
        kind: EvidenceKind::Url,
        title: None,
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
        Proof::File { upload, quota } => {
            // One that was sent to another project stays there.
            let is_for_this =
                |file: &upload::Model| file.project_id.is_none_or(|id| id == draft.id());
            match upload.filter(is_for_this) {
                None => problems.add("proof.upload", Code::NotFound),
                Some(file) => {
                    problems.append(room_for(&draft.rows.evidence, &file, quota));
                    row.kind = EvidenceKind::File;
                    row.sha256 = Some(file.sha256);
                    row.media_type = Some(file.media_type);
                    row.size = Some(file.size);
                }
            }
        }
    }
    let names = Names::of(&draft.rows);
    let proven = Evidence::load(&row, &draft.rows, &names);
    let Some(record) = fields.over::<Evidence>(&object(&proven), &mut problems) else {
        return problems.none().map(|()| id);
    };
    record.store(&mut row, &names);
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

/// A problem where a file takes a project over its quota. One that is there already takes nothing.
fn room_for(rows: &[evidence::Model], file: &upload::Model, quota: u64) -> Problems {
    let mut problems = Problems::default();
    let is_there = |row: &evidence::Model| row.sha256.as_ref() == Some(&file.sha256);
    let size = u64::try_from(file.size).unwrap_or_default() + quota::OWN_BYTES;
    if !rows.iter().any(is_there) && quota::taken_by(rows) + size > quota {
        let problem = Problem::new("proof.upload", Code::QuotaExceeded);
        problems.push(problem.with(quota / quota::MEGABYTE));
    }
    problems
}

fn next(draft: &Draft, output: OutputId) -> i32 {
    let rows = draft.rows.evidence.iter();
    let positions = rows
        .filter(|row| row.output_id == output)
        .map(|row| row.position + 1);
    positions.max().unwrap_or_default()
}
