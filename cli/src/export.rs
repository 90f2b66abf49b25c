//! `connection export KEY`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use domain::file;

use crate::home::{self, Home};

#[derive(Args, Debug)]
pub struct Export {
    /// The project's key, such as connection.
    key: String,
    /// Where to write; left out: to standard output.
    #[arg(long, short)]
    output: Option<PathBuf>,
    #[command(flatten)]
    home: Home,
}

impl Export {
    pub async fn run(self) -> Result<()> {
        let store = self.home.open().await?;
        let project = home::project(&store, &self.key).await?;
        let text = file::export(&project).to_json();
        match &self.output {
            None => print!("{text}"),
            Some(path) => std::fs::write(path, text)
                .with_context(|| format!("{} cannot be written", path.display()))?,
        }
        Ok(())
    }
}
