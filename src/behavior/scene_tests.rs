//! Whole scenes against the guards: what a customer would see.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use glam::{Quat, Vec2, Vec3};

use super::*;
use crate::{
    protocol::{Act, ActKind, Emotion, Issue, Triage},
    vrm::{BlendShape as S, HumanBone as B},
};

const DT: f32 = 1.0 / 90.0;

fn engine(seed: u64) -> Engine {
    let lexicon = Lexicon::parse(include_str!("../../assets/behavior/lexicon.toml"), "lexicon.toml").unwrap();
    let library = PoseLibrary::parse(include_str!("../../assets/behavior/poses.json"), "poses.json").unwrap();
    Engine::new(lexicon, library, seed)
}

fn triage(issue: Issue, emotion: Emotion) -> Cue {
    Cue::TriageUpdated(Triage {
        issue,
        emotion,
        confidence: 0.9,
        reasons: Vec::new(),
        language: "zh".into(),
        priority: 1,
    })
}

fn furious() -> Cue {
    triage(Issue::Complaint, Emotion::Furious)
}

fn say(text: &str, acts: Vec<Act>) -> Cue {
    Cue::Say { message_id: "m1".into(), text: text.into(), acts }
}

fn with_card() -> Surroundings {
    let center = Vec3::new(0.62, 1.35, 0.55);
    let items = (0..3).map(|i| center + Vec3::new(0.0, 0.12 - 0.12 * i as f32, 0.0)).collect();
    let card = CardAnchor { card_id: "steps".into(), center, size: Vec2::new(0.4, 0.4), yaw_rad: 0.0, items };
    Surroundings { cards: vec![card], ..Surroundings::default() }
}

/// Runs for a while and gives every pose.
fn run(engine: &mut Engine, secs: f32, surroundings: &Surroundings) -> Vec<Pose> {
    (0..(secs / DT) as usize).map(|_| engine.update(DT, surroundings).clone()).collect()
}

/// Trunk lean of a pose in degrees: how far its up leans forward.
fn lean_deg(pose: &Pose) -> f32 {
    let up = Skeleton::default().upper_chest(pose).turn * Vec3::Y;
    up.z.atan2(up.y).to_degrees()
}

fn head_pitch_deg(pose: &Pose) -> f32 {
    let forward = Skeleton::default().head(pose).turn * Vec3::Z;
    (-forward.y).asin().to_degrees()
}

/// Direction of the gaze in avatar space.
fn gaze(pose: &Pose) -> Vec3 {
    let (yaw, pitch) = (pose.gaze_yaw_rad, pose.gaze_pitch_rad);
    Skeleton::default().eyes(pose).turn * Quat::from_rotation_y(yaw) * Quat::from_rotation_x(pitch) * Vec3::Z
}

fn gaze_error_deg(pose: &Pose, place: Vec3) -> f32 {
    let eyes = Skeleton::default().eyes(pose).place;
    gaze(pose).angle_between(place - eyes).to_degrees()
}

/// Every pose of the scripted service: greeting, fury, apology, steps on a card, interruption, promise, farewell.
fn service(seed: u64) -> Vec<Pose> {
    let mut engine = engine(seed);
    let nothing = Surroundings::default();
    let card = with_card();
    let mut poses = vec![engine.pose().clone()];
    engine.tell(say("您好，很高兴为您服务。", vec![Act::new(ActKind::Greet).over(0, 2)]));
    poses.extend(run(&mut engine, 5.0, &nothing));
    engine.tell(furious());
    engine.tell(Cue::CustomerSpoke { chars: 18, clause_ends: 2 });
    poses.extend(run(&mut engine, 4.0, &nothing));
    let acts = vec![Act::new(ActKind::Empathize).over(0, 11), Act::new(ActKind::Apologize).over(12, 22)];
    engine.tell(say("非常理解您现在的着急，换作是我可能也会很烦躁。", acts));
    poses.extend(run(&mut engine, 3.3, &nothing));
    engine.tell(Cue::Interrupt);
    engine.tell(Cue::CustomerTyping);
    poses.extend(run(&mut engine, 3.0, &nothing));
    engine.tell(triage(Issue::Inquiry, Emotion::Calm));
    engine.tell(Cue::CardShown("steps".into()));
    poses.extend(run(&mut engine, 4.0, &card));
    let steps = vec![
        Act::new(ActKind::ExplainStep).about("steps".into(), Some(0)).over(0, 9),
        Act::new(ActKind::ExplainStep).about("steps".into(), Some(2)).over(10, 18),
    ];
    engine.tell(say("请先切换到二点四赫，然后重新启动路由器。", steps));
    poses.extend(run(&mut engine, 4.0, &card));
    engine.tell(Cue::CardDismissed("steps".into()));
    poses.extend(run(&mut engine, 2.0, &nothing));
    engine.tell(Cue::Perform(Act::new(ActKind::Promise)));
    engine.tell(Cue::Perform(Act::new(ActKind::Farewell)));
    poses.extend(run(&mut engine, 5.0, &nothing));
    poses
}

#[test]
fn the_first_frame_stands_with_arms_down() {
    let pose = engine(1).pose().clone();
    let arm = Skeleton::default().arm(&pose, Side::Left);
    assert!(arm.wrist.y < 0.9 && arm.wrist.x < 0.4, "{arm:?}");
}

#[test]
fn nothing_jumps_in_a_whole_scene() {
    for seed in [1, 2] {
        let poses = service(seed);
        let speeds = poses.windows(2).enumerate();
        for (frame, pair) in speeds {
            for bone in B::ALL {
                let (a, b) = (pair[0].bone(*bone), pair[1].bone(*bone));
                assert!(b.is_finite() && b.is_normalized(), "{bone:?}");
                let step = a.angle_between(b);
                let most = Channel::of_bone(*bone).max_speed() * DT * 1.05 + 1e-3;
                assert!(step <= most, "frame {frame} {bone:?} {}", step.to_degrees());
            }
            let head = |p: &Pose| Skeleton::default().head(p).turn;
            assert!(head(&pair[0]).angle_between(head(&pair[1])).to_degrees() <= 3.0, "frame {frame}");
            for shape in S::ALL {
                let (a, b) = (pair[0].face(*shape), pair[1].face(*shape));
                assert!((0.0..=1.0).contains(&b), "{shape:?} {b}");
                assert!((a - b).abs() <= Channel::of_shape(*shape).max_speed() * DT * 1.05, "frame {frame} {shape:?}");
            }
            assert!(pair[1].visemes.iter().all(|w| (0.0..=0.5).contains(w)));
            assert!((pair[1].hips_offset - pair[0].hips_offset).length() < 0.002);
            // Never anger: brows drawn down without being raised inside.
            let down = pair[1].face(S::BrowDownLeft).max(pair[1].face(S::BrowDownRight));
            assert!(down - pair[1].face(S::BrowInnerUp) <= 0.05, "frame {frame}");
            let smile = pair[1].face(S::MouthSmileLeft);
            assert!(smile <= 0.351);
            assert!(smile < 0.15 || pair[1].face(S::CheekSquintLeft) >= 0.35 * smile, "frame {frame}");
        }
        // Speed does not jump either: the head's velocity changes little from frame to frame.
        let head: Vec<f32> = poses.iter().map(head_pitch_deg).collect();
        for (frame, w) in head.windows(3).enumerate() {
            assert!((w[2] - 2.0 * w[1] + w[0]).abs() < 0.35, "frame {frame} {w:?}");
        }
    }
}

#[test]
fn a_furious_customer_is_met_with_lean_concern_and_slow_nods() {
    for seed in 0..4 {
        let mut engine = engine(seed);
        let nothing = Surroundings::default();
        run(&mut engine, 6.0, &nothing);
        let before = engine.pose().clone();
        engine.tell(furious());
        engine.tell(Cue::CustomerSpoke { chars: 18, clause_ends: 2 });
        let poses = run(&mut engine, 10.0, &nothing);
        let moved = poses.iter().position(|p| lean_deg(p) > lean_deg(&before) + 0.8).unwrap() as f32 * DT;
        assert!((0.2..=1.2).contains(&moved), "lean begins after {moved} s");
        let at = |secs: f32| &poses[(secs / DT) as usize];
        let lean = (200..800).map(|i| lean_deg(&poses[i])).sum::<f32>() / 600.0;
        assert!((7.8..=10.2).contains(&lean), "lean {lean}");
        assert!((0.7..=0.9).contains(&at(2.5).face(S::BrowInnerUp)), "{}", at(2.5).face(S::BrowInnerUp));
        assert!((0.36..=0.48).contains(&at(2.5).face(S::BrowDownLeft)));
        assert!(at(1.2).face(S::BrowInnerUp) > 0.2, "reacts late: {}", at(1.2).face(S::BrowInnerUp));
        for pose in &poses[(1.15 / DT) as usize..] {
            assert!(pose.face(S::MouthSmileLeft) == 0.0 && pose.face(S::MouthSmileRight) == 0.0);
        }
        let pitch: Vec<f32> = poses.iter().map(head_pitch_deg).collect();
        let level = pitch.iter().sum::<f32>() / pitch.len() as f32;
        let deepest = pitch.iter().copied().fold(f32::MIN, f32::max);
        assert!((4.0..=12.0).contains(&(deepest - level)), "nod {}", deepest - level);
        let hand = Skeleton::default().arm(at(6.0), Side::Left).wrist;
        assert!(hand.x.abs() < 0.2 && hand.y < 1.05, "hands folded low: {hand}");
        engine.tell(triage(Issue::Inquiry, Emotion::Calm));
        for pose in run(&mut engine, 7.9, &nothing) {
            assert!(pose.face(S::MouthSmileLeft) == 0.0);
        }
        let later = run(&mut engine, 4.0, &nothing);
        assert!(later.last().unwrap().face(S::MouthSmileLeft) > 0.12);
    }
}

#[test]
fn a_calm_customer_gets_a_light_smile_and_blinks_and_looks_like_a_person() {
    for seed in 0..3 {
        let mut engine = engine(seed);
        let nothing = Surroundings::default();
        let poses = run(&mut engine, 75.0, &nothing);
        let smile = poses[300..].iter().map(|p| p.face(S::MouthSmileLeft)).fold(0.0, f32::max);
        assert!((0.15..=0.35).contains(&smile), "{smile}");
        let mut onsets = Vec::new();
        let mut shut = false;
        for (frame, pose) in poses.iter().enumerate() {
            let lid = pose.face(S::EyeBlinkLeft);
            if lid > 0.6 && !shut {
                onsets.push(frame as f32 * DT);
            }
            shut = if shut { lid > 0.4 } else { lid > 0.6 };
        }
        let minute = onsets.iter().filter(|t| **t < 60.0).count();
        assert!((10..=33).contains(&minute), "{minute} blinks");
        assert!(onsets.windows(2).all(|w| w[1] - w[0] <= 10.0));
        let (mut bout, mut longest, mut with) = (0.0f32, 0.0f32, 0.0f32);
        for pose in &poses {
            if gaze_error_deg(pose, nothing.customer_eyes) < 2.9 {
                (bout, with) = (bout + DT, with + DT);
                longest = longest.max(bout);
            } else {
                bout = 0.0;
            }
        }
        assert!(longest <= 3.6, "stares for {longest} s");
        assert!((0.50..=0.82).contains(&(with / 75.0)), "looks {}", with / 75.0);
        // Never frozen.
        for window in poses.windows(45).step_by(20) {
            let moved = B::ALL.iter().any(|b| window[0].bone(*b).angle_between(window[44].bone(*b)) > 5e-4);
            assert!(moved);
        }
    }
}

#[test]
fn gaze_leads_the_open_hand_to_the_card() {
    for seed in 0..4 {
        let mut engine = engine(seed);
        let card = with_card();
        run(&mut engine, 3.0, &Surroundings::default());
        engine.drain_feedback().count();
        let rest = run(&mut engine, DT, &card).pop().unwrap_or_else(|| engine.pose().clone());
        engine.tell(Cue::CardShown("steps".into()));
        let poses = run(&mut engine, 3.5, &card);
        let place = card.cards[0].center;
        let frame_of = |test: &dyn Fn(&Pose) -> bool| poses.iter().position(test).unwrap() as f32 * DT;
        let looked = frame_of(&|p| gaze_error_deg(p, place) < 6.0);
        let upper = B::LeftUpperArm;
        let hand_moves = frame_of(&|p| p.bone(upper).angle_between(rest.bone(upper)).to_degrees() > 3.0);
        assert!((0.08..=0.42).contains(&(hand_moves - looked)), "gaze {looked}, hand {hand_moves}");
        let best = poses
            .iter()
            .map(|p| {
                let arm = Skeleton::default().arm(p, Side::Left);
                (arm.fingers - arm.wrist).angle_between(place - arm.wrist).to_degrees()
            })
            .fold(f32::MAX, f32::min);
        assert!(best <= 6.0, "points {best} degrees off");
        let reached = frame_of(&|p| {
            let arm = Skeleton::default().arm(p, Side::Left);
            (arm.fingers - arm.wrist).angle_between(place - arm.wrist).to_degrees() < 8.0
        });
        let back =
            poses[(reached / DT) as usize..].iter().position(|p| gaze_error_deg(p, card.customer_eyes) < 3.0).unwrap()
                as f32
                * DT;
        assert!(back <= 1.5, "looks back after {back} s");
        let other = Skeleton::default().arm(&poses[(reached / DT) as usize], Side::Right);
        assert!(other.wrist.y < 1.0);
        let points: Vec<_> = engine
            .drain_feedback()
            .filter_map(|f| match f {
                Feedback::SyncReached { point, target: Some(_), .. } => Some(point),
                _ => None,
            })
            .collect();
        assert!(points.contains(&SyncPoint::StrokeEnd), "{points:?}");
    }
}

#[test]
fn steps_are_pointed_at_while_they_are_said() {
    let mut engine = engine(5);
    let card = with_card();
    run(&mut engine, 1.0, &card);
    let text = "请先切换到二点四赫，然后重新启动路由器。";
    let act = Act::new(ActKind::ExplainStep).about("steps".into(), Some(2)).over(10, 19);
    engine.tell(say(text, vec![act]));
    let mut errors = Vec::new();
    for _ in 0..900 {
        let pose = engine.update(DT, &card).clone();
        if engine.speaking().is_some_and(|s| (12..19).contains(&s.char_index)) {
            let arm = Skeleton::default().arm(&pose, Side::Left);
            let place = card.cards[0].items[2];
            errors.push((arm.fingers - arm.wrist).angle_between(place - arm.wrist).to_degrees());
        }
    }
    assert!(errors.len() > 60 && errors.iter().all(|e| *e < 10.0), "{errors:?}");
}

#[test]
fn an_interruption_stops_the_mouth_and_takes_the_hand_back() {
    let mut engine = engine(3);
    let nothing = Surroundings::default();
    engine
        .tell(say("非常抱歉给您带来了这么大的麻烦，我马上为您处理。", vec![Act::new(ActKind::Apologize).over(0, 15)]));
    run(&mut engine, 2.4, &nothing);
    assert!(engine.speaking().is_some());
    engine.tell(Cue::Interrupt);
    let poses = run(&mut engine, 1.2, &nothing);
    let open = |p: &Pose| p.visemes.iter().sum::<f32>();
    assert!(poses[(0.2 / DT) as usize..].iter().all(|p| open(p) < 0.02));
    assert!(engine.speaking().is_none());
    let hand = Skeleton::default().arm(poses.last().unwrap(), Side::Right).wrist;
    assert!(hand.y < 1.05, "{hand}");
    let cut = engine.drain_feedback().any(|f| matches!(f, Feedback::SpeechEnded { interrupted: true, .. }));
    assert!(cut);
}

#[test]
fn the_same_seed_gives_the_same_poses_and_another_seed_others() {
    let (a, b, c) = (service(7), service(7), service(8));
    assert!(a == b);
    assert!(a != c);
}

#[test]
fn every_act_plays_to_its_end_with_hostile_input() {
    let mut engine = engine(2);
    let broken = Surroundings {
        customer_eyes: Vec3::NAN,
        customer_head: Some(Vec2::NAN),
        cards: vec![CardAnchor {
            card_id: "c".into(),
            center: Vec3::NAN,
            size: Vec2::NAN,
            yaw_rad: f32::NAN,
            items: vec![],
        }],
    };
    for act in ActKind::KNOWN.iter().cloned().chain([ActKind::Other("dance".into())]) {
        let act = Act { intensity: f32::NAN, priority: i32::MAX, ..Act::new(act).about("c".into(), Some(9)) };
        engine.tell(Cue::Perform(act.clone()));
        engine.tell(say("", vec![act.over(5, 2)]));
    }
    for dt in [0.0, f32::NAN, -1.0, 1e9, 0.02, 0.3] {
        for _ in 0..60 {
            let pose = engine.update(dt, &broken);
            assert!(pose.bones.iter().all(|q| q.is_finite() && q.is_normalized()));
            assert!(pose.face.iter().all(|w| (0.0..=1.0).contains(w)));
        }
    }
    let (started, ended) = engine.drain_feedback().fold((0, 0), |(s, e), f| match f {
        Feedback::BlockStarted { .. } => (s + 1, e),
        Feedback::BlockEnded { .. } => (s, e + 1),
        _ => (s, e),
    });
    assert!(started >= 17 && ended > 0, "{started} {ended}");
}
