use super::*;
use crate::forge::head::{self, FaceChart};
use crate::forge::rig::{FOLD_SHARE, FOLDS};
use crate::forge::{test_body, test_person};
use crate::vrm::{BlendShape, ConstraintKind, Document, FaceMap, HumanBone, Preset};

fn bare(body: &Body) -> (Kit, Vec<u8>) {
    let is_seen = vec![true; body.data.group("body").count()];
    let chart = FaceChart::new(body, &is_seen);
    let kit = head::build(body, &chart, &is_seen);
    let file = export(body, &kit).unwrap();
    (kit, file)
}

fn default_file() -> &'static (Kit, Vec<u8>) {
    static FILE: std::sync::OnceLock<(Kit, Vec<u8>)> = std::sync::OnceLock::new();
    FILE.get_or_init(|| bare(test_body()))
}

#[test]
fn the_file_reads_without_a_finding_and_is_complete() {
    let document = Document::read(&default_file().1, "forged").unwrap();
    assert_eq!(document.findings, Vec::new());
    assert!(HumanBone::ALL.iter().all(|bone| *bone == HumanBone::Jaw || document.humanoid.has(*bone)));
    assert_eq!(FaceMap::for_document(&document).coverage(), BlendShape::COUNT);
    for preset in Preset::ALL {
        assert!(document.expressions.iter().any(|e| e.name.as_str() == preset.name()), "{preset:?}");
    }
    assert!(document.expressions.iter().filter(|e| e.name.as_str().starts_with("viseme_")).count() == 15);
}

#[test]
fn folds_follow_their_bones_by_half() {
    let document = Document::read(&default_file().1, "forged").unwrap();
    let node = |name: &str| document.nodes.iter().position(|node| node.name == name).unwrap();
    let follows: Vec<_> = document.constraints.iter().map(|c| (c.node, c.source, c.weight, c.kind)).collect();
    for bone in FOLDS {
        let wanted = (node(&format!("{}Fold", bone.name())), node(bone.name()), FOLD_SHARE, ConstraintKind::Rotation);
        assert!(follows.contains(&wanted), "{bone:?}: {follows:?}");
    }
    assert_eq!(follows.len(), FOLDS.len());
}

#[test]
fn the_same_recipe_gives_the_same_bytes() {
    assert!(bare(&test_person("")).1 == default_file().1);
    assert!(bare(&test_person("[face]\njaw = 0.3")).1 != default_file().1);
}

#[test]
fn head_and_hands_are_whole_and_within_their_share_of_triangles() {
    let (kit, _) = default_file();
    for part in &kit.parts {
        for triangle in &part.triangles {
            let [a, b, c] = triangle.map(|vertex| part.positions[vertex as usize]);
            assert!((b - a).cross(c - a).length() > 1.0e-9, "{} has a degenerate triangle", part.name);
        }
        assert!(part.normals.iter().all(|normal| (normal.length() - 1.0).abs() < 1.0e-3), "{}", part.name);
        // Beyond its texture a part would repeat it: a chest would show the scalp.
        assert!(part.uvs.iter().all(|uv| uv.min_element() >= 0.0 && uv.max_element() <= 1.0), "{}", part.name);
    }
    assert!(kit.triangles() < 22_500, "{}", kit.triangles());
}

#[test]
fn blend_shapes_of_left_and_right_mirror_each_other() {
    let (kit, _) = default_file();
    for shape in BlendShape::ALL {
        let Some(base) = shape.name().strip_suffix("Left") else { continue };
        if matches!(base, "jaw" | "mouth") {
            continue;
        }
        let other = BlendShape::from_name(&format!("{base}Right")).unwrap();
        for part in &kit.parts {
            let size = |shape: BlendShape| -> Vec3 {
                let morph = part.morphs.iter().find(|morph| morph.shape == shape);
                morph.into_iter().flat_map(|morph| &morph.deltas).map(|(_, offset, _)| offset.abs()).sum()
            };
            let (left, right) = (size(*shape), size(other));
            let tolerance = 0.06 * left.length() + 0.05;
            assert!(left.distance(right) < tolerance, "{} {base}: {left} {right}", part.name);
        }
    }
}
