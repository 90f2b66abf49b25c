//! The types of files that are taken as evidence, by their content.

use infer::MatcherType;

/// How many bytes at the beginning of a file say of what type it is.
pub const HEAD_BYTES: usize = 64 * 1024;

/// The types of files that are taken, with the ending of their names.
pub const TYPES: [(&str, &str); 15] = [
    ("application/pdf", "pdf"),
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/webp", "webp"),
    ("video/mp4", "mp4"),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/zip", "zip"),
    ("audio/mpeg", "mp3"),
    ("text/csv", "csv"),
    ("text/plain", "txt"),
];

/// The media type of a file by the bytes at its beginning; `None` where it is of no type that is
/// taken. Texts have no signature: where all of the file `is_text`, it is what its sender says, even
/// if it begins like something else. A PDF may be all text, and is one still.
#[must_use]
pub fn type_of(head: &[u8], is_text: bool, said: &str) -> Option<&'static str> {
    let said = said.split(';').next().unwrap_or_default().trim();
    let said_text = is_text && ["text/plain", "text/csv"].contains(&said);
    let kind = infer::get(head);
    let is_page = kind.is_some_and(|kind| kind.matcher_type() == MatcherType::Text);
    match kind {
        _ if said_text && !is_page && !head.starts_with(b"%PDF-") => listed(said),
        Some(kind) => listed(kind.mime_type()),
        None => None,
    }
}

/// The ending of the name of a file of this type.
#[must_use]
pub fn ending(media_type: &str) -> &'static str {
    let mut types = TYPES.iter();
    types
        .find(|(listed, _)| *listed == media_type)
        .map_or("bin", |(_, ending)| ending)
}

/// The type that files with this ending of their name are of.
#[must_use]
pub fn by_ending(ending: &str) -> Option<&'static str> {
    let mut types = TYPES.iter();
    types
        .find(|(_, listed)| listed.eq_ignore_ascii_case(ending))
        .map(|(media_type, _)| *media_type)
}

fn listed(name: &str) -> Option<&'static str> {
    let mut types = TYPES.iter();
    types
        .find(|(media_type, _)| *media_type == name)
        .map(|(media_type, _)| *media_type)
}

/// Whether what came so far is UTF-8 without NUL, piece by piece.
#[derive(Debug)]
pub(super) struct TextSoFar {
    is_text: bool,
    /// The beginning of a character whose end has not come yet.
    rest: Vec<u8>,
}

impl Default for TextSoFar {
    fn default() -> Self {
        Self {
            is_text: true,
            rest: Vec::new(),
        }
    }
}

impl TextSoFar {
    pub(super) fn push(&mut self, piece: &[u8]) {
        if !self.is_text {
            return;
        }
        let joined;
        let bytes = match self.rest.is_empty() {
            true => piece,
            false => {
                joined = [&self.rest, piece].concat();
                &joined
            }
        };
        let rest = match std::str::from_utf8(bytes) {
            Ok(_) => Vec::new(),
            Err(error) if error.error_len().is_none() => bytes[error.valid_up_to()..].to_vec(),
            Err(_) => {
                self.is_text = false;
                return;
            }
        };
        self.is_text = !piece.contains(&0);
        self.rest = rest;
    }

    /// Whether all of it is a text, where nothing more comes.
    pub(super) fn is_text(&self) -> bool {
        self.is_text && self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8], said: &str) -> Option<&'static str> {
        let mut text = TextSoFar::default();
        // Characters are cut in two.
        bytes.chunks(1).for_each(|piece| text.push(piece));
        type_of(bytes, text.is_text(), said)
    }

    #[test]
    fn a_type_goes_by_the_content() {
        let page = b"<!DOCTYPE html><script>alert(1)</script>";
        assert_eq!(of(page, "application/pdf"), None);
        assert_eq!(of(page, "text/html"), None);
        assert_eq!(
            of(
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                "image/svg+xml"
            ),
            None
        );
        assert_eq!(of(b"\x89PNG\r\n\x1a\n", "text/plain"), Some("image/png"));
        assert_eq!(
            of(b"city,days\nTorino,5\n", "text/csv; charset=utf-8"),
            Some("text/csv")
        );
        assert_eq!(of(b"a\0b", "text/plain"), None);
        assert_eq!(of(b"MZ\x90\0", "application/pdf"), None);
        assert_eq!(
            of(b"%PDF-1.7 a report", "text/plain"),
            Some("application/pdf")
        );
    }

    #[test]
    fn a_text_is_a_text_whatever_it_begins_with() {
        for text in ["BMI is a figure", "ID3 is a card", "MZ", "Città €"] {
            assert_eq!(
                of(text.as_bytes(), "text/plain"),
                Some("text/plain"),
                "{text}"
            );
        }
        // It ends within a character, or holds none.
        assert_eq!(of(b"Citt\xc3", "text/plain"), None);
        assert_eq!(of(b"Citt\xe0 ", "text/plain"), None);
        // Nobody said that it is a text.
        assert_eq!(of(b"BMI is a figure", "image/png"), None);
        for page in ["<html><script>", "<!DOCTYPE html><p>"] {
            assert_eq!(of(page.as_bytes(), "text/plain"), None, "{page}");
        }
    }

    #[test]
    fn an_ending_says_a_type() {
        assert_eq!(by_ending("PDF"), Some("application/pdf"));
        assert_eq!(by_ending("exe"), None);
        for (media_type, end) in TYPES {
            assert_eq!(
                (by_ending(end), ending(media_type)),
                (Some(media_type), end)
            );
        }
    }
}
