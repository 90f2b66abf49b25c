//! What texts are held to: names, addresses, tags and codes. Each rule is that of a standard, read by
//! a library where there is one.

use std::{borrow::Cow, collections::BTreeMap, str::FromStr};

use chrono::NaiveTime;
use email_address::EmailAddress;
use entities::Localized;
use unic_langid::LanguageIdentifier;
use url::{Host, Url};

use super::{
    Code, Kind,
    check::Check,
    rule::{KEY_BYTES, MAIL_ADDRESS_BYTES, NAME_CHARACTERS, Rule, TEXT_CHARACTERS, URL_BYTES},
};

/// ISO 3166-1 alpha-2, and XK, which its users have taken for Kosovo.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ \
    BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE \
    DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR \
    GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP \
    KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT \
    MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM \
    ZW";

/// Holds a text to a rule.
pub(super) fn check(text: &str, rule: Rule, check: &mut Check<'_>) {
    match rule {
        Rule::Key if !is_key(text) => check.add(Code::NotAKey),
        Rule::Name => name(text, check),
        Rule::Text | Rule::LongText => {
            if matches!(rule, Rule::Text) && is_blank(text) {
                check.add(Code::Required);
            } else if text.chars().count() > TEXT_CHARACTERS {
                check.with(Code::TooLong, TEXT_CHARACTERS);
            }
        }
        Rule::Url if !is_url(text) => check.add(Code::NotAUrl),
        Rule::MailAddress if mail_address(text).is_none() => check.add(Code::NotAnAddress),
        Rule::TimeZone if crate::zone::zone(text).is_err() => check.with(Code::NotAZone, text),
        Rule::Language if !is_language(text) => check.with(Code::NotALanguage, text),
        Rule::Country if !is_country(text) => check.with(Code::NotACountry, text),
        Rule::Currency if !is_currency(text) => check.with(Code::OutOfRange, "ISO 4217"),
        Rule::Time if !is_time(text) => check.with(Code::OutOfRange, "HH:MM"),
        Rule::Reference(kind) if check.around.names.id_of(kind, text).is_none() => {
            check.with(Code::NotFound, text);
        }
        _ => {}
    }
}

/// A name is not blank, not too long, and stands in one line.
fn name(text: &str, check: &mut Check<'_>) {
    if is_blank(text) {
        check.add(Code::Required);
    } else if text.chars().count() > NAME_CHARACTERS {
        check.with(Code::TooLong, NAME_CHARACTERS);
    } else if text.chars().any(char::is_control) {
        check.add(Code::NotOneLine);
    }
}

/// Whether a text shows nothing: blanks, and characters that have no shape.
fn is_blank(text: &str) -> bool {
    let is_shapeless = |c: char| {
        matches!(
            c,
            '\u{ad}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
        )
    };
    text.chars().all(|c| c.is_whitespace() || is_shapeless(c))
}

/// A citation names a source, and perhaps a place in it.
pub(super) fn check_citation(citation: &str, check: &mut Check<'_>) {
    let (key, place) = match citation.split_once(':') {
        Some((key, place)) => (key, Some(place)),
        None => (citation, None),
    };
    if check.around.names.id_of(Kind::Source, key).is_none() {
        check.with(Code::NotFound, key);
    }
    if let Some(place) = place {
        name(place, check);
    }
}

/// Whether a text can name a record everywhere: in addresses, files and the command line.
#[must_use]
pub fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= KEY_BYTES
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// Whether a text is a language tag as BCP 47 spells the common ones: language, script, region.
#[must_use]
pub fn is_language(tag: &str) -> bool {
    // The parser takes `_`, too, and "und" stands for no language.
    let is_plain = tag
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_plain && LanguageIdentifier::from_str(tag).is_ok_and(|tag| !tag.language.is_empty())
}

/// Whether a text is a country's code by ISO 3166-1.
#[must_use]
pub fn is_country(code: &str) -> bool {
    COUNTRIES.split_whitespace().any(|known| known == code)
}

/// Whether a text is a currency's code by ISO 4217.
#[must_use]
pub fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether a text is a SHA-256 hash as it is stored: 64 hexadecimal digits in small letters.
#[must_use]
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a text is a time of the day, HH:MM.
#[must_use]
pub fn is_time(text: &str) -> bool {
    text.len() == 5 && NaiveTime::parse_from_str(text, "%H:%M").is_ok()
}

/// Whether a text is an address on the web that a page may link to.
#[must_use]
pub fn is_url(text: &str) -> bool {
    let is_odd = |c: char| c.is_whitespace() || c.is_control();
    if text.len() > URL_BYTES || text.chars().any(is_odd) {
        return false;
    }
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    // The parser mends `https:host` and `https:///host`; a link is written out.
    let is_written_out = ["http://", "https://"].iter().any(|scheme| {
        let rest = text.get(..scheme.len());
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(scheme))
            && !text[scheme.len()..].starts_with(['/', '?', '#'])
    });
    is_written_out && url.has_host()
}

/// An address of mail as it is stored: one inbox has one spelling. The domain is in small letters,
/// beyond ASCII as punycode; the local part is in small letters, as no server that we know of
/// tells them apart. None where no mailer could take it.
#[must_use]
pub fn mail_address(text: &str) -> Option<String> {
    let (local, domain) = text.trim().rsplit_once('@')?;
    let domain = match Host::parse(domain).ok()? {
        Host::Domain(domain) if domain.contains('.') && !domain.ends_with('.') => domain,
        _ => return None,
    };
    let address = format!("{}@{domain}", local.to_lowercase());
    let is_one = EmailAddress::is_valid(&address)
        && address.len() <= MAIL_ADDRESS_BYTES
        && !local.contains(['"', '(', ')', '<', '>', ',', ';', ':', '\\', ' '])
        && !local.chars().any(|c| c.is_control() || c.is_whitespace());
    is_one.then_some(address)
}

/// What stands between a language and the place of a text that is given in it once more. No input
/// holds this character.
const AGAIN: char = '\0';

/// The texts of an input by language. Tags are spelled as BCP 47 recommends. A text in a language
/// that another one has is carried beside it, so that the check says where it stands.
pub fn by_language(texts: impl IntoIterator<Item = (String, String)>) -> Localized {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for (at, (tag, text)) in texts.into_iter().enumerate() {
        let tag = canonical(&tag).into_owned();
        let tag = match all.contains_key(&tag) {
            true => format!("{tag}{AGAIN}{at}"),
            false => tag,
        };
        all.insert(tag, text);
    }
    Localized(all)
}

/// The place of a text whose language another text of the same field has.
pub(super) fn twice(tag: &str) -> Option<&str> {
    tag.split_once(AGAIN).map(|(_, at)| at)
}

/// A language tag in its usual spelling: `IT-it` is `it-IT`.
#[must_use]
pub fn canonical(tag: &str) -> Cow<'_, str> {
    match LanguageIdentifier::from_str(tag) {
        Ok(identifier) if is_language(tag) => identifier.to_string().into(),
        _ => tag.into(),
    }
}
