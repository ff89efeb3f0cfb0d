//! What the name of a node says about it: which part of which side. Understands the names of Mixamo, Ready Player Me,
//! Unity, Unreal, Rigify, VRoid, Character Creator and their like; case and separators count for nothing.

/// A side of the body, the avatar's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// A part of the body. Several nodes may be the same part: a spine has several bones, so has a finger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Part {
    Hips,
    Spine,
    Neck,
    Head,
    Jaw,
    Eye,
    Shoulder,
    UpperArm,
    LowerArm,
    Hand,
    UpperLeg,
    LowerLeg,
    Foot,
    Toes,
    Thumb,
    Index,
    Middle,
    Ring,
    Little,
}

/// Words that say nothing about the part.
const NOISE: &[&str] =
    &["mixamorig", "bip", "biped", "j", "adj", "c", "def", "org", "cc", "base", "bone", "jnt", "joint", "b"];

/// Words of nodes that help or hang on bones and are none themselves.
const NOT_A_BONE: &[&str] = &[
    "ik",
    "ctrl",
    "control",
    "mch",
    "tgt",
    "target",
    "pole",
    "twist",
    "roll",
    "end",
    "tip",
    "helper",
    "nub",
    "socket",
    "attach",
    "weapon",
    "sec",
    "site",
    "null",
    "locator",
    "corrective",
    "metacarpal",
    "hair",
    "skirt",
    "lid",
    "brow",
    "parent",
    "master",
];

/// The part that a name means.
pub(super) fn read(name: &str) -> Option<(Part, Option<Side>)> {
    let tokens = tokens(name);
    let mut side = None;
    let mut words = Vec::new();
    for token in &tokens {
        match token.as_str() {
            "left" | "l" | "lft" => side = Some(Side::Left),
            "right" | "r" | "rgt" => side = Some(Side::Right),
            word if NOISE.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit()) => {}
            word => words.push(word),
        }
    }
    // The thumb alone has a metacarpal among its three bones; the neck of Character Creator is all twists.
    let core = words.concat();
    let exempt = core.starts_with("thumb") || core == "necktwist";
    if !exempt && words.iter().any(|word| NOT_A_BONE.contains(word)) {
        return None;
    }
    let part = part(&core)?;
    let sided = !matches!(part, Part::Hips | Part::Spine | Part::Neck | Part::Head | Part::Jaw);
    (sided == side.is_some()).then_some((part, side))
}

fn part(core: &str) -> Option<Part> {
    Some(match core {
        "hips" | "hip" | "pelvis" => Part::Hips,
        "spine" | "chest" | "upperchest" | "waist" | "abdomen" | "torso" | "spinelower" | "spineupper" => Part::Spine,
        "neck" | "necktwist" => Part::Neck,
        "head" => Part::Head,
        "jaw" | "lowerjaw" => Part::Jaw,
        "eye" | "eyeball" | "faceeye" => Part::Eye,
        "shoulder" | "clavicle" | "collar" | "collarbone" => Part::Shoulder,
        "upperarm" | "arm" | "uparm" | "armupper" => Part::UpperArm,
        "lowerarm" | "forearm" | "elbow" | "armlower" | "lowarm" => Part::LowerArm,
        "hand" | "wrist" => Part::Hand,
        "upleg" | "upperleg" | "thigh" | "legupper" => Part::UpperLeg,
        "leg" | "lowerleg" | "calf" | "shin" | "knee" | "leglower" | "lowleg" => Part::LowerLeg,
        "foot" | "ankle" => Part::Foot,
        "toebase" | "toe" | "toes" | "ball" => Part::Toes,
        _ => return finger(core),
    })
}

fn finger(core: &str) -> Option<Part> {
    let mut core = core;
    for before in ["hand", "fingers", "finger", "f"] {
        // `f` is Rigify's `f_index`; the letter must not eat into a word.
        if let Some(rest) = core.strip_prefix(before)
            && !rest.is_empty()
        {
            core = rest;
        }
    }
    for after in ["metacarpal", "proximal", "intermediate", "distal", "finger"] {
        core = core.strip_suffix(after).unwrap_or(core);
    }
    Some(match core {
        "thumb" => Part::Thumb,
        "index" => Part::Index,
        "middle" | "mid" => Part::Middle,
        "ring" => Part::Ring,
        "pinky" | "pinkie" | "little" => Part::Little,
        _ => return None,
    })
}

/// Words and numbers of a name, in small letters: cut at separators, at capitals and at digits. What stands before a
/// colon or a bar names the rig, not the bone.
fn tokens(name: &str) -> Vec<String> {
    let name = name.rsplit([':', '|']).next().unwrap_or(name);
    let mut out = Vec::new();
    let mut token = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let cut = before.is_some_and(|before| {
            let capital = letter.is_uppercase()
                && (before.is_lowercase() || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()));
            capital || before.is_ascii_digit() != letter.is_ascii_digit()
        });
        if (cut || !letter.is_alphanumeric()) && !token.is_empty() {
            out.push(std::mem::take(&mut token));
        }
        if letter.is_alphanumeric() {
            token.extend(letter.to_lowercase());
        }
    }
    if !token.is_empty() {
        out.push(token);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rigs_of_the_wild_are_understood() {
        use Part::*;
        use Side::{Left, Right};
        for (name, part, side) in [
            ("mixamorig:Hips", Hips, None),
            ("mixamorig1:LeftUpLeg", UpperLeg, Some(Left)),
            ("mixamorigLeftForeArm", LowerArm, Some(Left)),
            ("mixamorig:LeftHandThumb2", Thumb, Some(Left)),
            ("LeftArm", UpperArm, Some(Left)),
            ("RightHandPinky1", Little, Some(Right)),
            ("RightToeBase", Toes, Some(Right)),
            ("LeftEye", Eye, Some(Left)),
            ("pelvis", Hips, None),
            ("spine_03", Spine, None),
            ("upperarm_l", UpperArm, Some(Left)),
            ("calf_r", LowerLeg, Some(Right)),
            ("ball_l", Toes, Some(Left)),
            ("index_01_l", Index, Some(Left)),
            ("clavicle_r", Shoulder, Some(Right)),
            ("upper_arm.L", UpperArm, Some(Left)),
            ("DEF-forearm.R", LowerArm, Some(Right)),
            ("f_index.01.L", Index, Some(Left)),
            ("shin.R", LowerLeg, Some(Right)),
            ("J_Bip_C_UpperChest", Spine, None),
            ("J_Bip_L_LowerLeg", LowerLeg, Some(Left)),
            ("J_Bip_R_Little3", Little, Some(Right)),
            ("J_Adj_L_FaceEye", Eye, Some(Left)),
            ("CC_Base_L_Upperarm", UpperArm, Some(Left)),
            ("CC_Base_NeckTwist01", Neck, None),
            ("Bip01 L Thigh", UpperLeg, Some(Left)),
            ("LeftThumbMetacarpal", Thumb, Some(Left)),
            ("leftMiddleProximal", Middle, Some(Left)),
            ("Armature|LeftFoot", Foot, Some(Left)),
            ("thumb.02.R", Thumb, Some(Right)),
        ] {
            assert_eq!(read(name), Some((part, side)), "{name}");
        }
    }

    #[test]
    fn helpers_and_strangers_are_no_bones() {
        for name in [
            "",
            "Armature",
            "root",
            "ik_hand_l",
            "upperarm_twist_01_l",
            "HeadTop_End",
            "J_Sec_Hair1_01",
            "Wolf3D_Head",
            "LeftArmRoll",
            "hand",
            "LeftHips",
            "weapon_l",
            "index_metacarpal_l",
            "eyelid_L",
            "Ribbon",
            "左腕",
            "l",
            "LL",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
