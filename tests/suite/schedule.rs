//! The frame has one order: two systems that touch the same thing are never left to chance.

use bevy::ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel};
use bevy::prelude::*;
use visavis::schedule::FrameSystems;

#[test]
fn phases_run_in_the_order_of_the_list() {
    #[derive(Resource, Default)]
    struct Order(Vec<&'static str>);
    let mut app = App::new();
    app.add_plugins(MinimalPlugins).init_resource::<Order>().add_plugins(visavis::schedule::plugin);
    fn note(name: &'static str) -> impl FnMut(ResMut<'_, Order>) {
        move |mut order| order.0.push(name)
    }
    app.add_systems(Update, note("show").in_set(FrameSystems::Show))
        .add_systems(Update, note("compose").in_set(FrameSystems::Compose))
        .add_systems(Update, note("plan").in_set(FrameSystems::Plan))
        .add_systems(Update, note("converse").in_set(FrameSystems::Converse))
        .add_systems(PostUpdate, note("send").in_set(FrameSystems::Send))
        .add_systems(PostUpdate, note("place").in_set(FrameSystems::PlaceCards))
        .add_systems(PostUpdate, note("apply").in_set(FrameSystems::Apply))
        .add_systems(PreUpdate, note("receive").in_set(FrameSystems::Receive));
    app.update();
    let order = &app.world().resource::<Order>().0;
    assert_eq!(*order, ["receive", "converse", "plan", "compose", "show", "apply", "place", "send"]);
}

#[test]
fn nothing_in_the_encounter_is_left_to_chance() {
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, visavis::schedule::plugin, visavis::encounter::EncounterPlugin));
    for label in [Update.intern(), PreUpdate.intern(), PostUpdate.intern()] {
        let mut schedule = app.world_mut().resource_mut::<Schedules>().remove(label).unwrap();
        schedule.set_build_settings(ScheduleBuildSettings { ambiguity_detection: LogLevel::Error, ..default() });
        let built = schedule.initialize(app.world_mut());
        assert!(built.is_ok(), "{label:?}: {:?}", built.err());
    }
}
