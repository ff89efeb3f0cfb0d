//! What a file can do and what is wrong with it: for people as text, for machines as JSON.

mod ability;
mod text;

#[cfg(test)]
mod tests;

use serde::Serialize;

pub use self::ability::Capability;
use super::arkit::FaceMap;
use super::blend_shape::BlendShape;
use super::bone::HumanBone;
use super::document::{Document, FirstPerson, Image, Shading};
use super::expression::{Expression, ExpressionName, Preset, VISEMES};
use super::finding::Finding;
use super::look_at::LookAtKind;
use super::schema::Meta;

/// Everything that `visavis avatar inspect` tells about a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// `VRM 1.0`, `VRM 0.x converted` or `plain glTF`.
    pub format: &'static str,
    /// Version of VRM 1.0 that the file states; of other formats, the one that it was brought to.
    pub version: String,
    /// License and authors. What the file does not say is not permitted.
    pub meta: Meta,
    /// Bones that the file has.
    pub bones_present: Vec<&'static str>,
    /// Optional bones that the file lacks.
    pub bones_missing: Vec<&'static str>,
    /// Expressions of the standard.
    pub presets: Vec<ExpressionReport>,
    /// Expressions of the file's own.
    pub customs: Vec<ExpressionReport>,
    /// How many of the 52 ARKit blend shapes have an expression.
    pub arkit_present: usize,
    /// ARKit blend shapes without an expression.
    pub arkit_missing: Vec<&'static str>,
    /// Mouth shapes with an expression that moves something.
    pub visemes: Vec<&'static str>,
    /// `bone` or `expression`.
    pub look_at: &'static str,
    /// Spring chains.
    pub springs: usize,
    /// Spring joints.
    pub spring_joints: usize,
    /// Spring colliders.
    pub colliders: usize,
    /// Node constraints.
    pub constraints: usize,
    /// Which meshes a wearer sees.
    pub first_person: FirstPersonReport,
    /// Nodes.
    pub nodes: usize,
    /// Meshes.
    pub meshes: usize,
    /// Materials.
    pub materials: Vec<MaterialReport>,
    /// Triangles of all nodes with meshes.
    pub triangles: u64,
    /// Vertices of all nodes with meshes.
    pub vertices: u64,
    /// Images.
    pub images: Vec<ImageReport>,
    /// Memory of all images on the graphics card, bytes.
    pub image_memory: u64,
    /// What the behavior engine wants, and whether the avatar can do it.
    pub capabilities: Vec<Capability>,
    /// What is wrong, worst first.
    pub findings: Vec<Finding>,
}

/// An expression with the numbers of what it moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpressionReport {
    /// Name.
    pub name: String,
    /// `emotion`, `mouth`, `blink`, `look`, `neutral`, `arkit` or `other`.
    pub kind: &'static str,
    /// Whether it is either off or on.
    pub is_binary: bool,
    /// Morph targets.
    pub morphs: usize,
    /// Material colors.
    pub colors: usize,
    /// Texture transforms.
    pub textures: usize,
}

/// How many meshes of the scene have which flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct FirstPersonReport {
    /// Their head is cut off.
    pub auto: usize,
    /// Always seen.
    pub both: usize,
    /// Seen by others only.
    pub third_person_only: usize,
    /// Seen by the wearer only.
    pub first_person_only: usize,
}

/// A material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaterialReport {
    /// Name.
    pub name: String,
    /// `pbr`, `unlit` or `mtoon`.
    pub shading: &'static str,
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageReport {
    /// Name.
    pub name: String,
    /// Mime type.
    pub mime: String,
    /// Size in the file, bytes.
    pub bytes: u64,
    /// Pixels; 0 where the image is unreadable.
    pub width: u32,
    /// Pixels; 0 where the image is unreadable.
    pub height: u32,
    /// On the graphics card: four bytes a pixel, and a third more for smaller copies.
    pub memory: u64,
}

impl Report {
    /// Looks a document over.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        let (bones, missing): (Vec<HumanBone>, Vec<HumanBone>) =
            HumanBone::ALL.iter().copied().partition(|b| document.humanoid.has(*b));
        let (presets, customs): (Vec<_>, Vec<_>) =
            document.expressions.iter().partition(|e| matches!(e.name, ExpressionName::Preset(_)));
        let face = FaceMap::for_document(document);
        let used = || document.nodes.iter().filter_map(|n| document.meshes.get(n.mesh?)).flat_map(|m| &m.primitives);
        let mut findings = document.findings.clone();
        findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        let images: Vec<ImageReport> = document.images.iter().map(image).collect();
        Self {
            format: document.format.name(),
            version: document.spec_version.clone(),
            meta: document.meta.clone(),
            bones_present: bones.into_iter().map(HumanBone::name).collect(),
            bones_missing: missing.into_iter().map(HumanBone::name).collect(),
            presets: presets.into_iter().map(expression).collect(),
            customs: customs.into_iter().map(expression).collect(),
            arkit_present: face.coverage(),
            arkit_missing: BlendShape::ALL.iter().filter(|s| !face.has(**s)).map(|s| s.name()).collect(),
            visemes: VISEMES.into_iter().filter(|v| moves(document, *v)).map(Preset::name).collect(),
            look_at: match document.look_at.kind {
                LookAtKind::Bone => "bone",
                LookAtKind::Expression => "expression",
            },
            springs: document.physics.springs,
            spring_joints: document.physics.joints,
            colliders: document.physics.colliders,
            constraints: document.physics.constraints,
            first_person: first_person(document),
            nodes: document.nodes.len(),
            meshes: document.meshes.len(),
            materials: document.materials.iter().map(material).collect(),
            triangles: used().map(|p| p.triangles).fold(0, u64::saturating_add),
            vertices: used().map(|p| p.vertices).fold(0, u64::saturating_add),
            image_memory: images.iter().map(|i| i.memory).fold(0, u64::saturating_add),
            images,
            capabilities: ability::all(document, &face),
            findings,
        }
    }
}

/// Whether the avatar has the preset and it moves something.
fn moves(document: &Document, preset: Preset) -> bool {
    document.expressions.iter().any(|e| {
        e.name == ExpressionName::Preset(preset)
            && !(e.morphs.is_empty() && e.colors.is_empty() && e.textures.is_empty())
    })
}

fn expression(e: &Expression) -> ExpressionReport {
    use Preset as P;
    let kind = match &e.name {
        ExpressionName::Preset(P::Happy | P::Angry | P::Sad | P::Relaxed | P::Surprised) => "emotion",
        ExpressionName::Preset(P::Aa | P::Ih | P::Ou | P::Ee | P::Oh) => "mouth",
        ExpressionName::Preset(P::Blink | P::BlinkLeft | P::BlinkRight) => "blink",
        ExpressionName::Preset(P::LookUp | P::LookDown | P::LookLeft | P::LookRight) => "look",
        ExpressionName::Preset(P::Neutral) => "neutral",
        ExpressionName::Custom(name) if BlendShape::ALL.iter().any(|s| s.name().eq_ignore_ascii_case(name)) => "arkit",
        ExpressionName::Custom(_) => "other",
    };
    ExpressionReport {
        name: e.name.as_str().to_owned(),
        kind,
        is_binary: e.is_binary,
        morphs: e.morphs.len(),
        colors: e.colors.len(),
        textures: e.textures.len(),
    }
}

fn first_person(document: &Document) -> FirstPersonReport {
    let mut out = FirstPersonReport::default();
    for (node, _) in document.nodes.iter().enumerate().filter(|(_, node)| node.mesh.is_some()) {
        let count = match document.first_person.get(&node).copied().unwrap_or_default() {
            FirstPerson::Auto => &mut out.auto,
            FirstPerson::Both => &mut out.both,
            FirstPerson::ThirdPersonOnly => &mut out.third_person_only,
            FirstPerson::FirstPersonOnly => &mut out.first_person_only,
        };
        *count += 1;
    }
    out
}

fn material(material: &super::Material) -> MaterialReport {
    let shading = match material.shading {
        Shading::Pbr => "pbr",
        Shading::Unlit => "unlit",
        Shading::MToon => "mtoon",
    };
    MaterialReport { name: material.name.clone(), shading }
}

fn image(image: &Image) -> ImageReport {
    let (width, height) = image.size.unwrap_or((0, 0));
    let pixels = u64::from(width).saturating_mul(height.into());
    ImageReport {
        name: image.name.clone(),
        mime: image.mime.clone(),
        bytes: image.bytes,
        width,
        height,
        memory: pixels.saturating_mul(16) / 3,
    }
}
