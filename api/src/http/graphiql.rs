//! GraphiQL, from the vendored files alone.

use poem::{
    Response,
    http::{HeaderValue, header},
};

use super::answer;

/// What the page may do: nothing but talk to this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! asset {
    ($name:literal) => {
        include_str!(concat!("../../assets/graphiql/", $name))
    };
}

/// The page, or one of its files.
pub fn file(path: &str) -> Option<Response> {
    let (media_type, text) = match path {
        "/graphiql" => (HTML, asset!("index.html")),
        "/graphiql/graphiql.min.css" => (CSS, asset!("graphiql.min.css")),
        "/graphiql/start.css" => (CSS, asset!("start.css")),
        "/graphiql/graphiql.min.js" => (SCRIPT, asset!("graphiql.min.js")),
        "/graphiql/react.min.js" => (SCRIPT, asset!("react.min.js")),
        "/graphiql/react-dom.min.js" => (SCRIPT, asset!("react-dom.min.js")),
        "/graphiql/start.js" => (SCRIPT, asset!("start.js")),
        "/graphiql/LICENSES.txt" => ("text/plain; charset=utf-8", asset!("LICENSES.txt")),
        _ => return None,
    };
    let mut response = answer::typed(media_type, text);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Some(response)
}
