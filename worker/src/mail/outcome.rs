//! The question what came of a challenge, with all that peers said about it.

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use domain::project::{AsOf, Project};
use domain::record::{Entry, NodeId};
use domain::zone;
use entities::*;
use serde::Serialize;
use uuid::Uuid;

use super::{Mail, Mailer, reader};
use crate::wording::names::Names;
use crate::wording::words::{Key, say};

#[derive(Debug, Serialize)]
struct Content {
    title: String,
    lead: String,
    challenges: Vec<Challenge>,
    settle: Vec<String>,
    after: String,
}

/// A challenge as its city put it, and what it was told.
#[derive(Debug, Serialize)]
struct Challenge {
    /// What was asked, by whom where that is not the reader.
    question: String,
    background: Option<String>,
    advice: Vec<String>,
    /// Where the city says what came of it.
    link: String,
}

impl Mailer {
    /// The question what came of the challenges that the recipient's city put in an output.
    ///
    /// # Errors
    /// If the subject of the row is not in this project, nothing is asked of it, or a template fails.
    pub fn outcome_question(
        &self,
        project: &Project,
        row: &notification::Model,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Mail> {
        let (person, names) = reader(project, row)?;
        let output = project
            .outputs
            .iter()
            .find(|output| Uuid::from(output.id) == row.subject_id)
            .context("what the question is about is not in the project")?;
        let as_of = AsOf::today(zone::day_in(now, project.zone()));
        let own = names.acts_for(person.id);
        let all: Vec<_> = project.open_challenges(output.id, as_of).collect();
        let is_own = |row: &&&learning::Model| {
            Project::poser_of(row).is_some_and(|poser| own.contains(&poser))
        };
        let mut asked: Vec<&learning::Model> = all.iter().filter(is_own).copied().collect();
        let stands_in = asked.is_empty();
        if stands_in {
            asked = all;
        }
        ensure!(!asked.is_empty(), "{} has no open challenge", output.key);
        let words = names.words;
        let what = names.short(output);
        let content = Content {
            title: names.title(output).map_or(what.clone(), str::to_owned),
            lead: say!(
                words,
                Key("outcome-lead"),
                count = asked.len(),
                what = what.as_str()
            ),
            challenges: asked
                .iter()
                .map(|row| self.challenge(names, row, as_of, stands_in))
                .collect(),
            settle: words.list(Key("outcome-settle"), &[]),
            after: say!(words, Key("outcome-after")),
        };
        let subject = say!(
            words,
            Key("outcome-subject"),
            count = asked.len(),
            what = what
        );
        let preheader = content.lead.clone();
        self.finish(names, row, "outcome", subject, &preheader, &content)
    }

    fn challenge(
        &self,
        names: Names<'_>,
        row: &learning::Model,
        as_of: AsOf,
        names_city: bool,
    ) -> Challenge {
        let (project, words) = (names.project, names.words);
        let question = names.said(&row.translations, "body", &row.body).to_owned();
        let poser = Project::poser_of(row).filter(|_| names_city);
        let advice = project.said_about(row, LearningKind::Advice, as_of);
        let advice = advice.map(|row| {
            let text = names.said(&row.translations, "body", &row.body);
            let who = row.who.as_deref();
            let who = who.map(|who| names.said(&row.translations, "who", who));
            match row.by_id.map(|by| names.partner(by)).or(who) {
                Some(who) => say!(words, Key("outcome-advice"), text = text, who = who),
                None => text.to_owned(),
            }
        });
        let city = Project::poser_of(row).map(|poser| &project.organisation_of(poser).key);
        let city = city.map_or("", String::as_str);
        let id = NodeId::encode(Entry::Learning.name(), project.id(), row.id);
        Challenge {
            question: match poser {
                Some(poser) => say!(
                    words,
                    Key("outcome-of"),
                    who = names.partner(poser),
                    text = question
                ),
                None => question,
            },
            background: row.background.as_deref().map(|text| {
                let text = names.said(&row.translations, "background", text);
                text.to_owned()
            }),
            advice: advice.collect(),
            link: format!(
                "{}/graphiql?challenge={id}&project={}&city={city}",
                self.base_url,
                project.key()
            ),
        }
    }
}
