//! Takes the questions of `docs/questions` into the program, for GraphiQL: each file of the folder, by its
//! name.

use std::{env, fmt::Write, fs, io, path::Path};

fn main() -> io::Result<()> {
    let root = env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the crate is");
    let folder = Path::new(&root).join("../docs/questions");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "graphql")
        {
            files.push(path.canonicalize()?);
        }
    }
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.file_stem().unwrap_or_default().display().to_string();
        let path = file.display().to_string();
        writeln!(list, "({name:?}, include_str!({path:?})),").expect("a text takes all");
    }
    list.push_str("]\n");
    let out = env::var_os("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("questions.rs"), list)
}
