//! Calendar entries of outputs whose texts are made by chance: whatever a title or a place says, it
//! stays text of its property (RFC 5545, 3.1 and 3.3.11).

use domain::project::Project;
use entities::{Localized, OutputKind};
use proptest::prelude::*;

use super::given::{reminder, rows};

/// The properties that an entry may have; none comes from a text.
const NAMES: [&str; 19] = [
    "BEGIN",
    "END",
    "VERSION",
    "PRODID",
    "CALSCALE",
    "METHOD",
    "UID",
    "DTSTAMP",
    "SEQUENCE",
    "SUMMARY",
    "DESCRIPTION",
    "DTSTART",
    "DTEND",
    "URL",
    "STATUS",
    "TRANSP",
    "LOCATION",
    "ORGANIZER",
    "CREATED",
];

/// The properties of a calendar: the name of each, and its value.
fn properties(calendar: &str) -> Vec<(String, String)> {
    let unfolded = calendar.replace("\r\n ", "").replace("\r\n\t", "");
    let lines = unfolded.split("\r\n").filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            let name = name.split(';').next().unwrap_or_default();
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            other => text.push(other),
        }
    }
    text
}

/// What may be in a text, and what would end it in a calendar.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{1,30}",
        "[à-ž]{1,40}",
        any::<char>()
            .prop_filter("no control character", |one| !one.is_control())
            .prop_map(String::from),
        prop::sample::select(
            &[
                "\\n",
                "\\",
                ";",
                ",",
                ":",
                "\"",
                "END:VEVENT",
                "🇪🇺",
                "\u{202e}"
            ][..]
        )
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| format!("x{}x", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_title_and_any_place_stay_texts(title in text(), place in text()) {
        let mut rows = rows();
        let kept = rows.outputs.iter_mut().find(|output| {
            output.kind == OutputKind::StaffExchange && output.key == "x_thessaloniki_delta_leg1"
        });
        let output = kept.unwrap();
        output.title = Localized([("en".to_owned(), title)].into());
        output.place = Some(place.clone());
        let project = Project::new(rows);
        let exchange = (OutputKind::StaffExchange, "x_thessaloniki_delta_leg1");
        let mail = reminder(&project, exchange, "delta-exchanges", "2021-09-06T06:00:00Z");
        let calendar = mail.calendar.unwrap();
        for line in calendar.split("\r\n") {
            prop_assert!(line.len() <= 75, "{}", line);
            prop_assert!(!line.contains('\n'), "{}", line);
        }
        let properties = properties(&calendar);
        for (name, _) in &properties {
            prop_assert!(NAMES.contains(&name.as_str()), "{}", name);
        }
        let events = properties.iter().filter(|(name, value)| name == "END" && value == "VEVENT");
        prop_assert_eq!(events.count(), 1);
        let value = |wanted: &str| {
            let found = properties.iter().find(|(name, _)| name == wanted);
            unescaped(&found.unwrap().1)
        };
        prop_assert!(value("LOCATION").contains(&place), "{} / {}", value("LOCATION"), place);
    }
}
