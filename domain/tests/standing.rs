//! How an output stood on a day, the same whichever way it is worked out.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    project::{AsOf, Project},
    synthetic::Maker,
};
use tests::project::{connection, in_memory};

/// Later than everything: with it, every event is looked at.
const END_OF_TIME: &str = "2100-01-01T00:00:00Z";

fn differences(project: &Project) -> usize {
    let end_of_time: DateTime<Utc> = END_OF_TIME.parse().unwrap();
    let days = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap().iter_days();
    let days: Vec<_> = days.step_by(11).take(200).collect();
    let mut count = 0;
    for output in &project.outputs {
        for day in &days {
            let by_events = AsOf {
                day: *day,
                known_at: Some(end_of_time),
            };
            let standing = project.standing(output, (*day).into());
            count += usize::from(standing != project.standing(output, by_events));
        }
    }
    count
}

#[test]
fn a_standing_worked_out_with_the_revision_is_that_of_its_events() {
    for file in [connection(), Maker::new(1, 3.0).project(1)] {
        let project = in_memory(&file, "2020-01-01T00:00:00Z");
        assert!(project.outputs.len() > 10);
        assert_eq!(differences(&project), 0);
    }
}
