//! Declining a category of mail, by the signed link in the mail itself (RFC 8058): no sign-in, and
//! looking at the page declines nothing, since mail readers open links on their own.

use domain::{ledger, link::LinkKey, store::Store};
use entities::Category;
use poem::{
    Request, Response,
    http::{Method, StatusCode},
};
use serde::Deserialize;

use super::{page, response};
use crate::schema::internal;

#[derive(Default, Deserialize)]
struct Params {
    #[serde(default)]
    token: String,
}

/// The page behind the link on GET; the deed on POST.
pub async fn answer(store: &Store, key: &LinkKey, request: &Request) -> Response {
    let token = request.params::<Params>().unwrap_or_default().token;
    let Some((person, category)) = key.read_unsubscribe(&token) else {
        return response::plain(
            StatusCode::NOT_FOUND,
            "This link is not one of ours, or it was cut. Open it from the mail itself.",
        );
    };
    let mails = words(category);
    match *request.method() {
        Method::GET | Method::HEAD => page::html(
            "Stop this mail",
            &format!(
                "<p>You will get no more {mails}. Other mail is not touched.</p>\n\
                 <form method=\"post\"><button>Stop {mails}</button></form>"
            ),
        ),
        Method::POST => {
            let now = store.clock().now();
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
        _ => response::not_allowed("GET, HEAD, POST"),
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
