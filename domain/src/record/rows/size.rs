//! How much memory rows take, about: what bounds the project cache goes by it.

use sea_orm::{
    ColumnTrait, ColumnType, EntityTrait, Iterable, ModelTrait, Value, sea_query::prelude::Json,
};

/// At most about so many rows of a table are looked at; the others take as much as these on average.
const SAMPLE: usize = 200;
/// What an allocation takes beside what was asked for: its header, and the rounding to 16 bytes.
const ALLOCATION: usize = 16;
/// One leaf of a `BTreeMap` of texts: a map has one as soon as it holds anything, and each takes up
/// to eleven.
const LEAF: usize = 11 * 2 * size_of::<String>() + 16;

/// About how many bytes a table takes beyond the vector itself.
pub(super) fn heap<M: ModelTrait>(rows: &Vec<M>) -> usize {
    let own = rows.capacity() * size_of::<M>();
    let columns: Vec<_> = <M::Entity as EntityTrait>::Column::iter()
        .filter(|column| {
            matches!(
                column.def().get_column_type(),
                ColumnType::Text | ColumnType::Json | ColumnType::JsonBinary
            )
        })
        .collect();
    if rows.is_empty() || columns.is_empty() {
        return own;
    }
    let step = rows.len().div_ceil(SAMPLE);
    let sample = rows.iter().step_by(step);
    let count = sample.len();
    let bytes: usize = sample
        .flat_map(|row| columns.iter().map(|column| value(&row.get(*column))))
        .sum();
    own + bytes * rows.len() / count
}

fn value(value: &Value) -> usize {
    match value {
        // The words of the vocabularies, which stand in the row itself.
        Value::String(Some(text)) if is_word(text) => 0,
        Value::String(Some(text)) => allocated(text.len()),
        Value::Json(Some(json)) => of_json(json),
        _ => 0,
    }
}

fn is_word(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// What the typed value of a JSON column takes; its own head stands in the row.
fn of_json(json: &Json) -> usize {
    match json {
        Json::String(text) => allocated(text.len()),
        Json::Array(items) => {
            let head = |item: &Json| match item {
                Json::Object(fields) => fields.len() * size_of::<String>(),
                _ => size_of::<String>(),
            };
            let heads: usize = items.iter().map(head).sum();
            allocated(heads) + items.iter().map(of_item).sum::<usize>()
        }
        Json::Object(fields) if fields.is_empty() => 0,
        Json::Object(fields) => {
            let leaves = fields.len().div_ceil(11) * (LEAF + ALLOCATION);
            let texts = fields
                .iter()
                .map(|(key, field)| allocated(key.len()) + of_json(field));
            leaves + texts.sum::<usize>()
        }
        _ => 0,
    }
}

/// An item of a list: a text, or a struct whose head stands in the list.
fn of_item(item: &Json) -> usize {
    match item {
        Json::Object(fields) => fields.values().map(of_json).sum(),
        other => of_json(other),
    }
}

fn allocated(bytes: usize) -> usize {
    if bytes == 0 {
        0
    } else {
        bytes.next_multiple_of(16) + ALLOCATION / 2
    }
}
