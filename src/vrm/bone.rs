//! The 55 humanoid bones of VRM 1.0, with their names and parents.

macro_rules! human_bones {
    ($($variant:ident = $name:literal < $parent:ident),+ $(,)?) => {
        /// A humanoid bone of VRM 1.0.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum HumanBone {
            $(#[doc = concat!("`", $name, "`")] $variant,)+
        }

        impl HumanBone {
            /// Every bone; parents stand before their children.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// How many bones there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The name in VRM 1.0 files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The bone with this VRM 1.0 name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            /// The parent in the VRM humanoid hierarchy; `None` for the hips. It may itself be optional
            /// in a file: then the next ancestor counts.
            #[must_use]
            pub fn parent(self) -> Option<Self> {
                let parent = match self { $(Self::$variant => Self::$parent,)+ };
                (self != Self::Hips).then_some(parent)
            }

            /// Position in arrays of all bones.
            #[must_use]
            pub fn index(self) -> usize {
                self as usize
            }
        }
    };
}

human_bones! {
    Hips = "hips" < Hips,
    Spine = "spine" < Hips,
    Chest = "chest" < Spine,
    UpperChest = "upperChest" < Chest,
    Neck = "neck" < UpperChest,
    Head = "head" < Neck,
    Jaw = "jaw" < Head,
    LeftEye = "leftEye" < Head,
    RightEye = "rightEye" < Head,
    LeftUpperLeg = "leftUpperLeg" < Hips,
    LeftLowerLeg = "leftLowerLeg" < LeftUpperLeg,
    LeftFoot = "leftFoot" < LeftLowerLeg,
    LeftToes = "leftToes" < LeftFoot,
    RightUpperLeg = "rightUpperLeg" < Hips,
    RightLowerLeg = "rightLowerLeg" < RightUpperLeg,
    RightFoot = "rightFoot" < RightLowerLeg,
    RightToes = "rightToes" < RightFoot,
    LeftShoulder = "leftShoulder" < UpperChest,
    LeftUpperArm = "leftUpperArm" < LeftShoulder,
    LeftLowerArm = "leftLowerArm" < LeftUpperArm,
    LeftHand = "leftHand" < LeftLowerArm,
    RightShoulder = "rightShoulder" < UpperChest,
    RightUpperArm = "rightUpperArm" < RightShoulder,
    RightLowerArm = "rightLowerArm" < RightUpperArm,
    RightHand = "rightHand" < RightLowerArm,
    LeftThumbMetacarpal = "leftThumbMetacarpal" < LeftHand,
    LeftThumbProximal = "leftThumbProximal" < LeftThumbMetacarpal,
    LeftThumbDistal = "leftThumbDistal" < LeftThumbProximal,
    LeftIndexProximal = "leftIndexProximal" < LeftHand,
    LeftIndexIntermediate = "leftIndexIntermediate" < LeftIndexProximal,
    LeftIndexDistal = "leftIndexDistal" < LeftIndexIntermediate,
    LeftMiddleProximal = "leftMiddleProximal" < LeftHand,
    LeftMiddleIntermediate = "leftMiddleIntermediate" < LeftMiddleProximal,
    LeftMiddleDistal = "leftMiddleDistal" < LeftMiddleIntermediate,
    LeftRingProximal = "leftRingProximal" < LeftHand,
    LeftRingIntermediate = "leftRingIntermediate" < LeftRingProximal,
    LeftRingDistal = "leftRingDistal" < LeftRingIntermediate,
    LeftLittleProximal = "leftLittleProximal" < LeftHand,
    LeftLittleIntermediate = "leftLittleIntermediate" < LeftLittleProximal,
    LeftLittleDistal = "leftLittleDistal" < LeftLittleIntermediate,
    RightThumbMetacarpal = "rightThumbMetacarpal" < RightHand,
    RightThumbProximal = "rightThumbProximal" < RightThumbMetacarpal,
    RightThumbDistal = "rightThumbDistal" < RightThumbProximal,
    RightIndexProximal = "rightIndexProximal" < RightHand,
    RightIndexIntermediate = "rightIndexIntermediate" < RightIndexProximal,
    RightIndexDistal = "rightIndexDistal" < RightIndexIntermediate,
    RightMiddleProximal = "rightMiddleProximal" < RightHand,
    RightMiddleIntermediate = "rightMiddleIntermediate" < RightMiddleProximal,
    RightMiddleDistal = "rightMiddleDistal" < RightMiddleIntermediate,
    RightRingProximal = "rightRingProximal" < RightHand,
    RightRingIntermediate = "rightRingIntermediate" < RightRingProximal,
    RightRingDistal = "rightRingDistal" < RightRingIntermediate,
    RightLittleProximal = "rightLittleProximal" < RightHand,
    RightLittleIntermediate = "rightLittleIntermediate" < RightLittleProximal,
    RightLittleDistal = "rightLittleDistal" < RightLittleIntermediate,
}
