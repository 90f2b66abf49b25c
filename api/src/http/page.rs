//! Plain HTML pages.

use std::fmt::Write;

use i18n::Language;
use poem::{Request, Response, http::header};

use super::response;

const STYLE: &str = "
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c2430; background: #fff }
a { color: #0b57a4 } h1 { font-size: 1.5rem } code, pre { font-family: ui-monospace, monospace }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f3f5f8; padding: 1rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top;
  padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #dde2e9 }
iframe { width: 100%; height: 36rem; border: 1px solid #dde2e9 } dt { font-weight: 600 }
";

/// The language for a browser.
pub fn language(request: &Request) -> &'static Language {
    let header = request.header(header::ACCEPT_LANGUAGE);
    Language::accepted(header.unwrap_or_default())
}

/// An English page of a title and a body that is HTML already.
pub fn html(title: &str, body: &str) -> Response {
    html_in("en", title, body)
}

/// A page in a language, by its tag, of a title and a body that is HTML already.
pub fn html_in(language: &str, title: &str, body: &str) -> Response {
    let title = escape(title);
    response::typed(
        "text/html; charset=utf-8",
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<link rel=\"icon\" href=\"data:,\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n<h1>{title}</h1>\n{body}\n</html>\n"
        ),
    )
}

/// A text escaped for HTML, between tags or in a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A text percent-encoded for a path; slashes stay.
pub fn in_path(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a String takes all that is written");
        }
    }
    encoded
}

/// The decoded text of a path; `None` if it is not UTF-8.
pub fn from_path(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'%' {
            let digits = text.get(at + 1..at + 3)?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            decoded.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_back_as_it_was_written() {
        for text in ["2021/09/ä b%.eml", "<a>@b+c.eml"] {
            assert_eq!(from_path(&in_path(text)).as_deref(), Some(text));
        }
        assert_eq!(from_path("%zz"), None);
        assert_eq!(from_path("%ff"), None);
        assert_eq!(from_path("a%"), None);
    }
}
