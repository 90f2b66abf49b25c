//! GraphiQL, from the vendored files alone.

use std::sync::LazyLock;

use poem::{
    Request, Response,
    error::NotFoundError,
    handler,
    http::{HeaderValue, header},
};

use super::encoding::EncodedBody;

/// The content security policy: the page may only connect to this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// A vendored file.
struct Asset {
    path: &'static str,
    body: LazyLock<EncodedBody>,
}

macro_rules! asset {
    ($path:literal, $media_type:expr, $name:literal) => {
        Asset {
            path: $path,
            body: LazyLock::new(|| {
                let text = include_str!(concat!("../../assets/graphiql/", $name));
                EncodedBody::new($media_type, text)
            }),
        }
    };
}

/// The files of `docs/questions`, by name.
const QUESTIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/questions.rs"));

/// The questions that GraphiQL offers: the name and the document of each.
#[must_use]
pub fn questions() -> &'static [(&'static str, &'static str)] {
    QUESTIONS
}

/// A script with the questions, in their order.
fn questions_script() -> EncodedBody {
    let all = serde_json::json!(QUESTIONS);
    EncodedBody::new(SCRIPT, format!("const QUESTIONS = {all};\n"))
}

static ASSETS: [Asset; 9] = [
    asset!("/graphiql", HTML, "index.html"),
    asset!("/graphiql/graphiql.min.css", CSS, "graphiql.min.css"),
    asset!("/graphiql/start.css", CSS, "start.css"),
    asset!("/graphiql/graphiql.min.js", SCRIPT, "graphiql.min.js"),
    asset!("/graphiql/react.min.js", SCRIPT, "react.min.js"),
    asset!("/graphiql/react-dom.min.js", SCRIPT, "react-dom.min.js"),
    Asset {
        path: "/graphiql/questions.js",
        body: LazyLock::new(questions_script),
    },
    asset!("/graphiql/start.js", SCRIPT, "start.js"),
    asset!("/graphiql/LICENSES.txt", TEXT, "LICENSES.txt"),
];

/// The paths of the page and its files.
pub fn paths() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|asset| asset.path)
}

/// The page, or one of its files.
#[handler]
pub fn serve(request: &Request) -> poem::Result<Response> {
    let path = request.uri().path();
    let asset = ASSETS.iter().find(|asset| asset.path == path);
    let asset = asset.ok_or(NotFoundError)?;
    let mut response = asset.body.cacheable_response(request.headers());
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    Ok(response)
}
