//! Which module may use which. All paths in the code are read, those of `use` and those in between,
//! and sorted by folder: what one child of a folder uses of another is an arrow between the two.
//! Arrows go round in no folder, and some go one way only.
//!
//! A parent and its children are one thing here: a folder's `mod.rs` declares what lies in it, and
//! what lies in it may use what `mod.rs` says.

mod code;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write,
};

use code::{Crate, Use};

const CRATES: [&str; 9] = [
    "api",
    "cli",
    "domain",
    "entities",
    "graphql",
    "i18n",
    "migration",
    "tests",
    "worker",
];

/// Folders whose children refer to each other in circles by nature.
const CIRCULAR: [(&str, &str); 2] = [
    // Tables point at each other by their foreign keys.
    ("entities", ""),
    // The objects of a GraphQL schema are each other's fields.
    ("api", "schema::types"),
];

/// Modules of a folder in their order: none uses one of a later group.
const ORDERS: [(&str, &str, &[&[&str]]); 4] = [
    (
        "api",
        "schema",
        &[&["base"], &["types"], &["mutation", "subscription"]],
    ),
    ("api", "", &[&["schema"], &["gateway"], &["http"]]),
    (
        "domain",
        "",
        &[
            &["record"],
            &["project"],
            &["viewer"],
            &[
                "file", "plan", "progress", "brief", "duty", "command", "search",
            ],
        ],
    ),
    ("domain", "", &[&["store"], &["command"], &["account"]]),
];

/// The arrows of one folder, each with the places in the code that make it.
type Arrows<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a Use>>;

#[test]
fn modules_use_each_other_in_one_direction() {
    let crates = CRATES.map(Crate::read);
    let mut faults = String::new();
    for one in &crates {
        for (folder, arrows) in folders(one) {
            let name = format!("{}::{folder}", one.name);
            let name = name.trim_end_matches("::");
            for ((from, to), uses) in &arrows {
                if is_against_an_order(one.name, &folder, from, to) {
                    let _ = writeln!(faults, "{name}: {from} may not use {to}:");
                    uses.iter().for_each(|at| line(&mut faults, at));
                }
            }
            if !CIRCULAR.contains(&(one.name, folder.as_str())) {
                circles(&mut faults, name, &arrows);
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// The arrows between the children of each folder.
fn folders(one: &Crate) -> BTreeMap<String, Arrows<'_>> {
    let mut folders: BTreeMap<String, Arrows<'_>> = BTreeMap::new();
    for at in &one.uses {
        let shared = at.from.iter().zip(&at.to).take_while(|(a, b)| a == b);
        let shared = shared.count();
        let (Some(from), Some(to)) = (at.from.get(shared), at.to.get(shared)) else {
            continue;
        };
        let arrows = folders.entry(at.from[..shared].join("::")).or_default();
        arrows.entry((from, to)).or_default().push(at);
    }
    folders
}

fn is_against_an_order(of: &str, folder: &str, from: &str, to: &str) -> bool {
    let mut orders = ORDERS
        .iter()
        .filter(|order| (order.0, order.1) == (of, folder));
    orders.any(|(.., groups)| {
        let place = |name: &str| groups.iter().position(|group| group.contains(&name));
        matches!((place(from), place(to)), (Some(from), Some(to)) if from < to)
    })
}

/// Writes down each circle once: the shortest way back from where its first arrow leads.
fn circles(faults: &mut String, name: &str, arrows: &Arrows<'_>) {
    let mut written = BTreeSet::new();
    for (from, to) in arrows.keys() {
        let Some(back) = way(arrows, to, from) else {
            continue;
        };
        let mut members = back.clone();
        members.sort_unstable();
        if !written.insert(members) {
            continue;
        }
        let _ = writeln!(faults, "{name}: {} goes round:", back.join(" -> "));
        let steps = [*from].into_iter().chain(back.iter().copied());
        for step in steps.zip(back.iter().copied()) {
            let uses = arrows.get(&step).map(Vec::as_slice);
            let first = uses.unwrap_or_default().iter().take(3);
            first.for_each(|at| line(faults, at));
        }
    }
}

fn line(faults: &mut String, at: &Use) {
    let _ = writeln!(faults, "  {}:{}: {}", at.file, at.line, at.path);
}

/// The shortest way along the arrows.
fn way<'a>(arrows: &Arrows<'a>, from: &str, to: &str) -> Option<Vec<&'a str>> {
    let start = arrows
        .keys()
        .find_map(|(_, end)| (*end == from).then_some(*end))?;
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::from([(start, start)]);
    let mut next = VecDeque::from([start]);
    while let Some(here) = next.pop_front() {
        if here == to {
            let mut way = vec![here];
            let mut at = here;
            while came_from[at] != at {
                at = came_from[at];
                way.push(at);
            }
            way.reverse();
            return Some(way);
        }
        for (_, end) in arrows.keys().filter(|(begin, _)| *begin == here) {
            if !came_from.contains_key(end) {
                came_from.insert(end, here);
                next.push_back(end);
            }
        }
    }
    None
}

#[test]
fn every_way_to_write_a_path_is_read() {
    let text = r#"
        use super::{super::base::{id::{self, NodeId}, error}, named};
        //! crate::comment::is_not_read
        pub use self::child::Reexported as Other;
        macro_rules! one { () => { $crate::schema::types::of() } }
        fn f<'a>(it: &'a str) -> char {
            let _ = "crate::text::is_not_read";
            let _ = r"crate::raw::is_not_read";
            crate::schema::mutation::run::<u8>(it.parse::<u8>());
            super::base::view::read(error::told());
            ':'
        }
        #[cfg(test)]
        mod tests { use crate::schema::only_in_tests; }
    "#;
    let mut paths: Vec<_> = code::paths(text)
        .into_iter()
        .map(|path| path.segments.join("::"))
        .collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "crate::schema::mutation::run",
            "crate::schema::types::of",
            "error::told",
            "self::child::Reexported",
            "super::base::view::read",
            "super::named",
            "super::super::base::error",
            "super::super::base::id",
            "super::super::base::id::NodeId",
        ]
    );
}
