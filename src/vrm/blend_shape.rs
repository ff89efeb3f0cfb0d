//! The 52 ARKit blend shapes ("perfect sync"), by their ARKit names. FACS action units in the docs of those
//! that the behavior engine uses most.

macro_rules! blend_shapes {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// An ARKit blend shape.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum BlendShape {
            $(#[doc = concat!("`", $name, "`")] $variant,)+
        }

        impl BlendShape {
            /// Every blend shape.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The ARKit name, which is also the name of the VRM custom expression.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The blend shape with this ARKit name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            /// Position in arrays of all blend shapes.
            #[must_use]
            pub fn index(self) -> usize {
                self as usize
            }
        }
    };
}

blend_shapes! {
    BrowDownLeft = "browDownLeft", BrowDownRight = "browDownRight", BrowInnerUp = "browInnerUp",
    BrowOuterUpLeft = "browOuterUpLeft", BrowOuterUpRight = "browOuterUpRight", CheekPuff = "cheekPuff",
    CheekSquintLeft = "cheekSquintLeft", CheekSquintRight = "cheekSquintRight", EyeBlinkLeft = "eyeBlinkLeft",
    EyeBlinkRight = "eyeBlinkRight", EyeLookDownLeft = "eyeLookDownLeft", EyeLookDownRight = "eyeLookDownRight",
    EyeLookInLeft = "eyeLookInLeft", EyeLookInRight = "eyeLookInRight", EyeLookOutLeft = "eyeLookOutLeft",
    EyeLookOutRight = "eyeLookOutRight", EyeLookUpLeft = "eyeLookUpLeft", EyeLookUpRight = "eyeLookUpRight",
    EyeSquintLeft = "eyeSquintLeft", EyeSquintRight = "eyeSquintRight", EyeWideLeft = "eyeWideLeft",
    EyeWideRight = "eyeWideRight", JawForward = "jawForward", JawLeft = "jawLeft", JawOpen = "jawOpen",
    JawRight = "jawRight", MouthClose = "mouthClose", MouthDimpleLeft = "mouthDimpleLeft",
    MouthDimpleRight = "mouthDimpleRight", MouthFrownLeft = "mouthFrownLeft", MouthFrownRight = "mouthFrownRight",
    MouthFunnel = "mouthFunnel", MouthLeft = "mouthLeft", MouthLowerDownLeft = "mouthLowerDownLeft",
    MouthLowerDownRight = "mouthLowerDownRight", MouthPressLeft = "mouthPressLeft",
    MouthPressRight = "mouthPressRight", MouthPucker = "mouthPucker", MouthRight = "mouthRight",
    MouthRollLower = "mouthRollLower", MouthRollUpper = "mouthRollUpper", MouthShrugLower = "mouthShrugLower",
    MouthShrugUpper = "mouthShrugUpper", MouthSmileLeft = "mouthSmileLeft", MouthSmileRight = "mouthSmileRight",
    MouthStretchLeft = "mouthStretchLeft", MouthStretchRight = "mouthStretchRight",
    MouthUpperUpLeft = "mouthUpperUpLeft", MouthUpperUpRight = "mouthUpperUpRight",
    NoseSneerLeft = "noseSneerLeft", NoseSneerRight = "noseSneerRight", TongueOut = "tongueOut",
}
