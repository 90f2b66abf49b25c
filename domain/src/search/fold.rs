//! Folding: texts that differ by case, accents or typography alone become the same text.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// Appends the folded form of a text.
pub fn fold(text: &str, folded: &mut String) {
    let mut rest = text;
    while !rest.is_empty() {
        let is_beyond_ascii = |byte: u8| !byte.is_ascii();
        let plain = rest.bytes().position(is_beyond_ascii).unwrap_or(rest.len());
        let from = folded.len();
        folded.push_str(&rest[..plain]);
        folded[from..].make_ascii_lowercase();
        let mut letters = rest[plain..].chars();
        if let Some(letter) = letters.next() {
            fold_letter(letter, |folded_letter| folded.push(folded_letter));
        }
        rest = letters.as_str();
    }
}

/// A folded text that knows which letter of the original each part of it comes from.
#[derive(Debug)]
pub struct Traced<'a> {
    original: &'a str,
    pub folded: String,
    /// Of each byte of the folded text, where its letter begins in the original.
    origins: Vec<usize>,
}

impl<'a> Traced<'a> {
    pub fn new(original: &'a str) -> Self {
        let mut folded = String::with_capacity(original.len());
        let mut origins = Vec::with_capacity(original.len());
        for (at, letter) in original.char_indices() {
            fold_letter(letter, |folded_letter| folded.push(folded_letter));
            origins.resize(folded.len(), at);
        }
        Self {
            original,
            folded,
            origins,
        }
    }

    /// The range of the original that a range of the folded text comes from: whole letters, with their
    /// accents.
    pub fn range(&self, from: usize, until: usize) -> (usize, usize) {
        let start = self.origins[from];
        let last = self.origins[until - 1];
        let after = self.original[last..].chars().next();
        let after = last + after.map_or(0, char::len_utf8);
        let next = self.origins.get(until).copied();
        (start, next.unwrap_or(self.original.len()).max(after))
    }
}

fn fold_letter(letter: char, mut push: impl FnMut(char)) {
    // Letters and signs that Unicode does not take apart, though people type them without.
    let plain = match letter {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        '‘' | '’' | 'ʼ' => "'",
        '‐' | '‑' | '–' | '—' => "-",
        _ => {
            return decompose_compatible(letter, |part| {
                if canonical_combining_class(part) == 0 {
                    part.to_lowercase().for_each(&mut push);
                }
            });
        }
    };
    plain.chars().for_each(push);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut folded = String::new();
        fold(text, &mut folded);
        assert_eq!(Traced::new(text).folded, folded, "{text}");
        folded
    }

    #[test]
    fn case_accents_and_typography_make_no_difference() {
        for (text, plain) in [
            ("Città", "citta"),
            ("Citta\u{300}", "citta"),
            ("CITTÀ di Torino", "citta di torino"),
            ("Łódź", "lodz"),
            ("Straße", "strasse"),
            ("Göteborg, Ærø", "goteborg, aero"),
            ("l’accoglienza", "l'accoglienza"),
            ("2019–2021", "2019-2021"),
            ("ΜΈΤΡΟΣ", "μετροσ"),
            ("μέτρος", "μετροσ"),
            ("İstanbul", "istanbul"),
            ("ﬁducia", "fiducia"),
            ("", ""),
        ] {
            assert_eq!(folded(text), plain, "{text}");
        }
    }

    #[test]
    fn a_match_is_whole_letters_of_the_original() {
        let original = |text: &str, part: &str| {
            let traced = Traced::new(text);
            let from = traced.folded.find(part).unwrap();
            let (from, until) = traced.range(from, from + part.len());
            text[from..until].to_owned()
        };
        assert_eq!(original("una Città.", "citta"), "Città");
        assert_eq!(original("una Citta\u{300}.", "citta"), "Citta\u{300}");
        assert_eq!(original("Straße", "stras"), "Straß");
        assert_eq!(original("Straße", "strasse"), "Straße");
        assert_eq!(original("Łódź", "dz"), "dź");
    }
}
