//! The first page: what is where.

use domain::viewer::Viewer;
use poem::Response;

use super::page;

/// The first page.
pub fn page(has_outbox: bool, tells_schema: bool, viewer: Viewer) -> Response {
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
             shown on this machine only.\n",
        );
    }
    body.push_str(
        "<dt><a href=\"/healthz\">/healthz</a>, <a href=\"/readyz\">/readyz</a><dd>Whether the \
         process is alive, and whether its database answers.\n</dl>",
    );
    page::html("Connection", &body)
}
