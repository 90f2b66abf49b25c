//! What is wrong with a project, its partners, people, communities, targets and lists.

use std::collections::HashSet;

use chrono::Datelike;
use entities::*;

use super::{Check, MOST_AMOUNT, is_address, is_key};
use crate::file::{FORMAT, ProjectFile};

impl Check<'_> {
    pub(super) fn format(&mut self, file: &ProjectFile) {
        if file.format != FORMAT {
            let wrong = format!("the format is {:?}", file.format);
            self.problem("/format", wrong, format!("this version reads {FORMAT:?}"));
        }
    }

    pub(super) fn project(&mut self, file: &ProjectFile) {
        let project = &file.project;
        if !is_key(&project.key) {
            self.key("/project/key", &project.key);
        }
        for (path, day) in [
            ("/project/startsOn", project.starts_on),
            ("/project/endsOn", project.ends_on),
        ] {
            if !(1950..2200).contains(&day.year()) {
                self.problem(
                    path,
                    format!("{day} is no day of a project"),
                    "check the year",
                );
            }
        }
        if !is_key(&project.programme.key) {
            self.key("/project/programme/key", &project.programme.key);
        }
        if project.ends_on < project.starts_on {
            let wrong = format!("{} is before the start", project.ends_on);
            self.problem("/project/endsOn", wrong, "write a day after startsOn");
        }
        self.zone("/project/timeZone", &project.time_zone);
        self.locale("/project/defaultLocale", &project.default_locale);
        self.sources("/project", &project.sources);
        for (at, link) in project.websites.0.iter().enumerate() {
            if let Some(source) = &link.source {
                self.citation(&format!("/project/websites/{at}/source"), source);
            }
        }
        for (at, related) in project.related.0.iter().enumerate() {
            if let Some(source) = &related.source {
                self.citation(&format!("/project/related/{at}/source"), source);
            }
        }
        self.unique(
            "organisations",
            file.organisations.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.organisations.iter().enumerate() {
            let at = format!("/organisations/{at}");
            self.zone(&format!("{at}/timeZone"), &row.time_zone);
            self.locale(&format!("{at}/locale"), &row.locale);
            if let Some(code) = &row.country {
                self.country(&format!("{at}/country"), code);
            }
        }
        let partners = file.partners.iter().map(|row| row.organisation.as_str());
        self.unique("partners", partners, "organisation");
        for (at, row) in file.partners.iter().enumerate() {
            let at = format!("/partners/{at}");
            let path = format!("{at}/organisation");
            self.refers(&path, "organisation", &row.organisation, |keys, key| {
                keys.organisations.contains(key)
            });
            self.partner(&format!("{at}/via"), row.via.as_ref());
            let dates = [row.joined_on, row.left_on].map(|day| day.map(PartialDate::from));
            self.period(&at, ["joinedOn", "leftOn"], dates);
            self.sources(&at, &row.sources);
        }
    }

    pub(super) fn people(&mut self, file: &ProjectFile) {
        self.unique(
            "people",
            file.people.iter().map(|row| row.key.as_str()),
            "key",
        );
        let mut addresses = HashSet::new();
        for (at, row) in file.people.iter().enumerate() {
            let at = format!("/people/{at}");
            self.zone(&format!("{at}/timeZone"), &row.time_zone);
            self.locale(&format!("{at}/locale"), &row.locale);
            if !(0..24).contains(&row.digest_hour) {
                let wrong = format!("{} is no hour", row.digest_hour);
                self.problem(&format!("{at}/digestHour"), wrong, "write 0 to 23");
            }
            if let Some(address) = &row.address {
                let path = format!("{at}/address");
                if !is_address(address) {
                    let right =
                        "write one address such as exchanges@torino.example, or leave it out";
                    self.problem(&path, "it is no mail address", right);
                } else if !addresses.insert(address.to_lowercase()) {
                    let right = "give one person several roles, so that each mail comes once";
                    self.problem(&path, "another person has this address", right);
                }
            }
            if row.roles.is_empty() {
                let right = "give every person a role in the project";
                self.problem(&format!("{at}/roles"), "it is missing", right);
            }
            for (index, role) in row.roles.iter().enumerate() {
                let path = format!("{at}/roles/{index}/partner");
                self.partner(&path, role.partner.as_ref());
                if role.kind == RoleKind::Partner && role.partner.is_none() {
                    self.problem(&path, "it is missing", "name the partner that is acted for");
                }
            }
        }
    }

    pub(super) fn communities(&mut self, file: &ProjectFile) {
        self.unique(
            "communities",
            file.communities.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.communities.iter().enumerate() {
            let at = format!("/communities/{at}");
            self.partner(&format!("{at}/expert"), row.expert.as_ref());
            self.sources(&at, &row.sources);
            let mut seen = HashSet::new();
            for (index, member) in row.members.iter().enumerate() {
                let path = format!("{at}/members/{index}/partner");
                self.partner(&path, Some(&member.partner));
                if !seen.insert(&member.partner) {
                    let wrong = format!("{:?} stands twice", member.partner);
                    self.problem(&path, wrong, "name each member once");
                }
            }
        }
        self.unique(
            "pairings",
            file.pairings.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.pairings.iter().enumerate() {
            let at = format!("/pairings/{at}");
            self.community(&format!("{at}/community"), row.community.as_ref());
            self.sources(&at, &row.sources);
            let mut seen = HashSet::new();
            for (side, partners) in [("mentor", &row.mentor), ("implementing", &row.implementing)] {
                for (index, partner) in partners.iter().enumerate() {
                    let path = format!("{at}/{side}/{index}");
                    self.partner(&path, Some(partner));
                    if !seen.insert(partner) {
                        let wrong = format!("{partner:?} stands twice in the pairing");
                        self.problem(&path, wrong, "name each partner on one side only");
                    }
                }
            }
        }
    }

    pub(super) fn targets(&mut self, file: &ProjectFile) {
        self.unique(
            "targets",
            file.targets.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.targets.iter().enumerate() {
            let at = format!("/targets/{at}");
            if row.value < 1 {
                let wrong = format!("{} is nothing to reach", row.value);
                self.problem(&format!("{at}/value"), wrong, "write 1 or more");
            } else if row.value > MOST_AMOUNT {
                self.too_much(&format!("{at}/value"), row.value);
            }
            self.sources(&at, &row.sources);
            let path = format!("{at}/currency");
            match (&row.currency, row.unit) {
                (Some(code), Unit::Money) => self.currency(&path, code),
                (None, Unit::Money) => {
                    self.problem(&path, "it is missing", "money needs ISO 4217, such as EUR");
                }
                (Some(_), _) => self.problem(&path, "the unit is not money", "leave it out"),
                (None, _) => {}
            }
            let path = format!("{at}/rule/of");
            match (row.rule.measure, &row.rule.of) {
                (Measure::NotMeasured, Some(_)) => {
                    self.problem(&path, "nothing is measured", "leave it out");
                }
                (Measure::NotMeasured, None) => {}
                (_, None) => self.problem(&path, "it is missing", "say what is counted"),
                (_, Some(Counted::BudgetLine { partner, .. })) => {
                    self.partner(&format!("{path}/budgetLine/partner"), partner.as_ref());
                }
                _ => {}
            }
        }
    }

    pub(super) fn lists(&mut self, file: &ProjectFile) {
        self.unique(
            "sources",
            file.sources.iter().map(|row| row.key.as_str()),
            "key",
        );
        self.unique(
            "practices",
            file.practices.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.practices.iter().enumerate() {
            self.partner(&format!("/practices/{at}/partner"), row.partner.as_ref());
            self.sources(&format!("/practices/{at}"), &row.sources);
        }
        self.unique(
            "forums",
            file.forums.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.forums.iter().enumerate() {
            let at = format!("/forums/{at}");
            self.partner(&format!("{at}/partner"), row.partner.as_ref());
            if let Some(practice) = &row.practice {
                self.refers(
                    &format!("{at}/practice"),
                    "practice",
                    practice,
                    |keys, key| keys.practices.contains(key),
                );
            }
            self.sources(&at, &row.sources);
        }
        self.unique(
            "budgetLines",
            file.budget_lines.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.budget_lines.iter().enumerate() {
            let at = format!("/budgetLines/{at}");
            self.partner(&format!("{at}/partner"), row.partner.as_ref());
            self.currency(&format!("{at}/currency"), &row.currency);
            self.amount(&format!("{at}/amountMinor"), row.amount_minor);
            self.sources(&at, &row.sources);
        }
        self.unique(
            "calls",
            file.calls.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.calls.iter().enumerate() {
            self.sources(&format!("/calls/{at}"), &row.sources);
        }
        self.unique(
            "publications",
            file.publications.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.publications.iter().enumerate() {
            self.community(
                &format!("/publications/{at}/community"),
                row.community.as_ref(),
            );
            self.sources(&format!("/publications/{at}"), &row.sources);
        }
        self.unique(
            "notes",
            file.notes.iter().map(|row| row.key.as_str()),
            "key",
        );
        for (at, row) in file.notes.iter().enumerate() {
            for (index, reading) in row.readings.0.iter().enumerate() {
                if let Some(source) = &reading.source {
                    self.citation(&format!("/notes/{at}/readings/{index}/source"), source);
                }
            }
            for (index, about) in row.about.0.iter().enumerate() {
                self.about(
                    &format!("/notes/{at}/about/{index}"),
                    &file.project.key,
                    about,
                );
            }
        }
    }

    fn about(&mut self, path: &str, project: &str, about: &str) {
        let (kind, key) = about.split_once(':').unwrap_or((about, ""));
        let keys = &self.keys;
        let is_known = match kind {
            "project" => key == project,
            "partner" => keys.partners.contains(key),
            "community" => keys.communities.contains(key),
            "pairing" => keys.pairings.contains(key),
            "practice" => keys.practices.contains(key),
            "target" => keys.targets.contains(key),
            "output" => keys.outputs.iter().any(|(_, output)| *output == key),
            _ => false,
        };
        if !is_known {
            let right = "write project, partner, community, pairing, practice, target or output, \
                         a colon and the key of one in this file";
            self.problem(path, format!("there is no {about:?}"), right);
        }
    }
}
