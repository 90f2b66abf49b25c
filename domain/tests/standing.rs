//! How an output stood on a day, the same whichever way it is worked out.

use chrono::NaiveDate;
use domain::{ids::Ids, project::Project, synthetic::Maker};
use entities::{Verb, output_event};
use tests::project::{connection, in_memory};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The same project, in which every output has one more event, on a day that is far ahead: before it,
/// no output's events all count.
fn with_events_ahead(project: &Project) -> Project {
    let mut rows = project.rows().clone();
    for output in &project.outputs {
        let Some(last) = project.events_of(output.id).last() else {
            continue;
        };
        rows.output_events.push(output_event::Model {
            id: Ids::Fresh.make("output_event", output.id.into(), "").into(),
            verb: Verb::Confirmed,
            effective_on: Some(day("2200-01-01")),
            position: last.position + 1,
            ..last.clone()
        });
    }
    Project::new(rows)
}

#[test]
fn a_standing_of_all_events_is_that_of_each_event_in_turn() {
    for file in [connection(), Maker::new(1, 3.0).project(1)] {
        let project = in_memory(&file, "2020-01-01T00:00:00Z");
        let ahead = with_events_ahead(&project);
        assert!(project.outputs.len() > 10);
        let days = day("2020-01-01").iter_days().step_by(11).take(200);
        for day in days {
            for output in &project.outputs {
                let standing = project.standing(output, day.into());
                assert_eq!(
                    standing,
                    ahead.standing(output, day.into()),
                    "{day} {output:?}"
                );
            }
        }
    }
}
