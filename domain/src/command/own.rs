//! Speaking for one's own organisation: the partner that an input names, filled in where it names
//! none.

use entities::*;
use serde_json::json;

use super::{Code, Fields, Problems};
use crate::record::{Kind, Names};

/// The partner that an input names in a field, of those that are the viewer's own. Left out, it is
/// the only one of them; of several, one must be named.
pub(super) fn fill(
    fields: &mut Fields,
    problems: &mut Problems,
    field: &'static str,
    own: &[PartnerId],
    names: &Names,
) -> Option<PartnerId> {
    match (fields.text(field), own) {
        (Some(key), _) => {
            // A key that names nothing is refused by the record's own rule.
            let named = names.id_of(Kind::Partner, key).map(PartnerId)?;
            let is_own = own.contains(&named);
            if !is_own {
                problems.add(field, Code::Forbidden);
            }
            is_own.then_some(named)
        }
        (None, [only]) => {
            fields.set(field, json!(names.key_of(only.0)));
            Some(*only)
        }
        (None, _) => {
            problems.add(field, Code::Required);
            None
        }
    }
}
