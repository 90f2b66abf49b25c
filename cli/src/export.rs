//! `connection export KEY`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use domain::file;

use crate::{
    home::{self, Home},
    output::Output,
};

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
        let store = self.home.open_existing().await?;
        let project = home::project(&store, &self.key).await?;
        let output = Output::open(self.output.as_deref())?;
        output.write(file::export(&project).to_json().as_bytes())
    }
}
