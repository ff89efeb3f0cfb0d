//! What a card is made of.

use jiff::Timestamp;
use serde_json::Value;

use super::inline::Text;

/// Size of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextSize {
    /// Fine print.
    Small,
    /// Running text.
    #[default]
    Default,
    /// A little larger.
    Medium,
    /// A heading.
    Large,
    /// A number or a title to be seen first.
    ExtraLarge,
}

/// Weight of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextWeight {
    /// Light.
    Lighter,
    /// Regular.
    #[default]
    Default,
    /// Bold.
    Bolder,
}

/// Color of text by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextColor {
    /// The usual.
    #[default]
    Default,
    /// Dark on light.
    Dark,
    /// Light on dark.
    Light,
    /// The accent of the theme.
    Accent,
    /// Good news.
    Good,
    /// A warning.
    Warning,
    /// Bad news.
    Attention,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TextBlock {
    /// Words.
    pub text: Text,
    /// Size.
    pub size: TextSize,
    /// Weight.
    pub weight: TextWeight,
    /// Color.
    pub color: TextColor,
    /// Whether it stands back.
    pub is_subtle: bool,
    /// Whether it may take more than one line.
    pub wrap: bool,
    /// When set, the shell shows the time left until then in place of the words (an extension of this product).
    pub countdown_to: Option<Timestamp>,
}

/// A line of a fact set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fact {
    /// Left.
    pub title: Text,
    /// Right.
    pub value: Text,
}

/// Background of a container by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContainerStyle {
    /// None.
    #[default]
    Default,
    /// Set off.
    Emphasis,
    /// Good news.
    Good,
    /// Bad news.
    Attention,
    /// A warning.
    Warning,
    /// The accent of the theme.
    Accent,
}

/// A group of elements.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Container {
    /// Its id; empty where it has none.
    pub id: String,
    /// Background.
    pub style: ContainerStyle,
    /// What is in it, from the top.
    pub items: Vec<Element>,
}

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum ColumnWidth {
    /// As wide as what is in it.
    Auto,
    /// What is left.
    #[default]
    Stretch,
    /// A share of what is left, against the other weights.
    Weight(f32),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Column {
    /// Width.
    pub width: ColumnWidth,
    /// What is in it, from the top.
    pub items: Vec<Element>,
}

/// A step of ordered instructions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id, such as `step-3`: acts point at it.
    pub id: String,
    /// What to do.
    pub text: Text,
    /// Whether it is done.
    pub done: bool,
    /// What stands before it: a number or a check mark.
    pub mark: String,
}

/// An input for text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextInput {
    /// Its id, the key of the answer.
    pub id: String,
    /// What is asked.
    pub label: String,
    /// What stands in it while it is empty.
    pub placeholder: String,
    /// Whether it must be filled in.
    pub is_required: bool,
    /// Whether it takes more than one line.
    pub is_multiline: bool,
    /// What is in it at first.
    pub value: String,
}

/// How choices look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChoiceStyle {
    /// Folded up.
    #[default]
    Compact,
    /// All in sight.
    Expanded,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What is read.
    pub title: String,
    /// What is sent.
    pub value: String,
}

/// An input by choosing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChoiceInput {
    /// Its id, the key of the answer.
    pub id: String,
    /// What is asked.
    pub label: String,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// What is chosen at first; several values are separated by commas.
    pub value: String,
    /// Look.
    pub style: ChoiceStyle,
    /// Whether several may be chosen.
    pub is_multi_select: bool,
    /// Whether something must be chosen.
    pub is_required: bool,
}

/// How much an action stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ActionStyle {
    /// The usual.
    #[default]
    Default,
    /// The one that is expected.
    Positive,
    /// One that cannot be taken back.
    Destructive,
}

/// A button that sends the inputs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Action {
    /// Its id, which the desk resolves.
    pub id: String,
    /// Label.
    pub title: String,
    /// How much it stands out.
    pub style: ActionStyle,
    /// What the desk gets back with it; `Null` where it has none.
    pub data: Value,
}

/// An element of a card.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// A paragraph.
    Text(TextBlock),
    /// Titles with values.
    Facts(Vec<Fact>),
    /// A group.
    Container(Container),
    /// Columns from left to right.
    Columns(Vec<Column>),
    /// Ordered instructions.
    Steps(Vec<Step>),
    /// An input for text.
    TextInput(TextInput),
    /// An input by choosing.
    ChoiceInput(ChoiceInput),
    /// Buttons.
    Actions(Vec<Action>),
}
