//! The design system: what every page is put together from. Its looks are in `style/`.
//!
//! Props in `[brackets]` are optional. Words are `into String`; `~` marks a signal that also takes
//! a plain value or a closure. `on:click`, `attr:id`, `class:x` go through to the element.
//!
//! | Component | Props |
//! |---|---|
//! | `Button` | `[variant=Variant::{Primary, Secondary, Ghost, Danger}, size=Size::{Small, Normal, Large}, busy~bool, disabled~bool, submit, glyph, title, kbd, class]`, children |
//! | `IconButton` | `glyph, label~String, [variant, size, pressed: Signal<bool>, disabled~, submit, kbd, class]` |
//! | `LinkButton` | `href, [variant, size, glyph, kbd, class]`, children |
//! | `Icon` | `glyph=Glyph::HOME` and the other constants of `glyphs.rs` |
//! | `Field` | `label, name, [kind="text", value: RwSignal<String>, initial, error~Option<String>, hint, required, disabled~, autocomplete, maxlength, placeholder, hide_label, autofocus, id, class]` |
//! | `TextArea` | as `Field` without `kind`, `autocomplete`, `autofocus`; `[rows=3, grows="12" or "5" or "free"]` |
//! | `Select` | `label, name, options: Vec<(String, String)>, [value, initial, error~, hint, required, disabled~, hide_label, id, class]` |
//! | `Checkbox` | `label, name, [send, value: RwSignal<bool>, initial, hint, required, disabled~, hide_label, id]` |
//! | `RadioGroup` | `legend, name, options, [value, initial, look=RadioLook::{List, Segments}, required, hide_legend, error~, id]` |
//! | `RatingGroup` | `[legend="How did we do?", name="score", value, error~]`; sends `1` to `5` |
//! | `Dialog`, `Sheet` | `title, open: RwSignal<bool>, [class]`, children (`Fn`, made anew at each opening) |
//! | `DialogActions` | children: first the way back, last what happens |
//! | `ConfirmDialog` | `title, text~, confirm~, open, on_confirm: Callback<()>, [danger, busy~]` |
//! | `Menu` | `id, label~, [glyph, icon_only, trigger=closure, variant, size, align_end]`, children |
//! | `MenuItem` | `[href, glyph, checked: Signal<bool>, danger, disabled~, submit, kbd]`, children |
//! | `Tabs` | `id: &'static str, label, tabs=vec![Tab::new(value, label).glyph(g).title(words)], selected: RwSignal<String>, panel: &'static str`; `tab_id` names the panel |
//! | `Table` | `caption, columns=vec![Column::new(label).number()], [class]`, rows |
//! | `TableRowLink` | `href`, children; in the first cell, its target is the whole row |
//! | `Badge` | `[tone=Tone::{Neutral, Info, Success, Warning, Danger}, glyph]`, children |
//! | `StatusBadge` | `status, [for_customer]`; `PriorityBadge`: `priority, [icon_only]`; `ChannelIcon`: `channel` |
//! | `CountBadge` | `count: i64, [label: &'static str, loud]`; nothing at zero |
//! | `Avatar` | `name, [size=AvatarSize::{Tiny, Small, Normal, Large, Huge}, src, presence, alone]`; `SageAvatar`: `[size]`; `PresenceDot`: `presence` |
//! | `TimeAgo` | `at: Timestamp` |
//! | `Skeleton` | `[shape=Shape::{Lines, Cards, Rows, Table, Thread}, count=3]` |
//! | `EmptyState` | `glyph, text`, `[children]` |
//! | `ErrorNote` | `text~, [retry: Callback<()>]` |
//! | `Banner` | `[tone=Tone::Info, glyph, dismiss: Callback<()>]`, children |
//! | `PageTitle` | `text~, [heading_only]`, `[children]` are its actions |
//! | `Card` | `[title, href, class]`, children; `Toolbar`: `label, [class]`, children; `Stat`: `value~, label, [hint]` |
//! | `CommandPalette` | `commands~Vec<Command>, [open], [asked: Callback<String, Vec<Command>>]`; `Command::link(label, href)` or `::run(label, callback)`, `.hint("G I").glyph(g)` |
//! | `ShortcutHelp` | `[open], [also~Vec<(keys, label)>]`; `use_shortcuts(vec![Shortcut::new("j", "Next ticket", callback)])`, also `"g i"` |
//! | `Toasts` | once; `use_toaster().ok(text)`, `.error(text)`, `.undo(text, callback)` |
//! | `print()` | opens the browser's dialog; `style/print.css` says what is on paper |
//! | `ThemePicker` | none; `use_theme()` is `"system"`, `"light"` or `"dark"` |
//!
//! The root calls [`provide_now`], [`provide_toaster`], [`provide_theme`] and, on the desk,
//! [`provide_shortcuts`], and ends with `<Toasts />`; `theme_attribute(cookies)` gives the shell its
//! `data-theme`. What shows a plain value follows a signal inside a closure:
//! `{move || view! { <StatusBadge status=ticket.get().status /> }}`.
//!
//! Classes without a component: `.touch` (44 px controls, 16 px text inside), `btn-wide`,
//! `btn-round`, `btn-group`, `chip`, `ticket-number`, `measure`, `num`, `link`, `kbd`, `vh`,
//! `menu-line`, `menu-label`, `dialog-wide`.
//!
//! Keep the WASM small: every new pair of element and attribute, every new type in a signal and
//! every kind of view costs one to three kilobytes before compression. End components and the views
//! in an `Option`, `Vec` or closure with `.into_any()`, and show values plainly where they can be.

mod attr;
mod avatar;
mod badge;
mod banner;
mod bind;
mod browser;
mod button;
mod dialog;
mod empty;
mod error;
mod field;
mod glyphs;
mod icon;
mod menu;
mod page;
mod palette;
mod print;
mod radio;
mod select;
mod shortcuts;
mod skeleton;
mod table;
mod tabs;
mod theme;
mod time;
mod toast;

pub use avatar::{Avatar, AvatarSize, PresenceDot, SageAvatar};
pub use badge::{Badge, ChannelIcon, CountBadge, PriorityBadge, StatusBadge, Tone, abbreviate, tally};
pub use banner::Banner;
pub use button::{Button, IconButton, LinkButton, Size, Variant};
pub use dialog::{ConfirmDialog, Dialog, DialogActions, Sheet};
pub use empty::EmptyState;
pub use error::ErrorNote;
pub use field::{Field, TextArea};
pub use icon::{Glyph, Icon};
pub use menu::{Menu, MenuItem};
pub use page::{Card, PageTitle, Stat, Toolbar, title_text};
pub use palette::{Command, CommandPalette, palette_keys};
pub use print::print;
pub use radio::{RadioGroup, RadioLook, RatingGroup};
pub use select::{Checkbox, Select};
pub use shortcuts::{Shortcut, ShortcutHelp, provide_shortcuts, use_shortcuts};
pub use skeleton::{Shape, Skeleton};
pub use table::{Column, Table, TableRowLink};
pub use tabs::{Tab, Tabs, tab_id};
pub use theme::{ThemeAttribute, ThemePicker, provide_theme, theme_attribute, use_theme};
pub use time::{Now, TimeAgo, provide_now, use_now};
pub use toast::{Toaster, Toasts, provide_toaster, use_toaster};
