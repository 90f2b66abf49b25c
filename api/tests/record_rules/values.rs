//! What each field of each record must refuse, and with which code. It is written down here by hand and
//! does not come from the records: a rule that a room loses is missed here.

use serde_json::{Value, json};

/// A value that a field must refuse.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// As a project file spells it.
    pub value: Value,
    /// The code, which file and mutation give alike. Empty: the value is of another type, which the
    /// request or the file refuses by its form.
    pub code: &'static str,
}

/// The kinds of values that fields have, by what they must refuse.
#[derive(Clone, Copy, Debug)]
pub enum Refuses {
    Key,
    /// A name: blank, too long, or in two lines.
    Name,
    /// A text that is not blank.
    Text,
    /// A text that may be blank.
    LongText,
    Url,
    Mail,
    Zone,
    Language,
    Country,
    Currency,
    Time,
    /// A key that names nothing.
    Reference,
    References,
    Citations,
    /// By language: names of which one at least is given.
    Names,
    /// By language: names.
    SomeNames,
    /// By language: long texts.
    LongTexts,
    /// By field and language; one of the fields.
    Translations(&'static str),
    Texts,
    NameList,
    /// A whole number in a range.
    Range(i64, i64),
    /// Degrees from minus to plus so many.
    Degrees(i64),
    /// A word of a vocabulary.
    Word,
    /// A day.
    Day,
    /// A day, month or year.
    Date,
    /// Yes or no.
    YesNo,
    /// What no value that has the right form is refused for.
    Nothing,
    /// What only the record as a whole refuses; see `BETWEEN`.
    Between,
    /// A list of entries, which have a table of their own: one that is too long.
    List,
}

use Refuses::*;

/// The most of an amount in minor units.
const AMOUNT: i64 = 1_000_000_000_000_000;
const OPEN: i64 = i64::MAX;

/// Every field of every record.
#[rustfmt::skip]
pub const FIELDS: &[(&str, &[(&str, Refuses)])] = &[
    ("Project", &[
        ("key", Key), ("acronym", Name), ("name", Names), ("summary", LongTexts),
        ("programme", Nothing), ("startsOn", Day), ("endsOn", Day), ("timeZone", Zone),
        ("defaultLocale", Language), ("grantAgreement", Name), ("callReference", Name),
        ("websites", Between), ("related", Between), ("public", YesNo), ("leadTimes", Between),
        ("sources", Citations),
    ]),
    ("Programme", &[("key", Key), ("name", SomeNames)]),
    ("Source", &[("key", Key), ("title", Name), ("publisher", Name), ("address", Url), ("translations", Translations("title"))]),
    ("Organisation", &[
        ("key", Key), ("kind", Word), ("name", Name), ("nativeName", Name), ("country", Country),
        ("timeZone", Zone), ("locale", Language), ("latitude", Degrees(90)),
        ("longitude", Degrees(180)), ("geonamesId", Range(1, OPEN)), ("wikidataId", Name),
        ("translations", Translations("name")),
    ]),
    ("Partner", &[
        ("organisation", Reference), ("kind", Word), ("via", Reference), ("actingBody", LongText),
        ("joinedOn", Day), ("leftOn", Day), ("note", LongText), ("basis", Nothing),
        ("sources", Citations),
        ("translations", Translations("actingBody")),
    ]),
    ("Person", &[
        ("key", Key), ("kind", Word), ("name", Name), ("address", Mail), ("locale", Language),
        ("timeZone", Zone), ("digest", Word), ("digestHour", Range(0, 23)), ("pausedUntil", Day),
        ("roles", Between),
    ]),
    ("Role", &[("kind", Word), ("partner", Reference), ("from", Day), ("until", Day)]),
    ("Community", &[
        ("key", Key), ("number", Range(1, 999)), ("letter", Name), ("title", Names),
        ("expert", Reference), ("plannedVisits", Range(0, 999)), ("note", LongText),
        ("members", Between), ("sources", Citations),
        ("translations", Translations("note")),
    ]),
    ("Member", &[("partner", Reference), ("role", Word), ("roleHint", Name), ("basis", Nothing), ("translations", Translations("roleHint"))]),
    ("Target", &[
        ("key", Key), ("label", Names), ("unit", Word), ("value", Range(1, AMOUNT)),
        ("currency", Between), ("headline", YesNo), ("dueOn", Day), ("planByPercent", Range(1, 100)),
        ("rule", Between),
        ("ruleVersion", Range(1, 1_000_000)), ("stated", Range(0, AMOUNT)),
        ("statedSources", Citations), ("note", LongText), ("basis", Nothing), ("sources", Citations),
        ("translations", Translations("note")),
    ]),
    ("Practice", &[
        ("key", Key), ("name", Name), ("kind", Name), ("partner", Reference), ("since", Date),
        ("description", LongText), ("facts", Texts), ("note", LongText), ("sources", Citations),
        ("translations", Translations("name")),
    ]),
    ("Pairing", &[
        ("key", Key), ("community", Reference), ("daysPerLeg", Range(1, 60)), ("mentor", References),
        ("implementing", References), ("result", LongText), ("note", LongText), ("basis", Nothing),
        ("sources", Citations),
        ("translations", Translations("result")),
    ]),
    ("Forum", &[
        ("key", Key), ("name", Names), ("practice", Reference), ("partner", Reference),
        ("district", Name), ("founded", Date), ("meets", LongText), ("access", LongText),
        ("funding", LongText), ("beneficiaries", LongText), ("goals", Texts), ("results", Texts),
        ("stated", Between), ("members", List), ("topics", List), ("meetings", List),
        ("sources", Citations),
        ("translations", Translations("district")),
    ]),
    ("ForumMember", &[
        ("kind", Word), ("name", Name), ("state", Word), ("applied", Date), ("decided", Date),
        ("translations", Translations("name")),
    ]),
    ("ForumTopic", &[("title", Name), ("proposedBy", Word), ("proposed", Date), ("translations", Translations("title"))]),
    ("ForumMeeting", &[("held", Date), ("place", Name), ("note", LongText), ("translations", Translations("place"))]),
    ("BudgetLine", &[
        ("key", Key), ("kind", Word), ("label", Name), ("partner", Reference),
        ("amountMinor", Range(0, AMOUNT)), ("currency", Currency), ("note", LongText),
        ("sources", Citations),
        ("translations", Translations("label")),
    ]),
    ("Call", &[
        ("key", Key), ("title", Name), ("issued", Date), ("deadline", Day), ("forWhom", Text),
        ("places", Range(1, 1_000_000)), ("formUrl", Url), ("required", Texts), ("sources", Citations),
        ("translations", Translations("title")),
    ]),
    ("Publication", &[
        ("key", Key), ("title", Name), ("published", Date), ("url", Url), ("community", Reference),
        ("sources", Citations),
        ("translations", Translations("title")),
    ]),
    ("Note", &[
        ("key", Key), ("kind", Word), ("topic", Name), ("body", LongText), ("readings", Between),
        ("about", References),
        ("translations", Translations("topic")),
    ]),
    ("ReminderRule", &[
        ("key", Key), ("category", Between), ("anchor", Word), ("offsets", Between), ("atTime", Time),
        ("weekday", Range(1, 7)), ("monthDay", Range(1, 28)), ("audience", Between),
        ("usefulHours", Range(1, 8760)), ("enabled", YesNo),
    ]),
    ("Proposal", &[
        ("key", Key), ("output", Reference), ("by", Reference), ("proposedAt", Day),
        ("reason", LongText), ("until", Day), ("oldStarts", Date), ("oldEnds", Date),
        ("starts", Date), ("ends", Date), ("decision", Word), ("decidedAt", Day),
        ("answer", LongText),
    ]),
    ("Output", &[
        ("key", Key), ("kind", Nothing), ("community", Reference), ("lead", Reference),
        ("title", SomeNames), ("host", Reference), ("mode", Word), ("place", Text),
        ("platform", Text), ("plannedFrom", Date), ("plannedTo", Date), ("starts", Date),
        ("ends", Date), ("days", Range(1, OPEN)), ("dueOn", Day), ("note", LongText),
        ("history", Between), ("evidence", List), ("participants", List), ("agenda", List),
        ("learning", List), ("basis", Nothing), ("sources", Citations),
        ("translations", Translations("place")),
    ]),
    ("Step", &[
        ("verb", Word), ("effectiveOn", Day), ("recordedAt", Nothing), ("reason", LongText),
        ("oldStarts", Date), ("oldEnds", Date), ("newStarts", Date), ("newEnds", Date),
        ("reporters", Between),
    ]),
    ("Evidence", &[
        ("kind", Word), ("title", Name), ("source", Reference), ("locator", Name), ("url", Url),
        ("sha256", Between), ("mediaType", Name), ("size", Range(0, OPEN)),
        ("translations", Translations("title")),
    ]),
    ("Participant", &[
        ("partner", Reference), ("person", Reference), ("who", Text), ("status", Word),
        ("reason", Text), ("since", Date), ("sources", Citations),
        ("translations", Translations("who")),
    ]),
    ("AgendaItem", &[
        ("day", Range(1, OPEN)), ("partOfDay", Word), ("kind", Word), ("title", Text),
        ("presenter", Reference), ("speakers", NameList), ("sources", Citations),
        ("translations", Translations("title")),
    ]),
    ("Learning", &[
        ("kind", Word), ("body", Text), ("partner", Reference), ("since", Date), ("by", Reference),
        ("sources", Citations), ("who", Text), ("key", Key), ("background", Text), ("challenge", Key),
        ("outcome", Text), ("outcomeSince", Date), ("uptake", Word), ("plan", Reference),
        ("measure", Text), ("policy", Reference), ("uptakeReason", Text), ("uptakeSince", Date),
        ("translations", Translations("body")),
    ]),
    ("StaffExchange", &[
        ("pairing", Reference), ("leg", Range(1, 2)), ("learned", Text), ("adapted", Text),
        ("translations", Translations("learned")),
    ]),
    ("Visit", &[
        ("number", Range(1, OPEN)), ("organiser", Reference), ("practices", References),
    ]),
    ("Event", &[("kind", Word), ("aboutParticipants", Range(1, OPEN)), ("website", Url)]),
    ("ActionPlan", &[
        ("kind", Word), ("originalTitle", Name), ("draftPeriod", Name), ("period", Name),
        ("presented", Date), ("documentUrl", Url), ("measures", List), ("stakeholders", List),
        ("endorsements", List),
        ("translations", Translations("draftPeriod")),
    ]),
    ("Measure", &[("title", Text), ("state", Word), ("due", Date), ("translations", Translations("title"))]),
    ("Stakeholder", &[("name", Name), ("kind", Name), ("translations", Translations("name"))]),
    ("Endorsement", &[
        ("body", Text), ("endorsed", Date), ("documentUrl", Url), ("sources", Citations),
        ("translations", Translations("body")),
    ]),
    ("Policy", &[
        ("kind", Word), ("plan", Reference), ("opened", Date), ("grantMinor", Range(0, AMOUNT)),
        ("currency", Currency), ("beneficiaries", Text), ("facts", Texts),
        ("translations", Translations("beneficiaries")),
    ]),
    ("Champion", &[
        ("person", Reference), ("roleTitle", Name), ("selected", Date), ("trained", Date),
        ("trainings", List),
        ("translations", Translations("roleTitle")),
    ]),
    ("Training", &[("description", Text), ("workshop", Reference), ("held", Date), ("audience", Text), ("translations", Translations("description"))]),
    ("ChampionWorkshop", &[("aboutParticipants", Range(1, OPEN))]),
    ("Guide", &[("language", Language), ("landingUrl", Url), ("fileUrl", Url)]),
    ("Video", &[("language", Language), ("url", Url)]),
];

/// What a record as a whole refuses: its fields that are not as in the sample, the field that is wrong,
/// and the code.
#[rustfmt::skip]
pub fn between() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let url = json!([{ "url": "javascript:alert(1)" }]);
    let years = "9".repeat(301);
    vec![
        ("Project", json!({ "startsOn": "2024-01-01" }), "endsOn", "ENDS_BEFORE_START"),
        ("Project", json!({ "startsOn": "1900-01-01" }), "startsOn", "OUT_OF_RANGE"),
        ("Project", json!({ "endsOn": "2300-01-01" }), "endsOn", "OUT_OF_RANGE"),
        ("Project", json!({ "endsOn": "2051-01-01" }), "endsOn", "OUT_OF_RANGE"),
        ("Project", json!({ "startsOn": "0001-01-01", "endsOn": "9999-12-31" }), "startsOn",
            "OUT_OF_RANGE"),
        ("Project", json!({ "startsOn": "0001-01-01", "endsOn": "9999-12-31" }), "endsOn",
            "OUT_OF_RANGE"),
        ("Project", json!({ "websites": url }), "websites.0", "NOT_A_URL"),
        ("Project", json!({ "related": [{ "name": " ", "relation": "PREDECESSOR" }] }),
            "related.0.name", "REQUIRED"),
        ("Project", json!({ "related": [{ "name": "X", "relation": "PREDECESSOR", "years": years }] }),
            "related.0.years", "TOO_LONG"),
        ("Project", json!({ "leadTimes": [{ "kind": "VISIT", "days": 731 }] }),
            "leadTimes.0.days", "OUT_OF_RANGE"),
        ("Project", json!({ "leadTimes": [{ "kind": "VISIT", "days": 1 }, { "kind": "VISIT", "days": 2 }] }),
            "leadTimes.1.kind", "TWICE"),
        ("Organisation", json!({ "latitude": null }), "latitude", "REQUIRED"),
        ("Organisation", json!({ "longitude": null }), "longitude", "REQUIRED"),
        ("Partner", json!({ "joinedOn": "2022-01-01", "leftOn": "2021-06-01" }), "leftOn",
            "ENDS_BEFORE_START"),
        ("Target", json!({ "currency": "EUR" }), "currency", "OUT_OF_RANGE"),
        ("Target", json!({ "dueOn": "2020-12-31" }), "dueOn", "OUT_OF_RANGE"),
        ("Pairing", json!({ "implementing": ["torino"] }), "implementing.0", "TWICE"),
        ("Forum", json!({ "stated": [{ "value": -1, "what": "X" }] }), "stated.0.value", "OUT_OF_RANGE"),
        ("Forum", json!({ "stated": [{ "value": 1, "what": " " }] }), "stated.0.what", "REQUIRED"),
        ("Forum", json!({ "stated": [{ "value": 1, "what": "X", "source": "nothing" }] }),
            "stated.0.source", "NOT_FOUND"),
        ("ForumMember", json!({ "name": null }), "name", "REQUIRED"),
        ("ForumMember", json!({ "kind": "INDIVIDUAL" }), "name", "OUT_OF_RANGE"),
        ("ForumMember", json!({ "applied": "2022", "decided": "2021" }), "decided",
            "ENDS_BEFORE_START"),
        ("Call", json!({ "issued": "2021-05", "deadline": "2021-04-30" }), "deadline",
            "ENDS_BEFORE_START"),
        ("Note", json!({ "readings": [{ "value": " " }] }), "readings.0.value", "REQUIRED"),
        ("Note", json!({ "readings": [{ "value": "X", "source": "nothing" }] }),
            "readings.0.source", "NOT_FOUND"),
        ("Note", json!({ "about": ["partner:torino", "partner:torino"] }), "about.1", "TWICE"),
        ("ReminderRule", json!({ "offsets": [731] }), "offsets.0", "OUT_OF_RANGE"),
        ("ReminderRule", json!({ "offsets": [-1] }), "offsets.0", "OUT_OF_RANGE"),
        ("ReminderRule", json!({ "category": "QUESTION", "anchor": "VISIT_END", "offsets": [90] }),
            "offsets.0", "OUT_OF_RANGE"),
        ("ReminderRule", json!({ "category": "QUESTION", "anchor": "VISIT_END",
            "offsets": [-1, -2, -3, -4] }), "offsets", "OUT_OF_RANGE"),
        ("Learning", json!({ "key": "reach" }), "key", "OUT_OF_RANGE"),
        ("Learning", json!({ "background": "Night work" }), "background", "OUT_OF_RANGE"),
        ("Learning", json!({ "outcome": "A desk" }), "outcome", "OUT_OF_RANGE"),
        ("Learning", json!({ "challenge": "reach" }), "challenge", "NOT_FOUND"),
        ("Learning", json!({ "uptake": "TAKEN_UP" }), "uptake", "OUT_OF_RANGE"),
        ("Learning", json!({ "kind": "ADVICE", "uptake": "TAKEN_UP" }), "uptakeReason",
            "REASON_REQUIRED"),
        ("Learning", json!({ "kind": "ADVICE", "uptake": "NOT_TAKEN_UP", "plan": "actionPlan" }), "plan",
            "OUT_OF_RANGE"),
        ("Learning", json!({ "measure": "A desk" }), "measure", "OUT_OF_RANGE"),
        ("ReminderRule", json!({ "offsets": [] }), "offsets", "REQUIRED"),
        ("ReminderRule", json!({ "audience": [] }), "audience", "REQUIRED"),
        ("ReminderRule", json!({ "weekday": 1 }), "weekday", "OUT_OF_RANGE"),
        ("ReminderRule", json!({ "monthDay": 1 }), "monthDay", "OUT_OF_RANGE"),
        ("ReminderRule", json!({ "category": "SIGN_IN" }), "category", "OUT_OF_RANGE"),
        ("ReminderRule", json!({ "anchor": "DUE_DAY" }), "anchor", "OUT_OF_RANGE"),
        ("Proposal", json!({ "starts": "2022-06-02", "ends": "2022-06-01" }), "ends",
            "ENDS_BEFORE_START"),
        ("Proposal", json!({ "decidedAt": null }), "decidedAt", "REQUIRED"),
        ("Proposal", json!({ "decision": null }), "decision", "REQUIRED"),
        ("Output", json!({ "plannedFrom": "2022-06", "plannedTo": "2022-05" }), "plannedTo",
            "ENDS_BEFORE_START"),
        ("Output", json!({ "starts": "2022-06-02", "ends": "2022-06-01" }), "ends",
            "ENDS_BEFORE_START"),
        ("Output", json!({ "dueOn": "2020-12-31" }), "dueOn", "OUT_OF_RANGE"),
        ("Output", json!({ "history": [{ "verb": "VERIFIED" }] }), "history.0.verb", "WRONG_ORDER"),
        ("Output", json!({ "participants": [{ "partner": "torino" }, { "partner": "torino" }] }),
            "participants.1.partner", "TWICE"),
        ("Step", json!({ "reporters": ["torino"] }), "reporters", "OUT_OF_RANGE"),
        ("Evidence", json!({ "source": null }), "source", "REQUIRED"),
        ("Evidence", json!({ "kind": "FILE" }), "sha256", "REQUIRED"),
        ("Evidence", json!({ "sha256": "x" }), "sha256", "OUT_OF_RANGE"),
        ("Participant", json!({ "partner": null, "who": null }), "", "REQUIRED"),
        ("Champion", json!({ "selected": "2022-12", "trained": "2021" }), "trained",
            "ENDS_BEFORE_START"),
        ("Role", json!({ "partner": null }), "partner", "REQUIRED"),
        ("Role", json!({ "from": "2022-06-02", "until": "2022-06-01" }), "until",
            "ENDS_BEFORE_START"),
        ("Person", json!({ "roles": [{ "kind": "VIEWER" }, { "kind": "VIEWER" }] }), "roles.1", "TWICE"),
        ("Community", json!({ "members": [{ "partner": "torino" }, { "partner": "torino" }] }),
            "members.1.partner", "TWICE"),
    ]
}

impl Refuses {
    /// The values that such a field must refuse.
    pub fn values(self) -> Vec<Wrong> {
        let wrong = |value: Value, code| Wrong { value, code };
        let long = |length: usize| "x".repeat(length);
        let many = |one: Value| Value::Array(vec![one; 501]);
        match self {
            Key => vec![
                wrong(json!(""), "NOT_A_KEY"),
                wrong(json!("not a key"), "NOT_A_KEY"),
                wrong(json!(long(101)), "NOT_A_KEY"),
            ],
            Name => vec![
                wrong(json!(" "), "REQUIRED"),
                wrong(json!(long(301)), "TOO_LONG"),
                wrong(json!("two\nlines"), "NOT_ONE_LINE"),
            ],
            Text => vec![
                wrong(json!(" "), "REQUIRED"),
                wrong(json!(long(10_001)), "TOO_LONG"),
            ],
            LongText => vec![wrong(json!(long(10_001)), "TOO_LONG")],
            Url => vec![
                wrong(json!("javascript:alert(1)"), "NOT_A_URL"),
                wrong(json!("https:river.example"), "NOT_A_URL"),
                wrong(
                    json!(format!("https://river.example/{}", long(2000))),
                    "NOT_A_URL",
                ),
            ],
            Mail => vec![
                wrong(json!("desk"), "NOT_AN_ADDRESS"),
                wrong(json!("a..b@river.example"), "NOT_AN_ADDRESS"),
            ],
            Zone => vec![wrong(json!("Mars/Olympus"), "NOT_A_ZONE")],
            Language => vec![
                wrong(json!("@@"), "NOT_A_LANGUAGE"),
                wrong(json!(""), "NOT_A_LANGUAGE"),
            ],
            Country => vec![wrong(json!("XX"), "NOT_A_COUNTRY")],
            Currency => vec![wrong(json!("euro"), "OUT_OF_RANGE")],
            Time => vec![
                wrong(json!("9:00"), "OUT_OF_RANGE"),
                wrong(json!("24:01"), "OUT_OF_RANGE"),
            ],
            Reference => vec![wrong(json!("nothing"), "NOT_FOUND")],
            References => vec![wrong(json!(["nothing"]), "NOT_FOUND")],
            Citations => vec![
                wrong(json!(["nothing"]), "NOT_FOUND"),
                wrong(json!([format!("s1:{}", long(301))]), "TOO_LONG"),
                wrong(json!(["s1: "]), "REQUIRED"),
                wrong(many(json!("s1:1")), "OUT_OF_RANGE"),
            ],
            Names => vec![
                wrong(json!({}), "REQUIRED"),
                wrong(json!({ "en": " " }), "REQUIRED"),
                wrong(json!({ "en": long(301) }), "TOO_LONG"),
                wrong(json!({ "en": "One", "@@": "Two" }), "NOT_A_LANGUAGE"),
            ],
            SomeNames => vec![
                wrong(json!({ "en": long(301) }), "TOO_LONG"),
                wrong(json!({ "en": "One", "@@": "Two" }), "NOT_A_LANGUAGE"),
            ],
            LongTexts => vec![
                wrong(json!({ "en": long(10_001) }), "TOO_LONG"),
                wrong(json!({ "@@": "Two" }), "NOT_A_LANGUAGE"),
            ],
            Translations(field) => vec![
                wrong(json!({ "nothing": { "it": "Due" } }), "OUT_OF_RANGE"),
                wrong(json!({ (field): { "@@": "Due" } }), "NOT_A_LANGUAGE"),
                wrong(json!({ (field): { "it": long(10_001) } }), "TOO_LONG"),
                wrong(json!({ (field): { "it": ["Uno", "Due"] } }), "WRONG_TYPE"),
            ],
            Texts => vec![
                wrong(json!(["One", " "]), "REQUIRED"),
                wrong(json!([long(10_001)]), "TOO_LONG"),
                wrong(many(json!("One")), "OUT_OF_RANGE"),
            ],
            NameList => vec![
                wrong(json!([" "]), "REQUIRED"),
                wrong(json!([long(301)]), "TOO_LONG"),
                wrong(many(json!("One")), "OUT_OF_RANGE"),
            ],
            Range(from, to) => {
                let mut all = vec![wrong(json!(from - 1), "OUT_OF_RANGE")];
                if to < OPEN {
                    all.push(wrong(json!(to + 1), "OUT_OF_RANGE"));
                }
                all
            }
            Degrees(most) => vec![
                wrong(json!(most + 1), "OUT_OF_RANGE"),
                wrong(json!(-most - 1), "OUT_OF_RANGE"),
            ],
            Word => vec![wrong(json!("NO_SUCH_WORD"), "")],
            Day => vec![wrong(json!("2021-02-30"), ""), wrong(json!("soon"), "")],
            Date => vec![wrong(json!("2021-13"), ""), wrong(json!("soon"), "")],
            YesNo => vec![wrong(json!("yes"), "")],
            List => vec![wrong(Value::Null, "OUT_OF_RANGE")],
            Nothing | Between => vec![],
        }
    }
}
