//! What records are called in a language.

use domain::project::{Project, RecordRef, Titles};
use entities::OutputKind;
use tests::project::{connection, in_memory};

fn project() -> Project {
    in_memory(&connection(), "2020-01-01T00:00:00Z")
}

fn title(project: &Project, locale: &str, kind: OutputKind, key: &str) -> String {
    let output = project.output_by_key(kind, key).unwrap();
    Titles::new(project, locale).output(output).into_owned()
}

#[test]
fn an_output_without_a_title_is_called_by_its_kind_and_number_or_partner() {
    let project = project();
    for (kind, key, english, italian) in [
        (
            OutputKind::Visit,
            "cop2_w3",
            "Thematic visit 3 of CoP2",
            "Visita tematica 3 della CoP2",
        ),
        (
            OutputKind::ActionPlan,
            "ap_asti",
            "Action plan, Municipality of Asti",
            "Piano d’azione, Comune di Asti",
        ),
        (
            OutputKind::Video,
            "video_cop1",
            "Video, CoP1",
            "Video, CoP1",
        ),
    ] {
        assert_eq!(title(&project, "en", kind, key), english);
        assert_eq!(title(&project, "it-CH", kind, key), italian);
        assert_eq!(title(&project, "fi", kind, key), english);
    }
}

#[test]
fn no_output_is_called_by_its_key() {
    let project = project();
    let mut without = 0;
    for output in &project.outputs {
        without += usize::from(output.title.0.is_empty());
        for locale in ["en", "it", "fi", ""] {
            let titles = Titles::new(&project, locale);
            let title = titles.output(output);
            assert!(!title.is_empty() && *title != *output.key, "{}", output.key);
            let record = RecordRef::Output(output.id);
            assert_eq!(titles.record(&record), title);
        }
    }
    assert_eq!(without, 14);
}

#[test]
fn an_organisation_has_its_native_name_for_readers_of_its_language() {
    let project = project();
    let torino = project.partner_by_key("torino").unwrap().id;
    let paris = project.partner_by_key("paris").unwrap().id;
    let name = |locale| Titles::new(&project, locale).partner(torino);
    assert_eq!(name("it"), "Città di Torino");
    assert_eq!(name("it-CH"), "Città di Torino");
    assert_eq!(name("en"), "City of Torino");
    assert_eq!(name("fi"), "City of Torino");
    let name = |locale| Titles::new(&project, locale).partner(paris);
    assert_eq!(name("fr"), "Ville de Paris");
    assert_eq!(name("it"), "Città di Parigi");
    assert_eq!(name("fi"), "City of Paris");
}

/// The organisations that the Italian source names, as it names them.
const IN_ITALIAN: [(&str, &str); 17] = [
    ("eurocities", "Eurocities"),
    ("migrationwork", "Migration Work CIC"),
    (
        "anatoliki",
        "Anatoliki S.A. – Agenzia di sviluppo di Salonicco orientale",
    ),
    ("anci_piemonte", "ANCI Piemonte"),
    ("antwerp", "Città di Anversa"),
    ("athens", "Città di Atene"),
    ("dortmund", "Città di Dortmund"),
    ("gothenburg", "Città di Göteborg"),
    ("madrid", "Città di Madrid"),
    ("paris", "Città di Parigi"),
    ("rotterdam", "Città di Rotterdam"),
    ("sofia", "Città di Sofia"),
    ("tampere", "Città di Tampere"),
    ("torino", "Città di Torino"),
    ("utrecht", "Città di Utrecht"),
    ("warsaw", "Città di Varsavia"),
    ("zagreb", "Città di Zagabria"),
];

#[test]
fn an_italian_reader_is_told_the_italian_name_of_each_organisation() {
    let project = project();
    for (key, italian) in IN_ITALIAN {
        let mut organisations = project.organisations.iter();
        let row = organisations.find(|row| row.key == key).unwrap();
        let name = |locale| {
            Titles::new(&project, locale)
                .organisation(row.id)
                .to_owned()
        };
        assert_eq!([name("it"), name("it-CH")], [italian, italian]);
        assert_eq!([name("en"), name("sk")], [&*row.name, &row.name], "{key}");
    }
}
