//! What a surface of the avatar is made of: by the hint in its glTF material, or by the material's name in avatars of
//! this project that carry none.

use bevy::asset::LoadContext;
use bevy::gltf::extensions::{ErasedGltfExtensionHandler, GltfExtensionHandler};
use bevy::gltf::{GltfAssetLabel, GltfLoaderSettings};
use bevy::prelude::*;
use serde::Deserialize;

/// What light does on a surface.
#[derive(Reflect, Deserialize, Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[serde(rename_all = "lowercase")]
pub(super) enum SurfaceKind {
    /// Light goes in and comes out reddened.
    Skin,
    /// As skin, and moist.
    Lips,
    /// Sclera and iris; the iris lies below the surface.
    Eye,
    /// The wet shell over the eye: nothing but its reflections.
    Cornea,
    /// The shadow of the lids on the eye.
    LidShade,
    /// Lashes.
    Lash,
    /// Strands along the texture's v.
    Hair,
    /// Strands that end over skin.
    HairEdge,
    /// Teeth, gums and tongue: little light gets there.
    Teeth,
    /// Woven: a soft sheen at grazing angles instead of a mirror.
    Cloth,
    /// What glTF says and no more.
    #[default]
    #[serde(other)]
    Plain,
}

/// Material names of avatars without hints.
const BY_NAME: &[(&str, SurfaceKind)] = &[
    ("face", SurfaceKind::Skin),
    ("hands", SurfaceKind::Skin),
    ("eye", SurfaceKind::Eye),
    ("cornea", SurfaceKind::Cornea),
    ("lidshade", SurfaceKind::LidShade),
    ("lash", SurfaceKind::Lash),
    ("hair", SurfaceKind::Hair),
    ("hairedge", SurfaceKind::HairEdge),
    ("teeth", SurfaceKind::Teeth),
    ("tongue", SurfaceKind::Teeth),
    ("jacket", SurfaceKind::Cloth),
    ("lapel", SurfaceKind::Cloth),
    ("trouser", SurfaceKind::Cloth),
    ("shirt", SurfaceKind::Cloth),
];

/// How the texture of an eye is laid over it: the angle from the axis is `angle_deg * r.powf(1 / exponent)`, where r
/// is the distance from the texture's middle, 1 at its edges.
#[derive(Reflect, Deserialize, Debug, Clone, Copy, PartialEq)]
#[serde(default)]
pub(super) struct EyeLayout {
    /// Angle at the texture's edge.
    pub(super) angle_deg: f32,
    /// Above 1 the middle gets fewer texels, below 1 more.
    pub(super) exponent: f32,
    /// Where the iris ends.
    pub(super) iris_deg: f32,
}

impl Default for EyeLayout {
    fn default() -> Self {
        Self { angle_deg: 100.0, exponent: 0.75, iris_deg: 26.0 }
    }
}

impl EyeLayout {
    /// Nothing that a file says leads to numbers that are none.
    fn checked(self) -> Self {
        let within = |value: f32, low: f32, high: f32, otherwise: f32| {
            if (low..=high).contains(&value) { value } else { otherwise }
        };
        let usual = Self::default();
        Self {
            angle_deg: within(self.angle_deg, 40.0, 180.0, usual.angle_deg),
            exponent: within(self.exponent, 0.25, 2.0, usual.exponent),
            iris_deg: within(self.iris_deg, 10.0, 40.0, usual.iris_deg),
        }
    }
}

/// What the file says about a surface beyond glTF.
#[derive(Component, Reflect, Debug, Clone, Default, PartialEq)]
#[reflect(Component)]
pub(super) struct SurfaceHint {
    pub(super) kind: SurfaceKind,
    pub(super) eye: EyeLayout,
    /// Normals of all wrinkles, in tangent space.
    pub(super) wrinkle_normal: Option<Handle<Image>>,
    /// How strongly they show, by region.
    pub(super) wrinkle_mask: Option<Handle<Image>>,
    /// Normals of the folds of a garment, and what they cover of its texture coordinates: corner and size.
    pub(super) folds: Option<(Handle<Image>, Vec4)>,
    /// glTF index of the material; `None` for glTF's default material.
    pub(super) material: Option<usize>,
    /// Textures of the cartoon shading.
    pub(super) toon: ToonTextures,
}

/// The textures that only the cartoon shading of VRM has.
#[derive(Reflect, Debug, Clone, Default, PartialEq)]
pub(super) struct ToonTextures {
    pub(super) shade_multiply: Option<Handle<Image>>,
    pub(super) shading_shift: Option<Handle<Image>>,
    pub(super) matcap: Option<Handle<Image>>,
    pub(super) rim_multiply: Option<Handle<Image>>,
    pub(super) outline_width: Option<Handle<Image>>,
    pub(super) uv_animation_mask: Option<Handle<Image>>,
}

/// The `visavis` part of a material's extras.
#[derive(Deserialize, Debug, Clone, PartialEq, Default)]
#[serde(default)]
struct Extras {
    visavis: Hint,
}

#[derive(Deserialize, Debug, Clone, PartialEq, Default)]
#[serde(default)]
struct Hint {
    kind: Option<SurfaceKind>,
    eye: EyeLayout,
    wrinkle: Option<WrinkleTextures>,
    folds: Option<FoldMap>,
}

#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
struct WrinkleTextures {
    normal: usize,
    mask: usize,
}

#[derive(Deserialize, Debug, Clone, Copy, PartialEq)]
struct FoldMap {
    normal: usize,
    chart: [f32; 4],
}

impl FoldMap {
    fn is_sound(&self, textures: usize) -> bool {
        let [.., wide, high] = self.chart;
        self.normal < textures && self.chart.iter().all(|edge| edge.is_finite()) && wide > 0.0 && high > 0.0
    }
}

/// Reads extras; what cannot be read says nothing.
fn read(extras: Option<&str>, name: Option<&str>) -> Hint {
    let mut hint = extras.and_then(|text| serde_json::from_str::<Extras>(text).ok()).unwrap_or_default().visavis;
    let by_name = || BY_NAME.iter().find(|(known, _)| Some(*known) == name).map(|(_, kind)| *kind);
    hint.kind = hint.kind.or_else(by_name);
    hint.eye = hint.eye.checked();
    hint
}

/// Puts a [`SurfaceHint`] on every part of the avatar.
#[derive(Clone, Default)]
pub(super) struct SurfaceHandler {
    textures: usize,
}

impl GltfExtensionHandler for SurfaceHandler {
    fn dyn_clone(&self) -> Box<dyn ErasedGltfExtensionHandler> {
        Box::new(self.clone())
    }

    fn on_root(&mut self, _: &mut LoadContext<'_>, gltf: &gltf::Gltf, _: &GltfLoaderSettings) {
        self.textures = gltf.textures().count();
    }

    fn on_spawn_mesh_and_material(
        &mut self,
        load_context: &mut LoadContext<'_>,
        _: &gltf::Primitive<'_>,
        _: &gltf::Mesh<'_>,
        material: &gltf::Material<'_>,
        entity: &mut EntityWorldMut<'_>,
        _: &str,
    ) {
        let hint = read(material.extras().as_ref().map(|extras| extras.get()), material.name());
        let folds = hint.folds.filter(|folds| folds.is_sound(self.textures));
        let wrinkle = hint.wrinkle.filter(|w| w.normal < self.textures && w.mask < self.textures);
        let mut texture = |index: usize| load_context.get_label_handle(GltfAssetLabel::Texture(index).to_string());
        let mut toon = |key: &str| {
            let mtoon = material.extension_value("VRMC_materials_mtoon")?;
            let index = usize::try_from(mtoon.get(key)?.get("index")?.as_u64()?).ok()?;
            (index < self.textures).then(|| texture(index))
        };
        let toon = ToonTextures {
            shade_multiply: toon("shadeMultiplyTexture"),
            shading_shift: toon("shadingShiftTexture"),
            matcap: toon("matcapTexture"),
            rim_multiply: toon("rimMultiplyTexture"),
            outline_width: toon("outlineWidthMultiplyTexture"),
            uv_animation_mask: toon("uvAnimationMaskTexture"),
        };
        entity.insert(SurfaceHint {
            kind: hint.kind.unwrap_or_default(),
            eye: hint.eye,
            wrinkle_normal: wrinkle.map(|w| texture(w.normal)),
            wrinkle_mask: wrinkle.map(|w| texture(w.mask)),
            folds: folds.map(|folds| (texture(folds.normal), Vec4::from_array(folds.chart))),
            material: material.index(),
            toon,
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn hints_go_before_names() {
        let extras = r#"{"visavis": {"kind": "cloth", "wrinkle": {"normal": 3, "mask": 4}}, "other": 1}"#;
        let hint = read(Some(extras), Some("face"));
        assert_eq!(hint.kind, Some(SurfaceKind::Cloth));
        assert_eq!(hint.wrinkle, Some(WrinkleTextures { normal: 3, mask: 4 }));
        assert_eq!(read(None, Some("hairedge")).kind, Some(SurfaceKind::HairEdge));
        assert_eq!(read(None, Some("N00_000_00_Hair")).kind, None, "other people's avatars look as they say");
        assert_eq!(read(None, None).kind, None);
    }

    #[test]
    fn unknown_and_broken_hints_say_nothing() {
        assert_eq!(read(Some(r#"{"visavis": {"kind": "jelly"}}"#), None).kind, Some(SurfaceKind::Plain));
        assert_eq!(read(Some(r#"{"visavis": {"kind": 7}}"#), Some("eye")).kind, Some(SurfaceKind::Eye));
        assert_eq!(read(Some(r#"{"visavis": {"wrinkle": {"normal": -1}}}"#), None), Hint::default());
        assert_eq!(read(Some("[]"), None), Hint::default());
        let folds = read(Some(r#"{"visavis": {"folds": {"normal": 2, "chart": [0, -1, 5, 6]}}}"#), None).folds.unwrap();
        assert!(folds.is_sound(3) && !folds.is_sound(2));
        assert!(!FoldMap { chart: [0.0, 0.0, 0.0, 1.0], ..folds }.is_sound(3));
        assert!(!FoldMap { chart: [f32::NAN, 0.0, 1.0, 1.0], ..folds }.is_sound(3));
        let eye = read(Some(r#"{"visavis": {"eye": {"angle_deg": 0, "iris_deg": 20}}}"#), None).eye;
        assert_eq!((eye.angle_deg, eye.iris_deg), (100.0, 20.0));
    }
}
