//! A project's life by the API alone, as `tests/walk/run` walks it over the real binary.

use std::{path::Path, process::Command};

use crate::process::binary;

#[test]
fn a_project_begins_and_comes_to_a_verified_exchange_by_the_api_alone() {
    let python = Command::new("python3").arg("--version").output();
    if !python.is_ok_and(|found| found.status.success()) {
        eprintln!("not walked: there is no python3");
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("walk/run");
    let product = binary("connection");
    let walked = Command::new("python3")
        .arg(script)
        .arg(product.get_program())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&walked.stdout);
    println!("{told}");
    assert!(
        walked.status.success() && told.ends_with("walked\n"),
        "{told}{}",
        String::from_utf8_lossy(&walked.stderr)
    );
}
