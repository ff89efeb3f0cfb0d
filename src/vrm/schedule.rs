//! In which order transforms and constraints of a frame are computed: everything after what it depends on, so that
//! each is computed once.

use std::collections::{BTreeMap, BTreeSet};

use super::constraint::{Constraint, ConstraintKind};
use super::document::Node;

/// One thing to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The model-space transform of the node in this slot.
    Place(usize),
    /// The constraint at this position.
    Constrain(usize),
}

/// Which nodes have a slot, and the order of all steps.
#[derive(Debug)]
pub(super) struct Schedule {
    /// Node of each slot.
    pub(super) nodes: Vec<usize>,
    /// Slot of each node that has one.
    pub(super) slots: BTreeMap<usize, usize>,
    pub(super) steps: Vec<Step>,
    /// Constraints that depend on themselves through others; they are not among the steps.
    pub(super) circular: BTreeSet<usize>,
}

impl Schedule {
    /// For the wanted nodes and whatever they and the constraints need above them.
    pub(super) fn new(nodes: &[Node], constraints: &[Constraint], wanted: &BTreeSet<usize>) -> Self {
        let mut slots = BTreeMap::new();
        let mut by_slot = Vec::new();
        let aims = constraints.iter().filter(|c| matches!(c.kind, ConstraintKind::Aim(_)));
        for start in aims.flat_map(|c| [Some(c.source), nodes[c.node].parent]).flatten().chain(wanted.iter().copied()) {
            let mut at = Some(start);
            while let Some(node) = at.filter(|node| !slots.contains_key(node)) {
                slots.insert(node, by_slot.len());
                by_slot.push(node);
                at = nodes[node].parent;
            }
        }
        let driver: BTreeMap<usize, usize> = constraints.iter().enumerate().map(|(at, c)| (c.node, at)).collect();
        let slot = |node: usize| slots.get(&node).copied();
        let count = by_slot.len();
        // A step depends on two others at most. Constraints are numbered after the slots.
        let needs = |step: usize| -> [Option<usize>; 2] {
            let constrained = |node: usize| driver.get(&node).map(|at| count + at);
            if step < count {
                let node = by_slot[step];
                return [nodes[node].parent.and_then(slot), constrained(node)];
            }
            let Constraint { node, source, kind, .. } = constraints[step - count];
            match kind {
                ConstraintKind::Aim(_) => [slot(source), nodes[node].parent.and_then(slot)],
                _ => [constrained(source), None],
            }
        };
        let (mut steps, mut circular) = (Vec::new(), BTreeSet::new());
        for group in groups(count + constraints.len(), needs) {
            let is_circle = group.len() > 1;
            for step in group {
                match step.checked_sub(count) {
                    None => steps.push(Step::Place(step)),
                    Some(at) if is_circle => {
                        circular.insert(at);
                    }
                    Some(at) => steps.push(Step::Constrain(at)),
                }
            }
        }
        Self { nodes: by_slot, slots, steps, circular }
    }
}

/// Groups of things that need each other, each group after those that it needs: Tarjan's strongly connected
/// components, without recursion because trees may be deep.
fn groups(count: usize, needs: impl Fn(usize) -> [Option<usize>; 2]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut number = vec![NEW; count];
    let mut lowest = vec![0_usize; count];
    let mut is_open = vec![false; count];
    let (mut open, mut walk, mut out, mut next) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for start in 0..count {
        if number[start] == NEW {
            walk.push((start, 0));
        }
        while let Some((at, branch)) = walk.pop() {
            if branch == 0 {
                number[at] = next;
                lowest[at] = next;
                next += 1;
                open.push(at);
                is_open[at] = true;
            }
            if let Some(need) = needs(at).get(branch) {
                walk.push((at, branch + 1));
                match *need {
                    Some(need) if number[need] == NEW => walk.push((need, 0)),
                    Some(need) if is_open[need] => lowest[at] = lowest[at].min(number[need]),
                    _ => {}
                }
                continue;
            }
            if lowest[at] == number[at] {
                let first = open.iter().rposition(|other| *other == at).unwrap_or(0);
                let group = open.split_off(first);
                for &member in &group {
                    is_open[member] = false;
                }
                out.push(group);
            }
            if let Some(&(above, _)) = walk.last() {
                lowest[above] = lowest[above].min(lowest[at]);
            }
        }
    }
    out
}
