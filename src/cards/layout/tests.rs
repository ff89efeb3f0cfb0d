//! Places of cards, measured as the customer sees them.

use proptest::prelude::*;

use super::*;

fn card(id: &str, width: f32, height: f32) -> CardBox {
    let order = id.bytes().fold(0, |sum, b| sum * 256 + u64::from(b));
    CardBox { id: id.into(), size: Vec2::new(width, height), side: None, rank: CardRank::Normal, pinned: false, order }
}

fn view(distance: f32, half_view_deg: f32) -> View {
    View {
        half_view_rad: half_view_deg.to_radians(),
        ..View::headset(Vec3::new(0.0, 1.55, 0.0), Vec3::new(0.0, 1.6, distance))
    }
}

fn ids(placements: &[Placement]) -> Vec<&str> {
    let mut ids: Vec<_> = placements.iter().map(|p| p.id.as_str()).collect();
    ids.sort_unstable();
    ids
}

/// Azimuths and elevations of a card's edges, from its corners in space.
fn seen(view: &View, card: &CardBox, placement: &Placement) -> (Vec2, Vec2) {
    let ahead = ((view.head - view.eye) * Vec3::new(1.0, 0.0, 1.0)).normalize();
    let right = ahead.cross(Vec3::Y);
    let along = glam::Quat::from_rotation_y(placement.yaw_rad) * Vec3::X;
    let size = usable_size(card.size) * placement.scale / 2.0;
    let (mut low, mut high) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
    for x in [-1.0, 0.0, 1.0] {
        for y in [-1.0, 1.0] {
            let corner = placement.center + along * size.x * x + Vec3::Y * size.y * y - view.eye;
            let (front, side) = (corner.dot(ahead), corner.dot(right));
            let angles = Vec2::new(side.atan2(front), corner.y.atan2(front.hypot(side)));
            (low, high) = (low.min(angles), high.max(angles));
        }
    }
    (low, high)
}

/// Which card stands on which side.
fn sides(placements: &[Placement]) -> Vec<(&str, Option<CardSide>)> {
    placements.iter().map(|placement| (placement.id.as_str(), placement.side)).collect()
}

#[test]
fn a_card_keeps_its_place() {
    let mut layout = Layout::default();
    let view = view(1.5, 45.0);
    let (a, b, c, d) = (card("a", 0.4, 0.3), card("b", 0.4, 0.3), card("c", 0.4, 0.3), card("d", 0.4, 0.3));
    let first = layout.arrange(&view, std::slice::from_ref(&a));
    let two = layout.arrange(&view, &[a.clone(), b.clone()]);
    assert_eq!(first[0], two[0]);
    let three = layout.arrange(&view, &[c.clone(), a.clone(), b.clone()]);
    assert_eq!(sides(&three)[..2], sides(&two)[..], "a neighbor may push a card up or down, never across");
    let without_a = layout.arrange(&view, &[b.clone(), c.clone()]);
    assert_eq!(sides(&without_a)[..], sides(&three)[1..]);
    let again = layout.arrange(&view, &[b, c, d]);
    assert_eq!(sides(&again)[1..], sides(&without_a)[..]);
}

#[test]
fn the_least_important_gives_way() {
    let mut layout = Layout::default();
    let view = view(1.5, 45.0);
    let mut cards: Vec<_> = ["a", "b", "c", "d", "e"].map(|id| card(id, 0.4, 0.3)).into();
    cards[0].pinned = true;
    cards[4].rank = CardRank::Low;
    cards[1].rank = CardRank::High;
    let placements = layout.arrange(&view, &cards);
    assert_eq!(ids(&placements), ["a", "b", "d"]);
    assert_eq!(layout.hidden(), ["c", "e"]);
}

#[test]
fn sides_are_respected() {
    let mut layout = Layout::default();
    let mut left = card("l", 0.4, 0.3);
    left.side = Some(CardSide::Left);
    let placements = layout.arrange(&view(1.5, 45.0), &[left]);
    assert_eq!(placements[0].side, Some(CardSide::Left));
    // The customer looks along -Z, so the customer's left is -X.
    assert!(placements[0].center.x < -0.2, "{placements:?}");
    let front = glam::Quat::from_rotation_y(placements[0].yaw_rad) * Vec3::Z;
    assert!(front.x > 0.0 && front.z > 0.0, "it faces the customer");
}

#[test]
fn hands_stay_free_where_there_is_room() {
    let view = view(1.5, 45.0);
    let small = card("a", 0.4, 0.3);
    let placements = Layout::default().arrange(&view, std::slice::from_ref(&small));
    let (low, _) = seen(&view, &small, &placements[0]);
    assert!(low.x > (HANDS_HALF_WIDTH / 1.5).atan());
    assert_eq!(placements[0].scale, 1.0);
}

#[test]
fn a_narrow_view_moves_cards_below_the_face() {
    let mut layout = Layout::default();
    let cards = [card("a", 0.4, 0.3), card("b", 0.4, 0.3), card("c", 0.4, 0.3)];
    let placements = layout.arrange(&view(1.5, 13.0), &cards);
    assert_eq!(placements.len(), 2);
    assert!(placements.iter().all(|p| p.side.is_none() && p.scale > 0.6), "{placements:?}");
    assert_eq!(layout.hidden().len(), 1);
}

#[test]
fn who_looks_down_at_the_face_sees_cards_below_it() {
    let eye = Vec3::new(0.0, 1.8, 0.9);
    let close = View { half_view_rad: 12.0 * DEG, ..View::headset(Vec3::new(0.0, 1.55, 0.0), eye) };
    let tall = card("a", 0.4, 1.0);
    let cards = [tall.clone(), card("b", 0.4, 0.3)];
    for placement in Layout::default().arrange(&close, &cards) {
        assert!(placement.scale > 0.1, "still legible: {placement:?}");
    }
    let (low, _) = seen(&close, &tall, &Layout::default().arrange(&close, &cards)[0]);
    assert!(low.y < BOTTOM_RAD && low.y > -45.0 * DEG);
}

#[test]
fn nonsense_is_survived() {
    let nonsense = View { half_view_rad: f32::NAN, ..View::headset(Vec3::NAN, Vec3::INFINITY) };
    let placements = Layout::default().arrange(&nonsense, &[card("a", f32::NAN, 0.0), card("a", 1.0, 1.0)]);
    assert_eq!(placements.len(), 1);
    assert!(placements[0].center.is_finite() && placements[0].yaw_rad.is_finite());
}

fn any_card() -> impl Strategy<Value = CardBox> {
    let side = prop_oneof![Just(None), Just(Some(CardSide::Left)), Just(Some(CardSide::Right))];
    let rank = prop_oneof![Just(CardRank::Low), Just(CardRank::Normal), Just(CardRank::High)];
    (0_u8..8, 0.1_f32..0.9, 0.1_f32..1.2, side, rank, any::<bool>(), 0_u64..100).prop_map(
        |(id, width, height, side, rank, pinned, order)| CardBox {
            id: id.to_string(),
            size: Vec2::new(width, height),
            side,
            rank,
            pinned,
            order,
        },
    )
}

proptest! {
    #[test]
    fn cards_keep_clear_of_face_limits_and_each_other(
        rounds in prop::collection::vec(prop::collection::vec(any_card(), 0..7), 1..4),
        distance in 0.9_f32..3.0,
        turn in -3.0_f32..3.0,
        eye_height in 1.3_f32..1.8,
        half_view_deg in 12.0_f32..60.0,
    ) {
        const SLACK: f32 = 2.0e-3;
        let eye = glam::Quat::from_rotation_y(turn) * Vec3::Z * distance + Vec3::Y * eye_height;
        let view = View { half_view_rad: half_view_deg.to_radians(), ..View::headset(Vec3::new(0.0, 1.55, 0.0), eye) };
        let mut layout = Layout::default();
        for mut cards in rounds {
            let mut ids = std::collections::HashSet::new();
            cards.retain(|card| ids.insert(card.id.clone()));
            let placements = layout.arrange(&view, &cards);
            prop_assert!(placements.len() <= MAX_CARDS);
            let face = (0.13_f32 / distance).atan();
            let face_height = |sign: f32| ((view.head.y + sign * 0.15 - eye.y) / distance).atan();
            let mut areas: Vec<(Vec2, Vec2, (f32, f32))> = Vec::new();
            for placement in &placements {
                let Some(card) = cards.iter().find(|c| c.id == placement.id) else {
                    return Err(TestCaseError::fail("a card that nobody asked for"));
                };
                let (low, high) = seen(&view, card, placement);
                let limit = SIDE_MAX_RAD.min(view.half_view_rad) + SLACK;
                prop_assert!(low.x >= -limit && high.x <= limit, "{placement:?} {low} {high}");
                let bottom = BOTTOM_RAD.min(face_height(-1.0) - BELOW_CHIN_RAD - 5.0 * DEG);
                prop_assert!(low.y >= bottom - SLACK && high.y <= TOP_RAD + SLACK, "{placement:?} {low} {high}");
                let distance = placement.center.distance(eye);
                prop_assert!((1.3 - SLACK..=1.8 + SLACK).contains(&distance), "{distance}");
                prop_assert!(placement.scale > 0.0 && placement.scale <= 1.0);
                let over_face = low.x < face && high.x > -face && low.y < face_height(1.0) && high.y > face_height(-1.0);
                prop_assert!(!over_face, "{placement:?} {low} {high}");
                // One above the other as their middles stand: the corners of a wide card seem to rise toward the horizon.
                let away = (placement.center - eye).with_y(0.0).length();
                let slope = |sign: f32| (placement.center.y - eye.y + sign * 0.5 * card.size.y * placement.scale) / away;
                let (under, over) = (slope(-1.0), slope(1.0));
                for (other_low, other_high, other) in &areas {
                    let aside = low.x >= other_high.x || other_low.x >= high.x;
                    prop_assert!(aside || under >= other.1 || other.0 >= over, "{placements:?}");
                }
                areas.push((low, high, (under, over)));
            }
        }
    }
}
