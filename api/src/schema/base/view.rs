//! A view of a project by one request: at one revision, as of one day.

use std::{ops::Deref, sync::Arc};

use async_graphql::{Context, Result, meter::records};
use chrono::NaiveDate;
use domain::{
    project::{AsOf, Dated, Project},
    store::Store,
    viewer::Viewer,
};
use entities::{Localized, Strings, Translations};

use super::{error, reads::Reads, scalar::PartialDate};

/// The view that every object of a project holds.
#[derive(Clone, Debug)]
pub struct View {
    pub project: Arc<Project>,
    pub as_of: AsOf,
    /// Today in the project's own time zone.
    pub today: NaiveDate,
}

impl Deref for View {
    type Target = Project;

    fn deref(&self) -> &Project {
        &self.project
    }
}

impl View {
    /// The project as of today in its own time zone.
    pub fn today(project: Arc<Project>, reads: &Reads) -> Self {
        let today = reads.today(&project);
        Self::new(project, today)
    }

    /// The project as of a day that is not over yet.
    pub fn new(project: Arc<Project>, today: NaiveDate) -> Self {
        Self {
            project,
            as_of: AsOf::today(today),
            today,
        }
    }

    /// The same as of another day; every day but today is read as a whole.
    pub fn on(mut self, day: NaiveDate) -> Self {
        self.as_of.day = day;
        self.as_of.is_going_on = day == self.today;
        self
    }

    /// The rows that are there on the view's day.
    pub fn there<'a, R: Dated>(&'a self, rows: &'a [R]) -> impl Iterator<Item = &'a R> {
        records(rows.len());
        self.project.there(rows, self.as_of)
    }

    /// A date, if it has come by the view's day.
    pub fn by_now(&self, date: Option<entities::PartialDate>) -> Option<PartialDate> {
        self.as_of.by_now(date).map(PartialDate)
    }

    /// A text in the requested language, else in the project's default language, else in any.
    pub fn text(&self, text: &Localized, locale: Option<&str>) -> Option<String> {
        let fallback = self.default_locale();
        text.get(locale.unwrap_or(fallback), fallback)
            .map(str::to_owned)
    }

    /// A text of a row in the requested language, else as the row has it.
    pub fn said<'a>(
        &self,
        translations: &'a Translations,
        field: &str,
        own: &'a str,
        locale: Option<&str>,
    ) -> &'a str {
        translations.text(field, own, locale.unwrap_or(self.default_locale()))
    }

    /// The texts of a row's list in the requested language, else as the row has them.
    pub fn said_list<'a>(
        &self,
        translations: &'a Translations,
        field: &str,
        own: &'a Strings,
        locale: Option<&str>,
    ) -> Vec<&'a str> {
        let own = own.0.iter().map(String::as_str).collect();
        translations.texts(field, own, locale.unwrap_or(self.default_locale()))
    }
}

/// The viewer on whose behalf the request reads.
pub fn viewer(ctx: &Context<'_>) -> Viewer {
    ctx.data_opt::<Viewer>()
        .copied()
        .unwrap_or(Viewer::Anonymous)
}

/// The project reads of the request.
pub fn reads<'a>(ctx: &Context<'a>) -> Result<&'a Reads> {
    ctx.data::<Arc<Reads>>().map(Arc::as_ref)
}

/// The store, to read anything but projects. The response can then not be cached.
pub fn store<'a>(ctx: &Context<'a>) -> Result<&'a Arc<Store>> {
    reads(ctx).map(Reads::store)
}

/// Fails with FORBIDDEN unless `may_see`.
pub fn allowed(may_see: bool, what: &str) -> Result<()> {
    match may_see {
        true => Ok(()),
        false => Err(error::forbidden(what)),
    }
}
