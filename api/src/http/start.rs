//! The start page: links to all pages.

use std::sync::Arc;

use domain::{account::user, viewer::Viewer};
use poem::{Response, handler, web::Data};

use super::{App, page};
use crate::schema::internal;

/// Serves the start page.
#[handler]
pub async fn home(Data(app): Data<&Arc<App>>, Data(viewer): Data<&Viewer>) -> Response {
    let viewer = *viewer;
    let has_outbox = app.config.outbox.is_some();
    let tells_schema = app.gateway.tells_schema(viewer);
    let mut body = String::from(
        "<p>The GraphQL API for transnational learning projects.</p>\n<dl>\n\
         <dt><code>/graphql</code><dd>The endpoint: POST JSON, or GET a query.\n",
    );
    if tells_schema {
        body.push_str(
            "<dt><a href=\"/graphiql\">/graphiql</a><dd>Ask questions in the browser; a first one \
             is filled in.\n\
             <dt><a href=\"/schema.graphql\">/schema.graphql</a><dd>The schema, which is the API's \
             manual.\n",
        );
    }
    if has_outbox && viewer == Viewer::Operator {
        body.push_str(
            "<dt><a href=\"/outbox\">/outbox</a><dd>The mail that went out, as its readers see it; \
             shown to the operator only.\n",
        );
    }
    body.push_str(
        "<dt><a href=\"/healthz\">/healthz</a>, <a href=\"/readyz\">/readyz</a><dd>Whether the \
         process is alive, and whether its database answers.\n</dl>",
    );
    body.push_str(&who(app, viewer).await);
    page::html("Connection", &body)
}

/// The viewer, and the button to sign in or out.
async fn who(app: &App, viewer: Viewer) -> String {
    let sign_in = "<a href=\"/sign-in\">Sign in</a>";
    match viewer {
        Viewer::Anonymous => format!("<p>You are not signed in. {sign_in}.</p>"),
        Viewer::Operator => {
            format!("<p>You are the operator of this installation. {sign_in} as somebody.</p>")
        }
        Viewer::Person(signed_in) => {
            let name = match user::by_id(&app.config.store, signed_in.person).await {
                Ok(row) => row.name.unwrap_or(row.key),
                Err(error) => {
                    internal(&error);
                    "somebody".to_owned()
                }
            };
            format!(
                "<p>You are signed in as {}.</p>\n\
                 <form method=\"post\" action=\"/sign-out\"><button>Sign out</button></form>",
                page::escape(&name)
            )
        }
    }
}
