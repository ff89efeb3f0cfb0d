//! The interface of a card: its model becomes Bevy UI nodes.

use bevy::input_focus::tab_navigation::{TabGroup, TabIndex};
use bevy::prelude::*;
use bevy::text::{EditableText, TextCursorStyle};

use super::theme::{
    ACCENT, ACCENT_HOVER, ACCENT_SOFT, ALERT, Fonts, GOOD, INK, INK_SOFT, LINE, ON_ACCENT, PAPER, PAPER_SOFT, WARM,
};
use super::{
    Action, Card, ChoiceInput, ColumnWidth, ContainerStyle, Element, Step, TextBlock, TextColor as Tone, TextInput,
    TextSize, TextWeight,
};
use crate::protocol::CardId;
use crate::words::Words;

/// An item of a card that can be pointed at: a step or a fact.
#[derive(Component)]
pub(super) struct CardItem {
    /// Zero-based.
    pub(super) index: usize,
    /// The interface root it belongs to.
    pub(super) root: Entity,
}

/// A button that submits its card.
#[derive(Component)]
pub(super) struct SubmitButton {
    pub(super) card_id: CardId,
    pub(super) action_id: String,
    pub(super) root: Entity,
}

/// A text field of a card.
#[derive(Component)]
pub(super) struct CardField {
    pub(super) input_id: String,
    pub(super) root: Entity,
}

/// One choice of a choice set.
#[derive(Component)]
pub(super) struct CardChoice {
    pub(super) input_id: String,
    pub(super) value: String,
    pub(super) chosen: bool,
    pub(super) several: bool,
    pub(super) root: Entity,
}

/// A line that counts down to a moment.
#[derive(Component)]
pub(super) struct Countdown {
    pub(super) until: jiff::Timestamp,
}

/// Builds the nodes of one card.
pub(super) struct CardBuilder<'a, 'w, 's> {
    pub(super) commands: &'a mut Commands<'w, 's>,
    pub(super) fonts: &'a Fonts,
    pub(super) words: &'a Words,
    pub(super) card_id: &'a CardId,
    pub(super) root: Entity,
}

impl CardBuilder<'_, '_, '_> {
    /// Replaces whatever the root shows by this card.
    pub(super) fn build(&mut self, card: &Card) {
        self.commands.entity(self.root).despawn_related::<Children>();
        let sheet = self
            .commands
            .spawn((
                ChildOf(self.root),
                TabGroup::default(),
                Node {
                    flex_direction: FlexDirection::Column,
                    row_gap: Val::Px(9.0),
                    padding: UiRect::new(Val::Px(16.0), Val::Px(16.0), Val::Px(15.0), Val::Px(16.0)),
                    border: UiRect::all(Val::Px(1.5)),
                    border_radius: BorderRadius::all(Val::Px(18.0)),
                    ..default()
                },
                BackgroundColor(PAPER),
                BorderColor::all(LINE),
            ))
            .id();
        for element in &card.body {
            self.element(sheet, element);
        }
        self.actions(sheet, &card.actions);
    }

    fn element(&mut self, parent: Entity, element: &Element) {
        match element {
            Element::Text(block) => self.text_block(parent, block),
            Element::Facts(facts) => {
                for (index, fact) in facts.iter().enumerate() {
                    self.fact(parent, index, &fact.title.plain(), &fact.value.plain());
                }
            }
            Element::Steps(steps) => {
                for (index, step) in steps.iter().enumerate() {
                    self.step(parent, index, step);
                }
            }
            Element::Container(container) => {
                let stands_out = container.style != ContainerStyle::Default;
                let inner = self
                    .commands
                    .spawn((
                        ChildOf(parent),
                        Node {
                            flex_direction: FlexDirection::Column,
                            row_gap: Val::Px(6.0),
                            padding: if stands_out { UiRect::all(Val::Px(10.0)) } else { UiRect::ZERO },
                            border_radius: BorderRadius::all(Val::Px(10.0)),
                            ..default()
                        },
                        BackgroundColor(if stands_out { PAPER_SOFT } else { Color::NONE }),
                    ))
                    .id();
                for item in &container.items {
                    self.element(inner, item);
                }
            }
            Element::Columns(columns) => {
                let row = self.commands.spawn((ChildOf(parent), Node { column_gap: Val::Px(10.0), ..default() })).id();
                for column in columns {
                    let grow = match column.width {
                        ColumnWidth::Auto => 0.0,
                        ColumnWidth::Stretch => 1.0,
                        ColumnWidth::Weight(weight) => weight,
                    };
                    let cell = self
                        .commands
                        .spawn((
                            ChildOf(row),
                            Node {
                                flex_direction: FlexDirection::Column,
                                flex_grow: grow,
                                flex_basis: if grow > 0.0 { Val::Px(0.0) } else { Val::Auto },
                                row_gap: Val::Px(4.0),
                                min_width: Val::Px(0.0),
                                ..default()
                            },
                        ))
                        .id();
                    for item in &column.items {
                        self.element(cell, item);
                    }
                }
            }
            Element::TextInput(input) => self.field(parent, input),
            Element::ChoiceInput(set) => self.choices(parent, set),
            Element::Actions(actions) => self.actions(parent, actions),
        }
    }

    fn text_block(&mut self, parent: Entity, block: &TextBlock) {
        let size = match block.size {
            TextSize::Small => 14.0,
            TextSize::Default => 17.0,
            TextSize::Medium => 19.0,
            TextSize::Large => 21.0,
            TextSize::ExtraLarge => 25.0,
        };
        let color = match (block.color, block.is_subtle) {
            (_, true) => INK_SOFT,
            (Tone::Accent, _) => ACCENT,
            (Tone::Good, _) => GOOD,
            (Tone::Warning, _) => WARM,
            (Tone::Attention, _) => ALERT,
            _ => INK,
        };
        let mut entity = if block.weight == TextWeight::Bolder {
            self.commands.spawn((ChildOf(parent), self.fonts.bold(&block.text.plain(), size, color)))
        } else {
            self.commands.spawn((ChildOf(parent), self.fonts.text(&block.text.plain(), size, color)))
        };
        if let Some(until) = block.countdown_to {
            entity.insert(Countdown { until });
        }
    }

    fn fact(&mut self, parent: Entity, index: usize, title: &str, value: &str) {
        self.commands.spawn((
            ChildOf(parent),
            CardItem { index, root: self.root },
            Node { column_gap: Val::Px(10.0), ..default() },
            children![
                (
                    Node { width: Val::Px(86.0), flex_shrink: 0.0, ..default() },
                    children![self.fonts.text(title, 16.0, INK_SOFT)],
                ),
                (
                    Node { flex_grow: 1.0, flex_shrink: 1.0, min_width: Val::Px(0.0), ..default() },
                    children![self.fonts.text(value, 17.0, INK)],
                ),
            ],
        ));
    }

    fn step(&mut self, parent: Entity, index: usize, step: &Step) {
        let (badge, ink) = if step.done { (GOOD, INK_SOFT) } else { (ACCENT, INK) };
        self.commands.spawn((
            ChildOf(parent),
            CardItem { index, root: self.root },
            Node {
                column_gap: Val::Px(10.0),
                align_items: AlignItems::FlexStart,
                padding: UiRect::axes(Val::Px(10.0), Val::Px(9.0)),
                border_radius: BorderRadius::all(Val::Px(12.0)),
                ..default()
            },
            BackgroundColor(PAPER_SOFT),
            children![
                (
                    Node {
                        width: Val::Px(26.0),
                        height: Val::Px(26.0),
                        flex_shrink: 0.0,
                        justify_content: JustifyContent::Center,
                        align_items: AlignItems::Center,
                        border_radius: BorderRadius::MAX,
                        ..default()
                    },
                    BackgroundColor(badge),
                    children![self.fonts.bold(&step.mark, 15.0, ON_ACCENT)],
                ),
                (
                    Node { flex_grow: 1.0, flex_shrink: 1.0, min_width: Val::Px(0.0), ..default() },
                    children![self.fonts.text(&step.text.plain(), 17.0, ink)],
                ),
            ],
        ));
    }

    fn field(&mut self, parent: Entity, input: &TextInput) {
        self.label(parent, &input.label, input.is_required);
        let well = self
            .commands
            .spawn((
                ChildOf(parent),
                Node {
                    padding: UiRect::axes(Val::Px(10.0), Val::Px(7.0)),
                    border: UiRect::all(Val::Px(1.5)),
                    border_radius: BorderRadius::all(Val::Px(9.0)),
                    overflow: Overflow::clip(),
                    ..default()
                },
                BackgroundColor(Color::WHITE),
                BorderColor::all(LINE),
            ))
            .id();
        if !input.placeholder.is_empty() && input.value.is_empty() {
            self.commands
                .spawn((
                    ChildOf(well),
                    super::form::FieldHint,
                    Node { position_type: PositionType::Absolute, left: Val::Px(10.0), top: Val::Px(7.0), ..default() },
                    self.fonts.text(&input.placeholder, 15.0, INK_SOFT),
                    Pickable::IGNORE,
                ))
                .insert(TextLayout { linebreak: LineBreak::NoWrap, ..default() });
        }
        self.commands.spawn((
            ChildOf(well),
            CardField { input_id: input.id.clone(), root: self.root },
            EditableText { max_characters: Some(500), ..EditableText::new(&input.value) },
            self.fonts.field(15.0),
            TextColor(INK),
            TextCursorStyle { color: ACCENT, ..default() },
            TabIndex(0),
            Node { width: Val::Percent(100.0), ..default() },
        ));
    }

    fn choices(&mut self, parent: Entity, set: &ChoiceInput) {
        self.label(parent, &set.label, set.is_required);
        let row = self
            .commands
            .spawn((
                ChildOf(parent),
                Node { column_gap: Val::Px(8.0), row_gap: Val::Px(8.0), flex_wrap: FlexWrap::Wrap, ..default() },
            ))
            .id();
        let initial: Vec<&str> = set.value.split(',').collect();
        for choice in &set.choices {
            let chosen = initial.contains(&choice.value.as_str());
            self.commands
                .spawn((
                    ChildOf(row),
                    Button,
                    CardChoice {
                        input_id: set.id.clone(),
                        value: choice.value.clone(),
                        chosen,
                        several: set.is_multi_select,
                        root: self.root,
                    },
                    Node {
                        padding: UiRect::axes(Val::Px(14.0), Val::Px(6.0)),
                        border: UiRect::all(Val::Px(1.5)),
                        border_radius: BorderRadius::all(Val::Px(16.0)),
                        ..default()
                    },
                    BackgroundColor(if chosen { ACCENT_SOFT } else { Color::WHITE }),
                    BorderColor::all(if chosen { ACCENT } else { LINE }),
                    children![(self.fonts.text(&choice.title, 15.0, INK), Pickable::IGNORE)],
                ))
                .observe(super::form::choose_on_click);
        }
    }

    fn label(&mut self, parent: Entity, label: &str, required: bool) {
        if !label.is_empty() {
            let text = if required { format!("{label} *") } else { label.to_owned() };
            self.commands.spawn((ChildOf(parent), self.fonts.text(&text, 15.0, INK_SOFT)));
        }
    }

    fn actions(&mut self, parent: Entity, actions: &[Action]) {
        for action in actions {
            let title = if action.title.is_empty() { self.words.text("card-submit") } else { action.title.clone() };
            self.commands
                .spawn((
                    ChildOf(parent),
                    Button,
                    SubmitButton { card_id: self.card_id.clone(), action_id: action.id.clone(), root: self.root },
                    Node {
                        justify_content: JustifyContent::Center,
                        padding: UiRect::axes(Val::Px(14.0), Val::Px(9.0)),
                        margin: UiRect::top(Val::Px(4.0)),
                        border_radius: BorderRadius::all(Val::Px(11.0)),
                        ..default()
                    },
                    BackgroundColor(ACCENT),
                    children![(self.fonts.bold(&title, 17.0, ON_ACCENT), Pickable::IGNORE)],
                ))
                .observe(super::form::submit_on_click)
                .observe(|over: On<'_, '_, Pointer<Over>>, mut colors: Query<'_, '_, &mut BackgroundColor>| {
                    if let Ok(mut color) = colors.get_mut(over.entity) {
                        color.0 = ACCENT_HOVER;
                    }
                })
                .observe(|out: On<'_, '_, Pointer<Out>>, mut colors: Query<'_, '_, &mut BackgroundColor>| {
                    if let Ok(mut color) = colors.get_mut(out.entity) {
                        color.0 = ACCENT;
                    }
                });
        }
    }
}
