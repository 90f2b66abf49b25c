//! Mutations of the viewer's own account: API tokens, sessions, erasure.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::{
    account::{privacy, session, token},
    command::{Code, Problem, Refusal},
    error::Error,
    viewer::{Denied, KeeperOf, Viewer},
};
use entities::ApiTokenId;

use super::execute::{actor, find_project, refuse};
use crate::schema::{
    base::{
        error,
        id::NodeId,
        payload::UserError,
        view::{store, viewer},
    },
    types::viewer::ApiToken,
};

/// The fields of a new API token.
#[derive(Clone, Debug, InputObject)]
pub struct CreateApiTokenInput {
    /// The project for which the token is valid: its key or id. You must have a role in it.
    project: String,
    /// The name of the token, which says what it is for: 1 to 100 characters.
    name: String,
    /// The number of days for which it is valid: 1 to 366; 90 if left out.
    days: Option<i32>,
    /// Whether it may change what you may change. If left out, it can only read.
    may_write: Option<bool>,
    /// Whether it sees the people that you may see; true if left out. A token without people sees no
    /// name and no address, nor the ledger of mail, the audit log and files of evidence, which may
    /// hold some.
    sees_people: Option<bool>,
}

/// The result of `createApiToken`.
#[derive(Debug, Default, SimpleObject)]
pub struct CreateApiTokenPayload {
    /// The new token, as your account lists it. Null if the mutation was refused.
    token: Option<ApiToken>,
    /// The secret to send as `Authorization: Bearer …`. It is shown only once: a repeated request
    /// with the same `Idempotency-Key` returns the token without its secret.
    secret: Option<String>,
    /// The errors for which the mutation was refused; empty if it succeeded.
    user_errors: Vec<UserError>,
}

/// The API token to revoke.
#[derive(Clone, Debug, InputObject)]
pub struct RevokeApiTokenInput {
    /// The id of the token.
    id: ID,
}

/// The result of `revokeApiToken`.
#[derive(Debug, Default, SimpleObject)]
pub struct RevokeApiTokenPayload {
    /// The revoked token. Null if the mutation was refused.
    token: Option<ApiToken>,
    /// The errors for which the mutation was refused; empty if it succeeded.
    user_errors: Vec<UserError>,
}

/// The result of `signOutEverywhere`.
#[derive(Debug, Default, SimpleObject)]
pub struct SignOutEverywherePayload {
    /// The number of sessions that were ended. Null if the mutation was refused.
    sessions: Option<i32>,
    /// The number of API tokens that were revoked. Null if the mutation was refused.
    tokens: Option<i32>,
    /// The errors for which the mutation was refused; empty if it succeeded.
    user_errors: Vec<UserError>,
}

/// The confirmation of the erasure.
#[derive(Clone, Debug, InputObject)]
pub struct EraseMyselfInput {
    /// The word `erase`.
    confirm: String,
}

/// The result of `eraseMyself`.
#[derive(Debug, Default, SimpleObject)]
pub struct EraseMyselfPayload {
    /// Whether your personal data are erased.
    erased: bool,
    /// The errors for which the mutation was refused; empty if it succeeded.
    user_errors: Vec<UserError>,
}

/// The right to one's own account, which tokens do not have.
fn own(viewer: Viewer) -> std::result::Result<KeeperOf, Denied> {
    viewer.keeper_of(viewer.oneself()?.person())
}

/// The problems of a new token's name and validity.
fn problems(name: &str, days: i64) -> Vec<Problem> {
    let mut problems = Vec::new();
    match name.trim().chars().count() {
        0 => problems.push(Problem::new("name", Code::Required)),
        1..=token::LONGEST_NAME => {}
        _ => problems.push(Problem::new("name", Code::TooLong).with(token::LONGEST_NAME)),
    }
    if !(1..=token::MOST_DAYS).contains(&days) {
        let possible = format!("1–{}", token::MOST_DAYS);
        problems.push(Problem::new("days", Code::OutOfRange).with(possible));
    }
    problems
}

/// The mutations of one's own account.
#[derive(Debug, Default)]
pub struct AccountChanges;

#[Object]
impl AccountChanges {
    /// Creates an API token of yours for a project, with at most your rights in it. You must be
    /// signed in: a token cannot create another.
    ///
    /// Codes: FORBIDDEN with a token or without a role there, REQUIRED, TOO_LONG, OUT_OF_RANGE,
    /// IDEMPOTENCY_KEY_REUSED.
    async fn create_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fields of the new token.")] input: CreateApiTokenInput,
    ) -> Result<CreateApiTokenPayload> {
        let subject = find_project(ctx, &input.project).await?;
        let days = input.days.map_or(90, i64::from);
        let problems = problems(&input.name, days);
        let keeper = match own(viewer(ctx)) {
            Ok(_) if !problems.is_empty() => Err(Refusal::Problems(problems)),
            Ok(keeper) => Ok(keeper),
            Err(denied) => Err(denied.into()),
        };
        let result = match keeper {
            Ok(keeper) => {
                let fields = token::NewToken {
                    name: input.name,
                    days,
                    may_write: input.may_write.unwrap_or_default(),
                    sees_people: input.sees_people.unwrap_or(true),
                };
                let actor = actor(ctx);
                token::create(store(ctx)?, &actor, &keeper, &subject.project, fields)
                    .await
                    .map_err(|error| match error {
                        Error::NotFound(_) => Denied::Forbidden.into(),
                        other => other.into(),
                    })
            }
            Err(refusal) => Err(refusal),
        };
        match result {
            Ok(new) => Ok(CreateApiTokenPayload {
                token: Some(ApiToken(new.row)),
                secret: new.secret,
                user_errors: Vec::new(),
            }),
            Err(refusal) => Ok(CreateApiTokenPayload {
                user_errors: refuse(ctx, Some(&subject), refusal).await?.user_errors,
                ..Default::default()
            }),
        }
    }

    /// Revokes an API token of yours, at once; a token that is already revoked or expired stays as
    /// it is. You must be signed in.
    ///
    /// Codes: FORBIDDEN with a token, IDEMPOTENCY_KEY_REUSED.
    async fn revoke_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the token to revoke.")] input: RevokeApiTokenInput,
    ) -> Result<RevokeApiTokenPayload> {
        let keeper = match own(viewer(ctx)) {
            Ok(keeper) => keeper,
            Err(denied) => {
                return Ok(RevokeApiTokenPayload {
                    user_errors: refuse(ctx, None, denied.into()).await?.user_errors,
                    ..Default::default()
                });
            }
        };
        let not_found = || error::not_found("API token");
        let node = NodeId::decode(&input.id).filter(|node| node.kind == "ApiToken");
        let id = node.and_then(|node| node.uuid()).ok_or_else(not_found)?;
        let actor = actor(ctx);
        let result = token::revoke(store(ctx)?, &actor, &keeper, ApiTokenId(id)).await;
        match result {
            Ok(row) => Ok(RevokeApiTokenPayload {
                token: Some(ApiToken(row)),
                user_errors: Vec::new(),
            }),
            Err(cause) => Ok(RevokeApiTokenPayload {
                user_errors: refuse(ctx, None, cause.into()).await?.user_errors,
                ..Default::default()
            }),
        }
    }

    /// Erases your personal data: your name, address, sessions, tokens, roles and preferences.
    /// Records that refer to you then refer to a former member, and no figure changes. It cannot be
    /// undone. You must be signed in. To keep a copy of your data, fetch `/account/data.json`
    /// before.
    ///
    /// Codes: FORBIDDEN with a token, REQUIRED if `confirm` is not `erase`.
    async fn erase_myself(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The confirmation.")] input: EraseMyselfInput,
    ) -> Result<EraseMyselfPayload> {
        let keeper = own(viewer(ctx)).map_err(Refusal::from);
        let keeper = match keeper {
            Ok(_) if input.confirm != "erase" => {
                Err(Problem::new("confirm", Code::Required).into())
            }
            keeper => keeper,
        };
        match keeper {
            Ok(keeper) => {
                let actor = actor(ctx);
                let erased = privacy::erase(store(ctx)?, &actor, &keeper).await;
                erased.map_err(error::of_domain)?;
                Ok(EraseMyselfPayload {
                    erased: true,
                    user_errors: Vec::new(),
                })
            }
            Err(refusal) => Ok(EraseMyselfPayload {
                erased: false,
                user_errors: refuse(ctx, None, refusal).await?.user_errors,
            }),
        }
    }

    /// Signs you out in every browser, including this one. Your API tokens stay valid, unless you
    /// end them, too.
    ///
    /// Codes: FORBIDDEN with a token.
    async fn sign_out_everywhere(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Whether all your API tokens are revoked, too.",
            default = false
        )]
        tokens: bool,
    ) -> Result<SignOutEverywherePayload> {
        let keeper = match own(viewer(ctx)) {
            Ok(keeper) => keeper,
            Err(denied) => {
                return Ok(SignOutEverywherePayload {
                    user_errors: refuse(ctx, None, denied.into()).await?.user_errors,
                    ..Default::default()
                });
            }
        };
        let actor = actor(ctx);
        let ended = session::sign_out_everywhere(store(ctx)?, &actor, &keeper, tokens).await;
        let ended = ended.map_err(error::of_domain)?;
        Ok(SignOutEverywherePayload {
            sessions: Some(i32::try_from(ended.sessions).unwrap_or(i32::MAX)),
            tokens: Some(i32::try_from(ended.tokens).unwrap_or(i32::MAX)),
            user_errors: Vec::new(),
        })
    }
}
