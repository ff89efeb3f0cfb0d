use std::sync::OnceLock;

use super::*;
use crate::forge::head::FaceChart;
use crate::forge::test_person;

const STYLES: [HairStyle; 6] =
    [HairStyle::Bun, HairStyle::Bob, HairStyle::Shoulder, HairStyle::Ponytail, HairStyle::SidePart, HairStyle::Crop];

/// Degrees inside the hairline where a shell may still rise out of the skin; shorn hair lies lower.
fn rim_width(style: HairStyle) -> f32 {
    if style.is_short() { 36.0 } else { 9.0 }
}

/// A woman and a man with the skins that hair is measured on.
fn people() -> &'static [(Body, FaceChart); 2] {
    static PEOPLE: OnceLock<[(Body, FaceChart); 2]> = OnceLock::new();
    PEOPLE.get_or_init(|| {
        ["female", "male"].map(|sex| {
            let body = test_person(&format!("sex = \"{sex}\""));
            let is_seen = vec![true; body.data.group("body").count()];
            let chart = FaceChart::new(&body, &is_seen);
            (body, chart)
        })
    })
}

fn styled(style: HairStyle) -> (Body, Scalp, Style) {
    let is_male = style.is_short();
    let (body, chart) = &people()[usize::from(is_male)];
    let mut body = body.clone();
    body.recipe.hair.style = Some(style);
    let scalp = Scalp::new(&body, chart);
    let style = dress(&body, &scalp);
    (body, scalp, style)
}

#[test]
fn every_style_keeps_its_budget_and_its_meshes_are_sound() {
    for style in STYLES {
        let (body, _, kit) = styled(style);
        let triangles: usize = kit.parts.iter().map(|part| part.triangles.len()).sum();
        assert!((3_000..=10_000).contains(&triangles), "{style:?}: {triangles} triangles");
        let swinging: usize = kit.springs.iter().map(|chain| chain.joints.len()).sum();
        let joints = body.rig.joints.len() + swinging;
        for part in &kit.parts {
            let count = part.positions.len();
            assert!([part.normals.len(), part.uvs.len(), part.colors.len(), part.weights.len()] == [count; 4]);
            assert!(part.positions.iter().chain(&part.normals).all(|p| p.is_finite()), "{style:?} {}", part.name);
            assert!(part.triangles.iter().flatten().all(|vertex| (*vertex as usize) < count));
            for influence in &part.weights {
                let sum: f32 = influence.iter().map(|(_, weight)| weight).sum();
                assert!((sum - 1.0).abs() < 1.0e-3, "{style:?} {}: weights sum to {sum}", part.name);
                assert!(influence.iter().all(|(joint, _)| usize::from(*joint) < joints));
            }
        }
        let hangs = matches!(style, HairStyle::Bob | HairStyle::Shoulder | HairStyle::Ponytail);
        assert_eq!(!kit.springs.is_empty(), hangs, "{style:?}");
    }
}

#[test]
fn no_hair_grows_into_the_skull() {
    for style in STYLES {
        let (body, scalp, kit) = styled(style);
        // Knot and tail are sewn into the head; rims end under the skin at the hairline and behind the ears.
        for part in kit.parts.iter().filter(|part| part.name.starts_with("Hair")) {
            let inside = part.positions.iter().filter(|at| {
                let way = (**at - scalp.center).normalize_or(Vec3::Y);
                let (azimuth, elevation) = scalp::angles(way);
                let line = [-9.0, 0.0, 9.0].map(|aside| scalp.line(azimuth + aside));
                let is_rim = elevation < line[0].max(line[1] + rim_width(style)).max(line[2]) || scalp.ear(way) > 0.0;
                !is_rim && at.y > body.landmarks.eye_middle.y && at.distance(scalp.center) < scalp.radius(way) - 0.002
            });
            assert_eq!(inside.count(), 0, "{style:?} {}", part.name);
        }
    }
}

#[test]
fn locks_and_shells_face_outward() {
    let (_, scalp, kit) = styled(HairStyle::SidePart);
    for part in &kit.parts {
        let outward = part.triangles.iter().filter(|triangle| {
            let [a, b, c] = triangle.map(|vertex| part.positions[vertex as usize]);
            (b - a).cross(c - a).dot(a - scalp.center) > 0.0
        });
        assert!(outward.count() * 10 > part.triangles.len() * 8, "{}", part.name);
    }
}

#[test]
fn the_forehead_is_about_a_third_of_the_face() {
    let (body, scalp, _) = styled(HairStyle::Bun);
    let marks = &body.landmarks;
    let hairline = scalp.on_skin(scalp::direction(0.0, scalp.line(0.0))).y;
    let brow = marks.eye_middle.y + 0.225;
    let share = (hairline - brow) / (hairline - marks.chin.y);
    assert!((0.20..0.36).contains(&share), "{share}");
}

#[test]
fn hair_covers_the_crown_but_not_the_face() {
    let (body, scalp, _) = styled(HairStyle::Bun);
    let crown = scalp.on_skin(Vec3::Y);
    assert!(scalp.density(crown) > 0.8);
    assert_eq!(scalp.density(body.landmarks.nose), 0.0);
    assert_eq!(scalp.density(body.landmarks.chin), 0.0);
}

#[test]
fn single_hairs_stand_across_the_hairline_and_nowhere_on_the_face() {
    for style in STYLES {
        let (body, scalp, _) = styled(style);
        let roots = roots(&body, &scalp);
        // Shares of skin that is covered a little before, at and behind the line of the forehead.
        let [before, at, behind] = [-9.0, -1.5, 6.0].map(|inside| {
            let places = (-120..=120).map(|k| {
                let azimuth = k as f32 * 0.25;
                roots.cover(scalp::direction(azimuth, scalp.line(azimuth) + inside))
            });
            places.sum::<f32>() / 241.0
        });
        assert_eq!(before, 0.0, "{style:?}");
        assert!(at > 0.0 && at < 0.8, "{style:?}: {at}");
        assert!(behind > at && behind > 0.4, "{style:?}: {behind} behind {at}");
    }
}

#[test]
fn long_hair_ends_above_the_shoulders() {
    for style in [HairStyle::Bob, HairStyle::Shoulder] {
        let (body, _, kit) = styled(style);
        let low = kit.parts.iter().flat_map(|part| &part.positions).map(|at| at.y).fold(f32::INFINITY, f32::min);
        let shoulder = body.rig.joints[body.rig.joint(crate::vrm::HumanBone::LeftUpperArm)].rest.y;
        assert!(low > shoulder + 0.3, "{style:?}: {low} against {shoulder}");
    }
}

#[test]
fn alpha_covers_the_same_area_in_small_mips() {
    let textures = strand::textures(Vec3::splat(0.05), 0.0, |_| true);
    for name in ["haircard", "hairlong"] {
        let texture = textures.iter().find(|texture| texture.name == name);
        let mut alpha: Vec<f32> = texture
            .iter()
            .flat_map(|texture| {
                texture.image.to_rgba8().pixels().map(|p| f32::from(p.0[3]) / 255.0).collect::<Vec<_>>()
            })
            .collect();
        let mut size = alpha.len().isqrt();
        assert_eq!(size, 512);
        let share = |alpha: &[f32]| alpha.iter().filter(|a| **a >= strand::CUTOFF).count() as f32 / alpha.len() as f32;
        let whole = share(&alpha);
        for _ in 0..3 {
            let half = size / 2;
            alpha = (0..half * half)
                .map(|at| {
                    let (x, y) = (at % half * 2, at / half * 2);
                    [(0, 0), (1, 0), (0, 1), (1, 1)].iter().map(|(dx, dy)| alpha[(y + dy) * size + x + dx]).sum::<f32>()
                        / 4.0
                })
                .collect();
            size = half;
            assert!((share(&alpha) - whole).abs() < 0.04, "{name} at {size}: {} against {whole}", share(&alpha));
        }
    }
}

#[test]
fn the_same_head_gets_the_same_hair() {
    let (body, scalp, kit) = styled(HairStyle::Crop);
    assert_eq!(kit.parts, dress(&body, &scalp).parts);
    let textures = || strand::textures(Vec3::splat(0.05), 0.3, |name| name == "haircard");
    assert!(textures() == textures());
}
