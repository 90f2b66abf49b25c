//! What is searched for: words, each of which must be found.

use memchr::memmem::Finder;

use super::fold::fold;

/// How long the text of a search may be, in letters.
pub const QUERY_LETTERS: usize = 200;

/// The words of a search, folded. The longest come first: they are mostly the rarest.
#[derive(Clone, Debug)]
pub struct Query {
    pub(super) words: Vec<Word>,
}

/// A word of a search.
#[derive(Clone, Debug)]
pub(super) struct Word {
    finder: Finder<'static>,
    length: usize,
}

/// Why a text cannot be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAQuery {
    /// It holds no letter and no digit.
    Blank,
    /// It is longer than [`QUERY_LETTERS`].
    TooLong,
}

impl Query {
    /// # Errors
    /// The reason for which the text cannot be searched for.
    pub fn new(text: &str) -> Result<Self, NotAQuery> {
        if text.chars().count() > QUERY_LETTERS {
            return Err(NotAQuery::TooLong);
        }
        let mut folded = String::new();
        fold(text, &mut folded);
        let is_mark = |letter: char| !letter.is_alphanumeric();
        let mut words: Vec<_> = folded
            .split_whitespace()
            .map(|word| word.trim_matches(is_mark))
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            return Err(NotAQuery::Blank);
        }
        words.sort_unstable_by_key(|word| (usize::MAX - word.len(), *word));
        words.dedup();
        let words = words.into_iter().map(Word::new).collect();
        Ok(Self { words })
    }
}

impl Word {
    fn new(word: &str) -> Self {
        Self {
            finder: Finder::new(word).into_owned(),
            length: word.len(),
        }
    }

    /// Whether it stands in a folded text.
    pub fn is_in(&self, folded: &str) -> bool {
        self.finder.find(folded.as_bytes()).is_some()
    }

    /// The places of the word in a folded text, and how well each fits.
    pub fn places<'a>(
        &'a self,
        folded: &'a str,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, Fit)> + 'a {
        self.finder.find_iter(folded.as_bytes()).map(move |from| {
            let until = from + self.length;
            (from..until, Fit::of(folded, from, until))
        })
    }
}

/// How well a word fits where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It stands inside a word.
    Inside,
    /// A word begins with it.
    Prefix,
    /// It is the whole word.
    Whole,
}

impl Fit {
    fn of(text: &str, from: usize, until: usize) -> Self {
        let goes_on = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        match (
            goes_on(text[..from].chars().next_back()),
            goes_on(text[until..].chars().next()),
        ) {
            (true, _) => Self::Inside,
            (false, true) => Self::Prefix,
            (false, false) => Self::Whole,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_words_without_the_marks_around_them() {
        let query = Query::new("  «Città», D2.1 citta … l’accoglienza!").unwrap();
        let words: Vec<_> = query
            .words
            .iter()
            .map(|word| std::str::from_utf8(word.finder.needle()).unwrap())
            .collect();
        assert_eq!(words, ["l'accoglienza", "citta", "d2.1"]);
    }

    #[test]
    fn what_holds_no_word_or_too_much_is_no_query() {
        for blank in ["", " ", "\t\n", "—", "… !", "\u{300}"] {
            assert_eq!(Query::new(blank).err(), Some(NotAQuery::Blank), "{blank:?}");
        }
        assert_eq!(Query::new(&"à".repeat(200)).err(), None);
        let long = "à".repeat(201);
        assert_eq!(Query::new(&long).err(), Some(NotAQuery::TooLong));
    }

    #[test]
    fn a_whole_word_fits_better_than_a_prefix_and_that_better_than_a_part() {
        let query = Query::new("citta").unwrap();
        let fits: Vec<_> = query.words[0]
            .places("la citta, cittadini, l'xcitta")
            .map(|(_, fit)| fit)
            .collect();
        assert_eq!(fits, [Fit::Whole, Fit::Prefix, Fit::Inside]);
        assert!(Fit::Whole > Fit::Prefix && Fit::Prefix > Fit::Inside);
    }
}
