//! What customers attach where they write of a photo.

pub struct Picture {
    /// Words of the message it goes with.
    words: &'static str,
    pub name: &'static str,
    pub png: &'static [u8],
}

const CHARGER: &[u8] = include_bytes!("content/pictures/charger.png");
const GRAPH: &[u8] = include_bytes!("content/pictures/graph.png");
const FURNITURE: &[u8] = include_bytes!("content/pictures/furniture.png");
const PAPER: &[u8] = include_bytes!("content/pictures/paper.png");

const fn picture(words: &'static str, name: &'static str, png: &'static [u8]) -> Picture {
    Picture { words, name, png }
}

const PICTURES: &[Picture] = &[
    picture("see attached screenshot", "charger-log.png", GRAPH),
    picture("Graph attached", "yesterday.png", GRAPH),
    picture("Screenshot attached", "screenshot.png", GRAPH),
    picture("Photos attached. Car side", "plug.png", CHARGER),
    picture("Photo attached. Arrow", "clamp.png", CHARGER),
    picture("photos. the cable", "cable.png", CHARGER),
    picture("2nd photo", "cover.png", CHARGER),
    picture("fee is 6,50, photo attached", "statement.png", PAPER),
    picture("first page attached", "contract.png", PAPER),
    picture("Type plate attached", "type-plate.png", PAPER),
    picture("Photo of label and chair", "label.png", PAPER),
    picture("his note is attached", "painter.png", PAPER),
    picture("signed, photo attached", "form.png", PAPER),
    picture("Yes. Attached, dated", "register.png", PAPER),
    picture("Forwarded, it's attached", "list.png", PAPER),
    picture("left leg is off. 3 photos", "sofa.png", FURNITURE),
    picture("here, close up", "close-up.png", FURNITURE),
    picture("from the screwdriver", "scratch.png", FURNITURE),
];

/// The picture that goes with a message.
pub fn of(text: &str) -> Option<&'static Picture> {
    PICTURES.iter().find(|p| text.contains(p.words))
}
