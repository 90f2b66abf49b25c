//! Writing what differs between two states of a table.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    ExprTrait, IdenStatic, IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{Row, by_id};

/// Rows of one table that one statement may carry: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// Inserts what is new and updates what differs.
pub(crate) async fn save<R>(db: &impl ConnectionTrait, old: &[R], new: &[R]) -> Result<(), DbErr>
where
    R: Row + IntoActiveModel<<R::Entity as EntityTrait>::ActiveModel>,
    <R::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    R::Entity: EntityTrait<Model = R>,
{
    let before = by_id(old);
    make_way(db, &before, new).await?;
    let added: Vec<&R> = new
        .iter()
        .filter(|row| !before.contains_key(&row.uuid()))
        .collect();
    for chunk in added.chunks(CHUNK) {
        let models = chunk.iter().map(|row| (*row).clone().into_active_model());
        R::Entity::insert_many(models)
            .exec_without_returning(db)
            .await?;
    }
    for row in new
        .iter()
        .filter(|row| before.get(&row.uuid()).is_some_and(|old| old != row))
    {
        row.clone()
            .into_active_model()
            .reset_all()
            .update(db)
            .await?;
    }
    Ok(())
}

/// Takes rows that move from their places in a list, where no two may stand, not even for a moment.
async fn make_way<R>(
    db: &impl ConnectionTrait,
    before: &HashMap<Uuid, &R>,
    new: &[R],
) -> Result<(), DbErr>
where
    R: Row,
    R::Entity: EntityTrait<Model = R>,
{
    let mut columns = <R::Entity as EntityTrait>::Column::iter();
    let Some(position) = columns.find(|column| column.as_str() == "position") else {
        return Ok(());
    };
    let has_moved = |row: &&R| {
        let old = before.get(&row.uuid());
        old.is_some_and(|old| old.position() != row.position())
    };
    let moved: Vec<Uuid> = new.iter().filter(has_moved).map(Row::uuid).collect();
    let key = <R::Entity as EntityTrait>::PrimaryKey::iter()
        .next()
        .expect("every table has a primary key")
        .into_column();
    for chunk in moved.chunks(CHUNK) {
        R::Entity::update_many()
            .col_expr(position, Expr::col(position).mul(-1).sub(1))
            .filter(key.is_in(chunk.iter().copied()))
            .exec(db)
            .await?;
    }
    Ok(())
}

pub(super) async fn remove<R>(db: &impl ConnectionTrait, old: &[R], new: &[R]) -> Result<(), DbErr>
where
    R: Row,
    R::Entity: EntityTrait<Model = R>,
{
    let after = by_id(new);
    let gone: Vec<Uuid> = old
        .iter()
        .map(Row::uuid)
        .filter(|id| !after.contains_key(id))
        .collect();
    let key = <R::Entity as EntityTrait>::PrimaryKey::iter()
        .next()
        .expect("every table has a primary key")
        .into_column();
    for chunk in gone.chunks(CHUNK) {
        R::Entity::delete_many()
            .filter(key.is_in(chunk.iter().copied()))
            .exec(db)
            .await?;
    }
    Ok(())
}
