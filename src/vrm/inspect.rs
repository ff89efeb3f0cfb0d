//! What a file can do and what is wrong with it: for people as text, for machines as JSON.

use std::fmt;

use serde::Serialize;

use super::arkit::FaceMap;
use super::blend_shape::BlendShape;
use super::bone::HumanBone;
use super::document::{Document, Shading};
use super::expression::{ExpressionName, Preset, VISEMES};
use super::finding::{Finding, Severity};
use super::look_at::LookAtKind;
use super::schema::Meta;

/// Everything that `visavis avatar inspect` tells about a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// `VRM`.
    pub format: &'static str,
    /// Version that the file states.
    pub version: String,
    /// License and authors.
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
    /// Mouth shapes with an expression.
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
    /// What the avatar can do on stage.
    pub capabilities: Vec<String>,
    /// What is wrong, worst first.
    pub findings: Vec<Finding>,
}

/// An expression with the numbers of what it moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpressionReport {
    /// Name.
    pub name: String,
    /// Whether it is either off or on.
    pub is_binary: bool,
    /// Morph targets.
    pub morphs: usize,
    /// Material colors.
    pub colors: usize,
    /// Texture transforms.
    pub textures: usize,
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
}

impl Report {
    /// Looks a document over.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        let (bones, missing): (Vec<HumanBone>, Vec<HumanBone>) =
            HumanBone::ALL.iter().copied().partition(|b| document.humanoid.has(*b));
        let (presets, customs): (Vec<_>, Vec<_>) =
            document.expressions.iter().partition(|e| matches!(e.name, ExpressionName::Preset(_)));
        let expressions = |list: Vec<&super::Expression>| {
            list.into_iter()
                .map(|e| ExpressionReport {
                    name: e.name.as_str().to_owned(),
                    is_binary: e.is_binary,
                    morphs: e.morphs.len(),
                    colors: e.colors.len(),
                    textures: e.textures.len(),
                })
                .collect()
        };
        let face = FaceMap::for_document(document);
        let visemes = VISEMES.into_iter().filter(|v| moves(document, *v)).map(Preset::name).collect();
        let used = || document.nodes.iter().filter_map(|n| document.meshes.get(n.mesh?)).flat_map(|m| &m.primitives);
        let mut findings = document.findings.clone();
        findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        Self {
            format: "VRM",
            version: document.spec_version.clone(),
            meta: document.meta.clone(),
            bones_present: bones.into_iter().map(|b| b.name()).collect(),
            bones_missing: missing.into_iter().map(|b| b.name()).collect(),
            presets: expressions(presets),
            customs: expressions(customs),
            arkit_present: face.coverage(),
            arkit_missing: BlendShape::ALL.iter().filter(|s| !face.has(**s)).map(|s| s.name()).collect(),
            visemes,
            look_at: match document.look_at.kind {
                LookAtKind::Bone => "bone",
                LookAtKind::Expression => "expression",
            },
            springs: document.physics.springs,
            spring_joints: document.physics.joints,
            colliders: document.physics.colliders,
            constraints: document.physics.constraints,
            nodes: document.nodes.len(),
            meshes: document.meshes.len(),
            materials: document
                .materials
                .iter()
                .map(|m| MaterialReport {
                    name: m.name.clone(),
                    shading: match m.shading {
                        Shading::Pbr => "pbr",
                        Shading::Unlit => "unlit",
                        Shading::MToon => "mtoon",
                    },
                })
                .collect(),
            triangles: used().map(|p| p.triangles).fold(0, u64::saturating_add),
            vertices: used().map(|p| p.vertices).fold(0, u64::saturating_add),
            images: document
                .images
                .iter()
                .map(|i| ImageReport { name: i.name.clone(), mime: i.mime.clone(), bytes: i.bytes })
                .collect(),
            capabilities: capabilities(document, &face),
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

fn capabilities(document: &Document, face: &FaceMap) -> Vec<String> {
    use BlendShape as B;
    let both = |left, right| face.has(left) && face.has(right);
    let bone = |bone| document.humanoid.has(bone);
    let mut out = Vec::new();
    let mut can = |yes: bool, text: &str| {
        if yes {
            out.push(text.to_owned());
        }
    };
    can(both(B::EyeBlinkLeft, B::EyeBlinkRight) || moves(document, Preset::Blink), "can blink");
    can(both(B::MouthSmileLeft, B::MouthSmileRight) || moves(document, Preset::Happy), "can smile");
    can(both(B::MouthFrownLeft, B::MouthFrownRight), "can frown");
    can(face.has(B::BrowInnerUp) || moves(document, Preset::Sad), "can show concern");
    can(both(B::EyeWideLeft, B::EyeWideRight) || moves(document, Preset::Surprised), "can show surprise");
    let looks = [Preset::LookUp, Preset::LookDown, Preset::LookLeft, Preset::LookRight];
    let can_look = match document.look_at.kind {
        LookAtKind::Bone => bone(HumanBone::LeftEye) && bone(HumanBone::RightEye),
        LookAtKind::Expression => looks.into_iter().all(|look| moves(document, look)),
    };
    can(can_look, "can look around");
    let finger = |a, b, c| bone(a) && bone(b) && bone(c);
    let right = finger(HumanBone::RightIndexProximal, HumanBone::RightIndexIntermediate, HumanBone::RightIndexDistal);
    let left = finger(HumanBone::LeftIndexProximal, HumanBone::LeftIndexIntermediate, HumanBone::LeftIndexDistal);
    can(left && right, "can point");
    can(bone(HumanBone::LeftShoulder) && bone(HumanBone::RightShoulder), "can shrug");
    can(bone(HumanBone::Neck) && bone(HumanBone::UpperChest), "can lean and nod softly");
    let vowels = VISEMES.into_iter().filter(|v| moves(document, *v)).count();
    if vowels > 0 {
        can(true, &format!("mouth: {vowels} vowels"));
    } else {
        can(face.has(B::JawOpen), "mouth: by ARKit shapes");
    }
    out
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
        let list = |items: &[&str]| if items.is_empty() { "none".to_owned() } else { items.join(", ") };
        writeln!(f, "{} ({} {})", or(&self.meta.name, "no name"), self.format, or(&self.version, "without version"))?;
        writeln!(f, "  by          {}", or(&self.meta.authors.join(", "), "unknown"))?;
        writeln!(f, "  license     {}", or(&self.meta.license_url, "none stated"))?;
        writeln!(
            f,
            "  permits     avatar {}, commercial {}, credit {}, redistribution {}, modification {}",
            self.meta.avatar_permission,
            self.meta.commercial_usage,
            self.meta.credit_notation,
            if self.meta.allow_redistribution { "yes" } else { "no" },
            self.meta.modification
        )?;
        writeln!(f, "  bones       {} of {}", self.bones_present.len(), HumanBone::COUNT)?;
        writeln!(f, "  lacking     {}", list(&self.bones_missing))?;
        writeln!(f, "  presets     {}", names(&self.presets))?;
        writeln!(f, "  customs     {}", names(&self.customs))?;
        writeln!(f, "  ARKit       {} of {}", self.arkit_present, BlendShape::COUNT)?;
        writeln!(f, "  visemes     {}", list(&self.visemes))?;
        writeln!(f, "  look-at     by {}", self.look_at)?;
        writeln!(
            f,
            "  physics     {} springs with {} joints, {} colliders, {} constraints",
            self.springs, self.spring_joints, self.colliders, self.constraints
        )?;
        writeln!(
            f,
            "  geometry    {} triangles, {} vertices, {} meshes, {} nodes",
            self.triangles, self.vertices, self.meshes, self.nodes
        )?;
        let materials: Vec<_> = self.materials.iter().map(|m| format!("{} ({})", m.name, m.shading)).collect();
        writeln!(f, "  materials   {}", or(&materials.join(", "), "none"))?;
        let bytes: u64 = self.images.iter().fold(0, |sum, image| sum.saturating_add(image.bytes));
        writeln!(f, "  images      {}, {} KiB", self.images.len(), bytes / 1024)?;
        for image in &self.images {
            writeln!(f, "              {} {} {} KiB", or(&image.name, "-"), image.mime, image.bytes / 1024)?;
        }
        let capabilities: Vec<_> = self.capabilities.iter().map(String::as_str).collect();
        writeln!(f, "  abilities   {}", list(&capabilities))?;
        let count = |severity| self.findings.iter().filter(|x| x.severity == severity).count();
        write!(f, "  findings    {} errors, {} warnings", count(Severity::Error), count(Severity::Warning))?;
        for finding in &self.findings {
            write!(f, "\n    {finding}")?;
        }
        Ok(())
    }
}

/// Names with the number of binds.
fn names(expressions: &[ExpressionReport]) -> String {
    let all: Vec<_> =
        expressions.iter().map(|e| format!("{} ({})", e.name, e.morphs + e.colors + e.textures)).collect();
    if all.is_empty() { "none".into() } else { format!("{}: {}", all.len(), all.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_agent_can_do_everything() {
        let report = Report::new(&fixture::agent());
        assert_eq!((report.presets.len(), report.customs.len(), report.arkit_present), (18, 52, 52));
        assert_eq!(report.bones_missing, ["jaw"]);
        assert_eq!(report.images.len(), 14);
        for ability in ["can blink", "can smile", "can frown", "can point", "can look around", "mouth: 5 vowels"] {
            assert!(report.capabilities.iter().any(|c| c == ability), "{ability} in {:?}", report.capabilities);
        }
        assert!(report.triangles > 1000 && report.vertices > 1000);
        let errors: Vec<_> = report.findings.iter().filter(|f| f.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let text = report.to_string();
        assert!(text.contains("ARKit       52 of 52"), "{text}");
        assert!(serde_json::to_value(&report).is_ok_and(|json| json["meta"]["name"] == "Agent female bun"));
    }
}
