//! Calls around ratings.
#![expect(missing_docs, reason = "the macro makes structs of the parameters, which the functions explain")]

use crate::codec::Answer;
use crate::error::ApiResult;
use coco::feedback::Rating;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{actor, services};

/// Rates a resolved ticket, 1 to 5.
#[server(output = Answer)]
pub async fn rate_ticket(number: String, score: i64, #[server(default)] comment: String) -> ApiResult<Rating> {
    Ok(services()?.feedback.rate(&actor()?, &number, score, &comment).await?.1)
}
