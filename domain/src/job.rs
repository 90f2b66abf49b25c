//! What the queue carries: ids only, since the rows may change before a job runs.

use entities::{NotificationId, ReportId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A hint to the worker that something waits in the database. Losing one costs only latency.
///
/// Reading never fails on well-formed JSON: whatever is not a job of today is [`Job::Unknown`],
/// so that a newer or a foreign process cannot stop an older worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub enum Job {
    /// Send the mail of this row of the ledger.
    SendMail(NotificationId),
    /// Make the files of this report.
    MakeReport(ReportId),
    /// Whatever a newer or foreign process wrote; done as soon as it is read.
    Unknown,
}

impl Serialize for Job {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // `remote = "Self"` makes the derived code an inherent function of the same name.
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Job {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = <Value as Deserialize>::deserialize(deserializer)?;
        Ok(Self::deserialize(value).unwrap_or(Self::Unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_job_reads_back_as_it_was_written() {
        let id = Uuid::from_u128(7);
        for (job, json) in [
            (
                Job::SendMail(id.into()),
                r#"{"sendMail":"00000000-0000-0000-0000-000000000007"}"#,
            ),
            (
                Job::MakeReport(id.into()),
                r#"{"makeReport":"00000000-0000-0000-0000-000000000007"}"#,
            ),
            (Job::Unknown, r#""unknown""#),
        ] {
            assert_eq!(serde_json::to_string(&job).unwrap(), json);
            assert_eq!(serde_json::from_str::<Job>(json).unwrap(), job);
        }
    }

    #[test]
    fn whatever_else_is_written_reads_as_unknown() {
        for json in [
            r#"{"foo":1}"#,
            r#"{"sendMail":"not an id"}"#,
            r#"{"sendMail":7}"#,
            r#"{"sendMail":"00000000-0000-0000-0000-000000000007","more":1}"#,
            r#"{"plan":{"project":"x"}}"#,
            r#""sweep""#,
            "{}",
            "[]",
            "null",
            "1.5",
        ] {
            assert_eq!(
                serde_json::from_str::<Job>(json).unwrap(),
                Job::Unknown,
                "{json}"
            );
        }
    }
}
