//! Content negotiation: the media type and the encoding of a response.

use poem::http::{HeaderMap, header};

/// The media type that every client knows; a rejected document has the status 200 in it.
pub const JSON: &str = "application/json";
/// The media type of GraphQL over HTTP, whose status says whether a document was rejected.
pub const GRAPHQL_JSON: &str = "application/graphql-response+json";
/// The media type of event streams.
const EVENTS: &str = "text/event-stream";

/// The JSON media type that the client prefers; `None` if it accepts neither.
///
/// Of two with the same quality the one named explicitly is preferred, and of two named explicitly
/// that of GraphQL over HTTP. Without a preference the type is `application/json`.
pub fn response_type(headers: &HeaderMap) -> Option<&'static str> {
    let ranges: Vec<Range> = ranges(headers, &header::ACCEPT).collect();
    if ranges.is_empty() {
        return Some(JSON);
    }
    match (liking(&ranges, JSON), liking(&ranges, GRAPHQL_JSON)) {
        (None, None) => None,
        (json, graphql) if graphql > json => Some(GRAPHQL_JSON),
        (json, graphql) if graphql == json && is_outright(graphql) => Some(GRAPHQL_JSON),
        _ => Some(JSON),
    }
}

/// Whether a GET is a WebSocket handshake.
pub fn is_websocket_handshake(headers: &HeaderMap) -> bool {
    lists(headers, header::UPGRADE, "websocket")
}

/// Whether a header lists a token; case is ignored.
pub fn lists(headers: &HeaderMap, name: header::HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| one.trim().eq_ignore_ascii_case(word))
}

/// Whether a client accepts an event stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    /// It prefers an event stream to JSON.
    Sooner,
    /// It accepts an event stream, for a subscription.
    Too,
    /// It does not name event streams: a client that expects one response never gets a stream.
    No,
}

/// Whether the client accepts an event stream.
pub fn events(headers: &HeaderMap) -> Events {
    let ranges: Vec<Range> = ranges(headers, &header::ACCEPT).collect();
    let quality = |media_type| liking(&ranges, media_type).map(|(quality, _)| quality);
    match liking(&ranges, EVENTS) {
        Some((liked, Closeness::Named)) => {
            if Some(liked) > quality(JSON).max(quality(GRAPHQL_JSON)) {
                Events::Sooner
            } else {
                Events::Too
            }
        }
        _ => Events::No,
    }
}

/// The quality of a media type in thousandths, by the most specific range that matches it; `None`
/// if it is not accepted.
fn liking(ranges: &[Range], media_type: &str) -> Option<(u16, Closeness)> {
    ranges
        .iter()
        .filter_map(|range| Some((range.closeness(media_type)?, range.quality)))
        .max_by_key(|(closeness, _)| *closeness)
        .filter(|(_, quality)| *quality > 0)
        .map(|(closeness, quality)| (quality, closeness))
}

/// Whether the client accepts gzip with at least the quality of an uncompressed body.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let ranges: Vec<Range> = ranges(headers, &header::ACCEPT_ENCODING).collect();
    let quality = |coding: &str| {
        let named = ranges.iter().find(|range| range.essence == coding);
        named.map(|range| range.quality)
    };
    let gzip = quality("gzip").or_else(|| quality("*")).unwrap_or(0);
    gzip > 0 && quality("identity").is_none_or(|identity| gzip >= identity)
}

fn ranges<'a>(
    headers: &'a HeaderMap,
    name: &'a header::HeaderName,
) -> impl Iterator<Item = Range> + 'a {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(Range::read)
}

fn is_outright(liking: Option<(u16, Closeness)>) -> bool {
    liking.is_some_and(|(_, closeness)| closeness == Closeness::Named)
}

/// The specificity with which a range matches a media type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    Anything,
    Application,
    Named,
}

/// One entry of an Accept header.
struct Range {
    essence: String,
    /// The quality in thousandths.
    quality: u16,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next()?.to_ascii_lowercase();
        let quality = parts
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(1000, |(_, value)| thousandths(value.trim()));
        (!essence.is_empty()).then_some(Self { essence, quality })
    }

    fn closeness(&self, media_type: &str) -> Option<Closeness> {
        match self.essence.as_str() {
            essence if essence == media_type => Some(Closeness::Named),
            "application/*" if media_type.starts_with("application/") => {
                Some(Closeness::Application)
            }
            "*/*" => Some(Closeness::Anything),
            _ => None,
        }
    }
}

/// A quality between 0 and 1; an invalid one counts as 1.
fn thousandths(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    match (whole, format!("{part:0<3}").parse::<u16>()) {
        ("0", Ok(part)) if part < 1000 => part,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_liked_best_is_sent() {
        for (accept, expected) in [
            ("", Some(JSON)),
            ("*/*", Some(JSON)),
            ("application/*", Some(JSON)),
            ("application/json", Some(JSON)),
            ("Application/JSON; charset=utf-8", Some(JSON)),
            ("application/graphql-response+json", Some(GRAPHQL_JSON)),
            ("application/graphql-response+json, */*", Some(GRAPHQL_JSON)),
            ("*/*, application/json", Some(JSON)),
            (
                "application/json, application/graphql-response+json",
                Some(GRAPHQL_JSON),
            ),
            (
                "application/json;q=0.5, application/graphql-response+json;q=0.9",
                Some(GRAPHQL_JSON),
            ),
            (
                "application/graphql-response+json;q=0.8, application/json",
                Some(JSON),
            ),
            ("application/json;q=0.9,text/plain", Some(JSON)),
            ("application/json;q=0, */*", Some(GRAPHQL_JSON)),
            (
                "application/graphql-response+json; q=0.0, */*;q=0.1",
                Some(JSON),
            ),
            ("application/json; q=0.000", None),
            ("text/html", None),
            ("text/html, application/xhtml+xml, */*;q=0.8", Some(JSON)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(response_type(&headers), expected, "{accept}");
        }
        assert_eq!(response_type(&HeaderMap::new()), Some(JSON));
    }

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        for (accept, expected) in [
            ("gzip", true),
            ("GZIP, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8, *;q=0.1", true),
            ("*", true),
            ("gzip;q=0", false),
            ("gzip;q=0, *", false),
            ("identity", false),
            ("identity, gzip;q=0.5", false),
            ("br", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accept.parse().unwrap());
            assert_eq!(takes_gzip(&headers), expected, "{accept}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn an_event_stream_is_sent_to_whom_names_it() {
        for (accept, expected) in [
            ("text/event-stream", Events::Sooner),
            ("text/event-stream, */*;q=0.5", Events::Sooner),
            ("text/event-stream, multipart/mixed", Events::Sooner),
            ("text/event-stream, application/json", Events::Too),
            (
                "application/graphql-response+json, application/json, text/event-stream",
                Events::Too,
            ),
            ("text/event-stream;q=0.5, application/json", Events::Too),
            ("text/event-stream, */*", Events::Too),
            ("text/event-stream;q=0", Events::No),
            ("*/*", Events::No),
            ("text/*", Events::No),
            ("application/json", Events::No),
            ("", Events::No),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(events(&headers), expected, "{accept}");
        }
        assert_eq!(events(&HeaderMap::new()), Events::No);
    }
}
