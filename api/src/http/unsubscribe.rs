//! Declining a category of mail, by the signed link in the mail itself (RFC 8058): no sign-in, and
//! looking at the page declines nothing, since mail readers open links on their own.

use std::sync::Arc;

use domain::ledger;
use entities::{Category, PersonId};
use poem::{Request, Response, handler, http::StatusCode, web::Data};
use serde::Deserialize;

use super::{App, page, response};
use crate::schema::internal;

#[derive(Default, Deserialize)]
struct Params {
    #[serde(default)]
    token: String,
}

/// What the link in a mail names; else the response that says it is none.
fn link(app: &App, request: &Request) -> Result<(PersonId, Category), Box<Response>> {
    let token = request.params::<Params>().unwrap_or_default().token;
    app.config.link_key.read_unsubscribe(&token).ok_or_else(|| {
        Box::new(response::plain(
            StatusCode::NOT_FOUND,
            "This link is not one of ours, or it was cut. Open it from the mail itself.",
        ))
    })
}

/// The page behind the link.
#[handler]
pub fn form(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    let mails = match link(app, request) {
        Ok((_, category)) => words(category),
        Err(refusal) => return *refusal,
    };
    page::html(
        "Stop this mail",
        &format!(
            "<p>You will get no more {mails}. Other mail is not touched.</p>\n\
             <form method=\"post\"><button>Stop {mails}</button></form>"
        ),
    )
}

/// Declines the category of mail that the link names.
#[handler]
pub async fn decline(Data(app): Data<&Arc<App>>, request: &Request) -> Response {
    let (person, category) = match link(app, request) {
        Ok(link) => link,
        Err(refusal) => return *refusal,
    };
    let store = &app.config.store;
    let (mails, now) = (words(category), store.clock().now());
    match ledger::decline(store.db(), person, category, store.ids(), now).await {
        Ok(()) => page::html("Done", &format!("<p>You will get no more {mails}.</p>")),
        Err(error) => {
            internal(&error);
            response::plain(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something failed on the server. Nothing was changed; please try again.",
            )
        }
    }
}

fn words(category: Category) -> &'static str {
    match category {
        Category::ExchangeReminder => "reminders of staff exchanges",
        Category::VisitReminder => "reminders of visits",
        Category::MeetingReminder => "reminders of meetings",
        Category::Digest => "weekly digests",
        Category::ProgressReport => "progress reports",
        Category::SignIn => "links to sign in with",
    }
}
