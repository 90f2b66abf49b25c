//! `include_dir!` notices a changed file by itself, a new one only when this crate is compiled anew.

fn main() {
    println!("cargo::rerun-if-changed=locales");
}
