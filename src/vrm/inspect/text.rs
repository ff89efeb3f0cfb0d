//! The report as text.

use std::fmt;

use super::{ExpressionReport, Report};
use crate::vrm::blend_shape::BlendShape;
use crate::vrm::bone::HumanBone;
use crate::vrm::finding::Severity;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = match self.version.as_str() {
            _ if !self.format.ends_with("1.0") => self.format.to_owned(),
            "1.0" => self.format.to_owned(),
            "" => format!("{}, without version", self.format),
            other => format!("{}, states version {other}", self.format),
        };
        writeln!(f, "{} ({format})", or(&self.meta.name, "no name"))?;
        self.license(f)?;
        writeln!(f, "  bones       {} of {}", self.bones_present.len(), HumanBone::COUNT)?;
        writeln!(f, "  lacking     {}", list(&self.bones_missing))?;
        for kind in ["emotion", "mouth", "blink", "look", "neutral"] {
            writeln!(f, "  {kind:<11} {}", names(&self.presets, kind))?;
        }
        writeln!(f, "  customs     {}", names(&self.customs, "other"))?;
        writeln!(f, "  ARKit       {} of {}", self.arkit_present, BlendShape::COUNT)?;
        if self.arkit_present > 0 && !self.arkit_missing.is_empty() {
            writeln!(f, "              without {}", list(&self.arkit_missing))?;
        }
        writeln!(f, "  visemes     {}", list(&self.visemes))?;
        writeln!(f, "  look-at     by {}", self.look_at)?;
        writeln!(
            f,
            "  physics     {} springs with {} joints, {} colliders, {} constraints",
            self.springs, self.spring_joints, self.colliders, self.constraints
        )?;
        writeln!(
            f,
            "  first person {} meshes without head, {} whole, {} for others only, {} for the wearer only",
            self.first_person.auto,
            self.first_person.both,
            self.first_person.third_person_only,
            self.first_person.first_person_only
        )?;
        self.geometry(f)?;
        for capability in &self.capabilities {
            let answer = if capability.able { "yes" } else { "no " };
            writeln!(f, "  {answer}  {} ({})", capability.ability, capability.reason)?;
        }
        let count = |severity| self.findings.iter().filter(|x| x.severity == severity).count();
        write!(f, "  findings    {} errors, {} warnings", count(Severity::Error), count(Severity::Warning))?;
        for finding in &self.findings {
            write!(f, "\n    {finding}")?;
        }
        Ok(())
    }
}

impl Report {
    fn license(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meta = &self.meta;
        let yes = |permitted: bool| if permitted { "yes" } else { "no" };
        writeln!(f, "  by          {}", or(&meta.authors.join(", "), "unknown"))?;
        writeln!(f, "  license     {}", or(&meta.license_url, "none stated"))?;
        if !meta.other_license_url.is_empty() {
            writeln!(f, "              also {}", meta.other_license_url)?;
        }
        writeln!(
            f,
            "  permits     avatar {}, commercial {}, credit {}, redistribution {}, modification {}",
            meta.avatar_permission,
            meta.commercial_usage,
            meta.credit_notation,
            yes(meta.allow_redistribution),
            meta.modification
        )?;
        writeln!(
            f,
            "              violence {}, sexuality {}, politics and religion {}, hate {}",
            yes(meta.allow_excessively_violent_usage),
            yes(meta.allow_excessively_sexual_usage),
            yes(meta.allow_political_or_religious_usage),
            yes(meta.allow_antisocial_or_hate_usage)
        )
    }

    fn geometry(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  geometry    {} triangles, {} vertices, {} meshes, {} nodes",
            self.triangles, self.vertices, self.meshes, self.nodes
        )?;
        let materials: Vec<_> = self.materials.iter().map(|m| format!("{} ({})", m.name, m.shading)).collect();
        writeln!(f, "  materials   {}", or(&materials.join(", "), "none"))?;
        let bytes: u64 = self.images.iter().fold(0, |sum, image| sum.saturating_add(image.bytes));
        writeln!(
            f,
            "  images      {}, {} KiB in the file, {} MiB on the graphics card",
            self.images.len(),
            bytes / 1024,
            self.image_memory / (1024 * 1024)
        )?;
        for image in &self.images {
            let (name, kib) = (or(&image.name, "-"), image.bytes / 1024);
            writeln!(f, "              {name} {}x{} {} {kib} KiB", image.width, image.height, image.mime)?;
        }
        Ok(())
    }
}

fn or(text: &str, other: &str) -> String {
    if text.is_empty() { other.to_owned() } else { text.to_owned() }
}

fn list(items: &[&str]) -> String {
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

/// Names of one kind with the number of what they move.
fn names(expressions: &[ExpressionReport], kind: &str) -> String {
    let all: Vec<_> = expressions
        .iter()
        .filter(|e| e.kind == kind)
        .map(|e| match e.morphs + e.colors + e.textures {
            0 => format!("{} (moves nothing)", e.name),
            moved => format!("{} ({moved})", e.name),
        })
        .collect();
    if all.is_empty() { "none".into() } else { all.join(", ") }
}
