//! What a field of a record is held to, as data: `record!` writes it beside the field, and whoever describes
//! records (JSON Schema, the API) reads it.

use heck::ToLowerCamelCase;
use schemars::{Schema, SchemaGenerator};
use uuid::Uuid;

use super::{Kind, rows::Rows};

/// How long a name may be, in characters.
pub const NAME_CHARACTERS: usize = 300;
/// How long a text may be, in characters.
pub const TEXT_CHARACTERS: usize = 10_000;
/// How long an address of mail may be, in bytes (RFC 5321, 4.5.3.1.3 without the brackets).
pub const MAIL_ADDRESS_BYTES: usize = 254;
/// How long an address on the web may be, in bytes.
pub const URL_BYTES: usize = 2000;
/// How long a key may be, in bytes.
pub const KEY_BYTES: usize = 100;
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
    /// Texts in other languages: of which record, and of which of its fields, as clients spell them.
    Translated(fn() -> &'static [Field], &'static [&'static str]),
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

impl Rule {
    /// Whether a text of this rule is written for people, and not a key, a code or an address on the web.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::Name | Self::Text | Self::LongText | Self::MailAddress
        )
    }
}

/// What the values of a field are held to, for who makes forms. A value that fits may still be refused for
/// what only the rule itself knows, such as that there is no such time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The most letters of a text.
    pub max_length: Option<usize>,
    pub is_not_blank: bool,
    pub is_one_line: bool,
    pub min: Option<i64>,
    pub max: Option<i64>,
    /// A regular expression for the whole text.
    pub pattern: Option<&'static str>,
    /// What the text is by a standard.
    pub format: Option<Format>,
}

/// What a text is by a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "TextFormat"))]
pub enum Format {
    /// The key of a record: letters, digits, `-` and `_`.
    Key,
    /// An address on the web: http or https.
    Url,
    /// An address of mail.
    MailAddress,
    /// The IANA name of a time zone, such as `Europe/Rome`.
    TimeZone,
    /// A language as a BCP 47 tag, such as `it`.
    Language,
    /// A country as an ISO 3166-1 alpha-2 code, such as `IT`.
    Country,
    /// A currency as an ISO 4217 code, such as `EUR`.
    Currency,
    /// A time of the day, such as `09:00`.
    Time,
}

impl Rule {
    /// What each value of the field is held to.
    #[must_use]
    pub fn limits(self) -> Limits {
        let text = |length: usize| Limits {
            max_length: Some(length),
            ..Limits::default()
        };
        let of = |format: Format| Limits {
            is_not_blank: true,
            is_one_line: true,
            format: Some(format),
            ..Limits::default()
        };
        let within = |format, pattern| Limits {
            pattern: Some(pattern),
            ..of(format)
        };
        match self {
            Self::Key => Limits {
                max_length: Some(KEY_BYTES),
                ..within(Format::Key, "^[A-Za-z0-9_-]+$")
            },
            Self::Name | Self::Names { .. } | Self::NameList => Limits {
                is_not_blank: true,
                is_one_line: true,
                ..text(NAME_CHARACTERS)
            },
            Self::Text | Self::Texts => Limits {
                is_not_blank: true,
                ..text(TEXT_CHARACTERS)
            },
            Self::LongText | Self::LongTexts => text(TEXT_CHARACTERS),
            Self::Url => Limits {
                max_length: Some(URL_BYTES),
                ..of(Format::Url)
            },
            Self::MailAddress => Limits {
                max_length: Some(MAIL_ADDRESS_BYTES),
                ..of(Format::MailAddress)
            },
            Self::TimeZone => of(Format::TimeZone),
            Self::Language => of(Format::Language),
            Self::Country => within(Format::Country, "^[A-Z]{2}$"),
            Self::Currency => within(Format::Currency, "^[A-Z]{3}$"),
            Self::Time => within(Format::Time, "^([01][0-9]|2[0-3]):[0-5][0-9]$"),
            Self::Number(from, to) => Limits {
                min: Some(from),
                max: Some(to).filter(|to| *to < i64::MAX),
                ..Limits::default()
            },
            Self::Degrees(most) => Limits {
                min: Some(-i64::from(most)),
                max: Some(most.into()),
                ..Limits::default()
            },
            Self::Reference(_)
            | Self::Citations
            | Self::Translated(..)
            | Self::One(_)
            | Self::Each(_)
            | Self::Mentions
            | Self::References(_)
            | Self::Any
            | Self::Own => Limits::default(),
        }
    }
}

/// A field of a record, as its room declares it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As the room spells it; see [`Field::camel`].
    pub name: &'static str,
    pub rule: Rule,
    /// The field's type, as it is declared.
    pub kind: &'static str,
    /// What the room says of it.
    pub description: &'static str,
    /// Whether a file may leave it out though it always has a value.
    pub has_default: bool,
    /// The JSON Schema of its type.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
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
    /// What the room calls each entry.
    pub name: &'static str,
    /// What each entry says.
    pub fields: &'static [Field],
    /// The fields by which an entry is known again when its list is given anew.
    pub known_by: &'static [&'static str],
    /// The version of the list of a parent.
    pub version: fn(&Rows, Uuid) -> String,
}
