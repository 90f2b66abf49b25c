//! Measures, stakeholders and endorsements of action plans.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::record::{Endorsement as EndorsementRecord, Entry};

use super::{
    super::{
        execute::find_output,
        input::{InputFields, TranslationInput},
        output::output_at,
    },
    EntryInput, edit, entry, of_output,
};
use crate::schema::{
    base::{payload::payload, scalar::PartialDate},
    types::{
        action_plan::{Endorsement, Measure, Stakeholder},
        output::Output,
        vocabulary::MeasureState,
    },
};

entry! {
    "a measure: a planned action or commitment": Measure = |view, id| {
        let row = view.measures.iter().find(|row| row.id.0 == id)?;
        Some(Measure::new(view, row))
    },
    in "an action plan" output: Output = output_at, find_output, of_output,
    "For its lead, host or parties, the expert of its community and the coordinator.";
    MeasureInput of Measure {
        /// What it is.
        must title: String,
        /// Its state; PLANNED if left out.
        can state: MeasureState,
        /// The date by which it is due, as exactly as it is known.
        may due: PartialDate,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    MeasureChanges {
        add_measure "addMeasure" AddMeasureInput AddMeasurePayload
        edit_measure "editMeasure" EditMeasureInput EditMeasurePayload
        remove_measure "removeMeasure" RemoveMeasureInput RemoveMeasurePayload
    }
    measure
}

entry! {
    "a stakeholder": Stakeholder = |view, id| {
        let row = view.stakeholders.iter().find(|row| row.id.0 == id)?;
        Some(Stakeholder::new(view, row))
    },
    in "an action plan" output: Output = output_at, find_output, of_output,
    "For its lead, host or parties, the expert of its community and the coordinator.";
    StakeholderInput of Stakeholder {
        /// An organisation or a group; never a person.
        must name: String,
        /// The kind of stakeholder.
        may kind: String,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    StakeholderChanges {
        add_stakeholder "addStakeholder" AddStakeholderInput AddStakeholderPayload
        edit_stakeholder "editStakeholder" EditStakeholderInput EditStakeholderPayload
        remove_stakeholder "removeStakeholder" RemoveStakeholderInput RemoveStakeholderPayload
    }
    stakeholder
}

/// The fields of an endorsement to edit: a field that is left out stays as it is, null empties it.
#[derive(Clone, Debug, InputObject)]
pub struct EditEndorsementInput {
    /// The id of the endorsement.
    id: ID,
    /// The endorsement's `version` that the client read. The mutation is refused with CONFLICT if it
    /// has changed since.
    expected_version: Option<String>,
    /// The public body, such as a city council.
    body: Option<String>,
    /// When it adopted the plan, as exactly as it is known.
    endorsed: MaybeUndefined<PartialDate>,
    /// The address of its decision on the web.
    document_url: MaybeUndefined<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

payload! {
    /// The result of `editEndorsement`.
    EditEndorsementPayload {
        /// The updated endorsement. Null if the mutation was refused; on CONFLICT its current state.
        endorsement: Endorsement = |view, id| {
            let row = view.endorsements.iter().find(|row| row.id.0 == id)?;
            Some(Endorsement::new(view, row))
        },
        /// The action plan with the updated endorsement. Null if the mutation was refused; on CONFLICT
        /// its current state.
        output: Output = |view, id| output_at(view, Entry::Endorsement.parent_of(id, view.rows())?)
    }
}

/// Mutations of endorsements.
#[derive(Debug, Default)]
pub struct EndorsementChanges;

#[Object]
impl EndorsementChanges {
    /// Edits the endorsement of an action plan. For its lead, host or parties, the expert of its
    /// community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE if the plan is verified or cancelled, REQUIRED, TOO_LONG,
    /// OUT_OF_RANGE for a date in the future, NOT_A_URL.
    async fn edit_endorsement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The endorsement, and its new values.")] input: EditEndorsementInput,
    ) -> Result<Option<EditEndorsementPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let entry = EntryInput {
            entry: Entry::Endorsement,
            id: &input.id,
            version: input.expected_version,
        };
        edit::<EndorsementRecord, _>(ctx, "editEndorsement", entry, of_output, fields).await
    }
}
