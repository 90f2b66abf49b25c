//! What a field of a record is held to, as data: `record!` writes it beside the field, and whoever describes
//! records (JSON Schema, the API) reads it.

use heck::ToLowerCamelCase;
use uuid::Uuid;

use super::{Kind, rows::Rows};

/// How long a name may be, in characters.
pub const NAME_CHARACTERS: usize = 300;
/// How long a text may be, in characters.
pub const TEXT_CHARACTERS: usize = 10_000;
/// How many entries a list may have.
pub const LIST_ENTRIES: usize = 500;
/// The most that an amount may be, in minor units, and a target's value in its unit: far beyond any
/// fund, and sums of thousands of them still fit a number.
pub const AMOUNT: i64 = 1_000_000_000_000_000;

/// What a field is held to.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Letters, digits, `-` and `_`: names the record among those of its kind.
    Key,
    /// A short text that is not blank.
    Name,
    /// A longer text that is not blank.
    Text,
    /// A longer text, blank or not.
    LongText,
    /// An address on the web: http or https.
    Url,
    /// An address of mail.
    MailAddress,
    /// The IANA name of a time zone.
    TimeZone,
    /// A BCP 47 tag.
    Language,
    /// ISO 3166-1 alpha-2.
    Country,
    /// ISO 4217.
    Currency,
    /// A time of the day, HH:MM.
    Time,
    /// A whole number from the first to the last.
    Number(i64, i64),
    /// Degrees from minus to plus so many.
    Degrees(i32),
    /// The key of a record of this kind in the same project; of an organisation for a partner.
    Reference(Kind),
    /// Citations: the key of a source, or `key:place`.
    Citations,
    /// Texts in several languages, each a name; at least one where it is required.
    Names { required: bool },
    /// Texts in several languages, which may be long or blank.
    LongTexts,
    /// A list of longer texts.
    Texts,
    /// A list of names.
    NameList,
    /// A record that belongs to this one, with what it says.
    One(fn() -> &'static [Field]),
    /// A list of records that belong to this one, with what each of them says.
    Each(fn() -> List),
    /// A list of records of several kinds, such as `partner:torino`.
    Mentions,
    /// A list of keys of records of this kind, each once.
    References(Kind),
    /// A word of a vocabulary, a date, or yes or no: its type is all that it is held to.
    Any,
    /// Held to what the record's own room says.
    Own,
}

/// A field of a record, as its room declares it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As the room spells it; see [`Field::camel`].
    pub name: &'static str,
    pub rule: Rule,
    /// The field's type, as it is declared.
    pub kind: &'static str,
}

impl Field {
    /// The field as the project file and the API spell it.
    #[must_use]
    pub fn camel(&self) -> String {
        self.name.to_lower_camel_case()
    }

    /// Whether the record may be without it: null is a value of it.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.kind.starts_with("Option<")
    }
}

/// A list of records that belong to another one.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// What each entry says.
    pub fields: &'static [Field],
    /// The fields by which an entry is known again when its list is given anew.
    pub known_by: &'static [&'static str],
    /// The version of the list of a parent.
    pub version: fn(&Rows, Uuid) -> String,
}
