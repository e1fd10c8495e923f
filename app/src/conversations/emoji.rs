//! The few faces that support talks in.

use crate::ui::{Glyph, Icon};
use leptos::html;
use leptos::prelude::*;

const FACES: [(&str, &str); 12] = [
    ("🙂", "Smile"),
    ("😀", "Grin"),
    ("😂", "Tears of joy"),
    ("😍", "Heart eyes"),
    ("🙏", "Thank you"),
    ("👍", "Thumbs up"),
    ("👎", "Thumbs down"),
    ("❤️", "Heart"),
    ("🎉", "Celebration"),
    ("😕", "Confused"),
    ("😢", "Sad"),
    ("🤔", "Thinking"),
];

/// A button that opens them, above what is being written.
#[component]
pub fn Emoji(
    /// What is being written.
    text: RwSignal<String>,
    /// Id of the popover, unique in the page.
    id: &'static str,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let faces: Vec<_> = FACES
        .into_iter()
        .map(|(face, name)| {
            let add = move |_| {
                text.update(|t| t.push_str(face));
                if let Some(el) = node.get_untracked() {
                    let _ = el.hide_popover();
                }
            };
            view! {
                <button type="button" aria-label=name title=name on:click=add>
                    {face}
                </button>
            }
        })
        .collect();
    view! {
        <button type="button" class="btn btn-icon emoji-button" data-variant="ghost" popovertarget=id aria-label="Add an emoji" title="Add an emoji">
            <Icon glyph=Glyph::SMILE />
        </button>
        <div class="emoji" id=id popover="auto" role="group" aria-label="Emoji" node_ref=node>
            {faces}
        </div>
    }
}
