//! One's own account: tokens, and the way out of every browser.

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

/// A token to be made.
#[derive(Clone, Debug, InputObject)]
pub struct CreateApiTokenInput {
    /// The project in which it is of use: its key or id. You have a role in it.
    project: String,
    /// What it is for, in 1 to 100 characters.
    name: String,
    /// For how many days it holds: 1 to 366; 90 if left out.
    days: Option<i32>,
    /// Whether it may change what you may change; it only reads if left out.
    may_write: Option<bool>,
}

/// The result of `createApiToken`.
#[derive(Debug, Default, SimpleObject)]
pub struct CreateApiTokenPayload {
    /// The token, as your account lists it.
    token: Option<ApiToken>,
    /// What to send as `Authorization: Bearer …`. It is shown this once: asking again under the same
    /// `Idempotency-Key` tells the token without it.
    secret: Option<String>,
    /// The errors for which the mutation was refused; empty if it succeeded.
    user_errors: Vec<UserError>,
}

/// Which token is ended.
#[derive(Clone, Debug, InputObject)]
pub struct RevokeApiTokenInput {
    /// The token.
    id: ID,
}

/// The result of `revokeApiToken`.
#[derive(Debug, Default, SimpleObject)]
pub struct RevokeApiTokenPayload {
    /// The token that is of no more use.
    token: Option<ApiToken>,
    /// The errors for which the mutation was refused; empty if it succeeded.
    user_errors: Vec<UserError>,
}

/// The result of `signOutEverywhere`.
#[derive(Debug, Default, SimpleObject)]
pub struct SignOutEverywherePayload {
    /// In how many browsers you were signed in.
    sessions: Option<i32>,
    /// The errors for which the mutation was refused; empty if it succeeded.
    user_errors: Vec<UserError>,
}

/// That it is meant.
#[derive(Clone, Debug, InputObject)]
pub struct EraseMyselfInput {
    /// Write `erase`.
    confirm: String,
}

/// The result of `eraseMyself`.
#[derive(Debug, Default, SimpleObject)]
pub struct EraseMyselfPayload {
    /// Whether you are erased.
    erased: bool,
    /// The errors for which the mutation was refused; empty if it succeeded.
    user_errors: Vec<UserError>,
}

/// The right to one's own account, which no token has.
fn own(viewer: Viewer) -> std::result::Result<KeeperOf, Denied> {
    viewer.keeper_of(viewer.oneself()?.person())
}

/// What is wrong with a token's name and time.
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

/// What can be changed of one's own account.
#[derive(Debug, Default)]
pub struct AccountChanges;

#[Object]
impl AccountChanges {
    /// Makes an API token of yours in a project, with your rights there and never more. You must be
    /// signed in: no token makes another.
    ///
    /// Codes: FORBIDDEN with a token or without a role there, REQUIRED, TOO_LONG, OUT_OF_RANGE,
    /// IDEMPOTENCY_KEY_REUSED.
    async fn create_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is to be.")] input: CreateApiTokenInput,
    ) -> Result<CreateApiTokenPayload> {
        let subject = find_project(ctx, &input.project).await?;
        let days = input.days.map_or(90, i64::from);
        let wrong = problems(&input.name, days);
        let keeper = match own(viewer(ctx)) {
            Ok(_) if !wrong.is_empty() => Err(Refusal::Problems(wrong)),
            Ok(keeper) => Ok(keeper),
            Err(denied) => Err(denied.into()),
        };
        let made = match keeper {
            Ok(keeper) => {
                let wanted = token::NewToken {
                    name: input.name,
                    days,
                    may_write: input.may_write.unwrap_or_default(),
                };
                let actor = actor(ctx);
                token::create(store(ctx)?, &actor, &keeper, &subject.project, wanted)
                    .await
                    .map_err(|error| match error {
                        Error::NotFound(_) => Denied::Forbidden.into(),
                        other => other.into(),
                    })
            }
            Err(refusal) => Err(refusal),
        };
        match made {
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

    /// Ends an API token of yours, at once; one that has ended stays as it is. You must be signed in.
    ///
    /// Codes: FORBIDDEN with a token, IDEMPOTENCY_KEY_REUSED.
    async fn revoke_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: RevokeApiTokenInput,
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
        let none = || error::not_found("API token");
        let node = NodeId::decode(&input.id).filter(|node| node.kind == "ApiToken");
        let id = node.and_then(|node| node.uuid()).ok_or_else(none)?;
        let actor = actor(ctx);
        let revoked = token::revoke(store(ctx)?, &actor, &keeper, ApiTokenId(id)).await;
        match revoked {
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

    /// Erases you: your name and address go, and with them sign-ins, tokens, roles and preferences.
    /// What refers to you refers to a former member, and no figure changes. It cannot be undone. You
    /// must be signed in; fetch `/account/data.json` before, if you want your data.
    ///
    /// Codes: FORBIDDEN with a token, REQUIRED where it is not confirmed.
    async fn erase_myself(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "That it is meant.")] input: EraseMyselfInput,
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

    /// Signs you out in every browser, this one too. Your API tokens stay.
    ///
    /// Codes: FORBIDDEN with a token.
    async fn sign_out_everywhere(&self, ctx: &Context<'_>) -> Result<SignOutEverywherePayload> {
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
        let ended = session::sign_out_everywhere(store(ctx)?, &actor, &keeper).await;
        let ended = ended.map_err(error::of_domain)?;
        Ok(SignOutEverywherePayload {
            sessions: Some(i32::try_from(ended).unwrap_or(i32::MAX)),
            user_errors: Vec::new(),
        })
    }
}
