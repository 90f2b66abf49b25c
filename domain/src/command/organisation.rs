//! What an organisation says of itself. Organisations are shared: what is changed here is changed in
//! every project in which they are partners.

use entities::*;

use super::{Code, Draft, Problems, Refusal, check, draft::missing, project::put};
use crate::{record::Organisation, viewer::CoordinatorOf};

/// An organisation that no project has yet.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Names it in every project, for good.
    pub key: String,
    pub kind: OrganisationKind,
    pub name: String,
    pub native_name: Option<String>,
    pub country: Option<String>,
    pub time_zone: String,
    pub locale: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

/// The row of a new organisation, checked as `newOrganisation`.
pub(super) fn new(
    draft: &mut Draft,
    problems: &mut Problems,
    new: NewOrganisation,
) -> organisation::Model {
    let row = organisation::Model {
        id: draft.new_id("organisation").into(),
        key: new.key,
        kind: new.kind,
        name: new.name,
        native_name: new.native_name,
        country: new.country,
        time_zone: new.time_zone,
        locale: new.locale,
        latitude: new.latitude,
        longitude: new.longitude,
        geonames_id: None,
        wikidata_id: None,
    };
    let own = draft.rows.organisations.iter();
    let mut all = own.chain(&draft.shared.organisations);
    if all.any(|other| other.key == row.key) {
        problems.add("newOrganisation.key", Code::Taken);
    }
    let wrong = check::alone::<Organisation>(None, &row);
    problems.nest("newOrganisation", wrong);
    row
}

/// What is changed of an organisation.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub kind: Option<OrganisationKind>,
    pub name: Option<String>,
    pub native_name: Option<Option<String>>,
    pub country: Option<Option<String>>,
    pub time_zone: Option<String>,
    pub locale: Option<String>,
    pub latitude: Option<Option<f64>>,
    pub longitude: Option<Option<f64>>,
}

/// Changes what an organisation says of itself, for whoever steers a project in which it is a
/// partner; every project that shows it is raised. Its key stays.
///
/// # Errors
/// All that is wrong with it at once.
pub fn edit(
    draft: &mut Draft,
    _: &CoordinatorOf,
    id: OrganisationId,
    edit: Edit,
) -> Result<(), Refusal> {
    let mut rows = draft.rows.organisations.iter_mut();
    let Some(place) = rows.find(|row| row.id == id) else {
        return Err(missing("id").into());
    };
    let mut row = place.clone();
    put(&mut row.kind, edit.kind);
    put(&mut row.name, edit.name);
    put(&mut row.native_name, edit.native_name);
    put(&mut row.country, edit.country);
    put(&mut row.time_zone, edit.time_zone);
    put(&mut row.locale, edit.locale);
    put(&mut row.latitude, edit.latitude);
    put(&mut row.longitude, edit.longitude);
    check::alone::<Organisation>(Some(place), &row).none()?;
    *place = row;
    Ok(())
}
