//! How server functions answer.

use crate::json::{self, Unreadable};
use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What `#[server(output = Answer)]` says: JSON, in the answer to a POST.
pub type Answer = Post<Json>;

/// JSON, read as resources are. The one of `server_fn` brings a larger reader, and a second one would bring every
/// type into the bundle twice.
pub struct Json;

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Json {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Json {
    type Error = Unreadable;

    fn decode(bytes: Bytes) -> Result<T, Unreadable> {
        json::read(std::str::from_utf8(&bytes).map_err(|_| Unreadable)?)
    }
}
