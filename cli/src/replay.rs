//! `connection replay`

use std::{collections::BTreeSet, path::PathBuf, time::Instant};

use anyhow::{Result, ensure};
use clap::Args;
use domain::{data, file};
use entities::Category;
use worker::replay::{self, Summary};

use crate::table::table;

#[derive(Args, Debug)]
pub struct Replay {
    /// Where the ledger and the mails are written; emptied only if a replay made it.
    #[arg(long, value_name = "DIR", default_value = "./data/replay")]
    data: PathBuf,
}

impl Replay {
    pub async fn run(self) -> Result<()> {
        let file = file::read(data::CONNECTION)
            .map_err(|problems| anyhow::anyhow!("the embedded data set is wrong: {problems:?}"))?;
        println!(
            "{}: {} to {}, every mail into {}",
            file.project.acronym,
            file.project.starts_on,
            file.project.ends_on,
            self.data.join("outbox").display()
        );
        let started = Instant::now();
        let summary = replay::replay(&file, &self.data, |month, due| {
            eprintln!("{month}  {due:>5} mails were due so far");
        })
        .await?;
        print!("{}", render(&summary));
        println!("took {:.1} s", started.elapsed().as_secs_f64());
        ensure!(
            summary.duplicates == 0,
            "{} mails went out twice",
            summary.duplicates
        );
        ensure!(
            summary.unfinished == 0,
            "{} mails were not finished",
            summary.unfinished
        );
        ensure!(
            summary.files == summary.sent,
            "the outbox does not hold what the ledger says"
        );
        Ok(())
    }
}

fn render(summary: &Summary) -> String {
    let categories: BTreeSet<Category> = summary
        .mails
        .values()
        .flat_map(|month| month.keys().copied())
        .collect();
    let name = |category: &Category| match category {
        Category::ExchangeReminder => "exchange",
        Category::VisitReminder => "visit",
        Category::MeetingReminder => "meeting",
        Category::DueReminder => "due",
        Category::Digest => "digest",
        Category::ProgressReport => "report",
        Category::Question => "question",
        Category::SignIn => "sign-in",
        Category::NewToken => "new token",
    };
    let header = ["month"]
        .into_iter()
        .chain(categories.iter().map(name))
        .chain(["all"]);
    let mut rows = vec![header.map(str::to_owned).collect::<Vec<_>>()];
    let line = |label: &str, count: &dyn Fn(Category) -> usize| {
        let counts: Vec<usize> = categories.iter().map(|category| count(*category)).collect();
        let mut row = vec![label.to_owned()];
        row.extend(counts.iter().map(|count| {
            if *count == 0 {
                "·".into()
            } else {
                count.to_string()
            }
        }));
        row.push(counts.iter().sum::<usize>().to_string());
        row
    };
    for (month, mails) in &summary.mails {
        rows.push(line(month, &|category| {
            mails.get(&category).copied().unwrap_or_default()
        }));
    }
    rows.push(line("all", &|category| {
        summary
            .mails
            .values()
            .filter_map(|month| month.get(&category))
            .sum()
    }));
    let mut text = table(&rows);
    text.push_str(&format!(
        "\n{} mails to {} recipients\n",
        summary.sent, summary.recipients
    ));
    let skipped: usize = summary.skipped.values().sum();
    text.push_str(&format!("{skipped} skipped\n"));
    for (reason, count) in &summary.skipped {
        text.push_str(&format!("  {count:>5}  {reason:?}\n"));
    }
    text.push_str(&format!("{} duplicates\n", summary.duplicates));
    text.push_str(&format!(
        "ledger and mails: sha256 {}\n",
        summary.fingerprint
    ));
    text
}
