//! What the behavior engine wants of an avatar, and whether a file has what it takes.

use serde::Serialize;

use super::moves;
use crate::vrm::arkit::FaceMap;
use crate::vrm::blend_shape::BlendShape as S;
use crate::vrm::bone::HumanBone as B;
use crate::vrm::document::Document;
use crate::vrm::expression::{Preset as P, VISEMES};
use crate::vrm::look_at::LookAtKind;

/// One ability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Capability {
    /// The ability, such as `can frown`.
    pub ability: String,
    /// Whether the avatar has it.
    pub able: bool,
    /// By what, or what is missing.
    pub reason: String,
}

/// All abilities in a fixed order.
pub(super) fn all(document: &Document, face: &FaceMap) -> Vec<Capability> {
    let view = View { document, face };
    let mut out = vec![
        view.face("can blink", &[S::EyeBlinkLeft, S::EyeBlinkRight], &[P::Blink]),
        view.face("can wink", &[S::EyeBlinkLeft, S::EyeBlinkRight], &[P::BlinkLeft, P::BlinkRight]),
        view.face("can smile", &[S::MouthSmileLeft, S::MouthSmileRight], &[P::Happy]),
        view.face("can frown", &[S::MouthFrownLeft, S::MouthFrownRight], &[]),
        view.face("can show concern", &[S::BrowInnerUp], &[P::Sad]),
        view.face("can show surprise", &[S::EyeWideLeft, S::EyeWideRight], &[P::Surprised]),
        view.face("can raise the brows", &[S::BrowOuterUpLeft, S::BrowOuterUpRight, S::BrowInnerUp], &[]),
    ];
    out.push(match document.look_at.kind {
        LookAtKind::Bone => view.bones("can look around", &[B::LeftEye, B::RightEye]),
        LookAtKind::Expression => {
            view.face("can look around", &[], &[P::LookUp, P::LookDown, P::LookLeft, P::LookRight])
        }
    });
    out.push(view.bones(
        "can point",
        &[
            B::LeftIndexProximal,
            B::LeftIndexIntermediate,
            B::LeftIndexDistal,
            B::RightIndexProximal,
            B::RightIndexIntermediate,
            B::RightIndexDistal,
        ],
    ));
    let hand = [
        B::LeftThumbMetacarpal,
        B::LeftIndexProximal,
        B::LeftMiddleProximal,
        B::LeftRingProximal,
        B::LeftLittleProximal,
        B::RightThumbMetacarpal,
        B::RightIndexProximal,
        B::RightMiddleProximal,
        B::RightRingProximal,
        B::RightLittleProximal,
    ];
    out.push(view.bones("can shape its hands", &hand));
    out.push(view.bones("can shrug", &[B::LeftShoulder, B::RightShoulder]));
    out.push(view.bones("can lean and nod softly", &[B::Neck, B::UpperChest]));
    out.push(view.mouth());
    out
}

struct View<'a> {
    document: &'a Document,
    face: &'a FaceMap,
}

impl View<'_> {
    /// By all of the blend shapes, else by all of the presets.
    fn face(&self, ability: &str, shapes: &[S], presets: &[P]) -> Capability {
        let lacking: Vec<_> = shapes.iter().filter(|s| !self.face.has(**s)).map(|s| s.name()).collect();
        let still: Vec<_> = presets.iter().filter(|p| !moves(self.document, **p)).map(|p| p.name()).collect();
        let names = |presets: &[P]| presets.iter().map(|p| p.name()).collect::<Vec<_>>().join(", ");
        let (able, reason) = if !shapes.is_empty() && lacking.is_empty() {
            (true, "by ARKit blend shapes".to_owned())
        } else if !presets.is_empty() && still.is_empty() {
            (true, format!("by {}", names(presets)))
        } else {
            let mut reason = format!("lacks {}", if shapes.is_empty() { still.join(", ") } else { lacking.join(", ") });
            if !shapes.is_empty() && !presets.is_empty() {
                reason.push_str(&format!(", and {} moves nothing", still.join(", ")));
            }
            (false, reason)
        };
        Capability { ability: ability.to_owned(), able, reason }
    }

    fn bones(&self, ability: &str, bones: &[B]) -> Capability {
        let lacking: Vec<_> = bones.iter().filter(|b| !self.document.humanoid.has(**b)).map(|b| b.name()).collect();
        let able = lacking.is_empty();
        let reason = if able { "by bones".to_owned() } else { format!("lacks {}", lacking.join(", ")) };
        Capability { ability: ability.to_owned(), able, reason }
    }

    fn mouth(&self) -> Capability {
        let (vowels, still): (Vec<P>, Vec<P>) = VISEMES.into_iter().partition(|v| moves(self.document, *v));
        let names = |presets: &[P]| presets.iter().map(|p| p.name()).collect::<Vec<_>>().join(", ");
        let (able, ability, reason) = match vowels.len() {
            0 if self.face.has(S::JawOpen) => (true, "mouth: by ARKit shapes".to_owned(), "by jawOpen".to_owned()),
            0 => (false, "mouth: 0 vowels".to_owned(), "the mouth stays shut while speaking".to_owned()),
            5 => (true, "mouth: 5 vowels".to_owned(), format!("by {}", names(&vowels))),
            some => (true, format!("mouth: {some} vowels"), format!("lacks {}", names(&still))),
        };
        Capability { ability, able, reason }
    }
}
