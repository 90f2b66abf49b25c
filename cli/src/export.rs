//! `connection export KEY`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use domain::file;

use crate::{
    evidence,
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
    /// The folder to which the files of evidence are written, each named by its hash.
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
    #[command(flatten)]
    home: Home,
}

impl Export {
    pub async fn run(self) -> Result<()> {
        let store = self.home.open_existing().await?;
        let project = home::project(&store, &self.key).await?;
        let output = Output::open(self.output.as_deref())?;
        let file = file::export(&project);
        if let Some(folder) = &self.files {
            let files = self.home.stored_files();
            for sha256 in evidence::write_out(&files, folder, &file).await? {
                eprintln!("warning: the file {sha256} is not kept here, and so left out");
            }
        }
        output.write(file.to_json().as_bytes())
    }
}
