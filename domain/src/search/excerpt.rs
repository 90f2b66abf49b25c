//! Excerpts: the part of a text around what was found in it.

use std::ops::Range;

use super::{
    fold::Traced,
    query::{Fit, Query},
};

/// How many letters of a text stand before what was found, and in an excerpt in all.
const BEFORE: usize = 60;
const LETTERS: usize = 200;

/// A piece of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// Whether it is what was searched for.
    pub is_match: bool,
}

/// An excerpt of a text, with how many of the words stand in the text and how well the best fits.
/// `None`: none of them does.
pub(super) fn excerpt(text: &str, query: &Query) -> Option<(Vec<Piece>, (usize, Fit))> {
    let traced = Traced::new(text);
    let mut places = Vec::new();
    let mut words = 0;
    for word in &query.words {
        let before = places.len();
        places.extend(word.places(&traced.folded).map(|(place, fit)| {
            let (from, until) = traced.range(place.start, place.end);
            (fit, from, until)
        }));
        words += usize::from(places.len() > before);
    }
    let best = places.iter().map(|(fit, ..)| *fit).max()?;
    let first = places.iter().filter(|(fit, ..)| *fit == best);
    let first = first.map(|(_, from, _)| *from).min()?;
    let ranges = merged(places.into_iter().map(|(_, from, until)| from..until));
    let pieces = pieces(text, &window(text, first), &ranges);
    Some((pieces, (words, best)))
}

/// The part of a text to show: it begins and ends between words.
fn window(text: &str, found: usize) -> Range<usize> {
    if text.chars().count() <= LETTERS {
        return 0..text.len();
    }
    let mut before = text[..found].char_indices().rev();
    let start = before.nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let start = match text[start..found].find(char::is_whitespace) {
        Some(space) if start > 0 => start + space,
        _ => start,
    };
    let mut after = text[start..].char_indices();
    let end = after.nth(LETTERS).map_or(text.len(), |(at, _)| start + at);
    let end = match text[found..end].rfind(char::is_whitespace) {
        Some(space) if end < text.len() && space > 0 => found + space,
        _ => end,
    };
    start..end
}

/// Ranges in order, those that touch or overlap as one.
fn merged(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut ranges: Vec<_> = ranges.collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn pieces(text: &str, window: &Range<usize>, matches: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut add = |text: String, is_match| {
        if !text.is_empty() {
            pieces.push(Piece { text, is_match });
        }
    };
    let mut at = window.start;
    let mut lead = if at > 0 { "…" } else { "" };
    for range in matches {
        let (from, until) = (range.start.max(at), range.end.min(window.end));
        if from < until {
            let before = &text[at..from];
            let before = if lead.is_empty() {
                before
            } else {
                before.trim_start()
            };
            add(format!("{lead}{before}"), false);
            add(text[from..until].to_owned(), true);
            (lead, at) = ("", until);
        }
    }
    let (rest, tail) = match window.end < text.len() {
        true => (text[at..window.end].trim_end(), "…"),
        false => (&text[at..window.end], ""),
    };
    add(format!("{rest}{tail}"), false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, query: &str) -> String {
        let query = Query::new(query).unwrap();
        let (pieces, _) = excerpt(text, &query).unwrap();
        let shown = |piece: &Piece| match piece.is_match {
            true => format!("[{}]", piece.text),
            false => piece.text.clone(),
        };
        pieces.iter().map(shown).collect()
    }

    #[test]
    fn a_short_text_is_shown_whole_with_every_match() {
        assert_eq!(
            shown("Una Città e le sue città", "citta"),
            "Una [Città] e le sue [città]"
        );
        assert_eq!(
            shown("Migrantour Torino", "torino migrant"),
            "[Migrant]our [Torino]"
        );
        assert_eq!(shown("accoglienza", "accoglienza coglie"), "[accoglienza]");
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        let text = format!(
            "{}the Città of Torino {}",
            "before it ".repeat(30),
            "behind it ".repeat(30)
        );
        let shown = shown(&text, "citta");
        assert!(
            shown.starts_with("…it before it") || shown.starts_with("…before it"),
            "{shown}"
        );
        assert!(shown.contains("the [Città] of Torino"), "{shown}");
        assert!(
            shown.ends_with("it…") || shown.ends_with("behind…"),
            "{shown}"
        );
        assert!(shown.chars().count() < LETTERS + 5, "{shown}");
        assert!(excerpt(&text, &Query::new("lacks").unwrap()).is_none());
    }

    #[test]
    fn a_text_without_a_space_is_cut_somewhere() {
        let text = format!("{}Città{}", "ä".repeat(300), "ö".repeat(300));
        let shown = shown(&text, "citta");
        assert!(shown.contains("[Città]"), "{shown}");
        assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
    }
}
