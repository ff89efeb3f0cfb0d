//! Who stands above whom: answers in constant time for files whose trees are deep.

use super::document::Node;

/// Places of all nodes in one walk from the roots down.
pub(super) struct NodeTree {
    enter: Vec<usize>,
    size: Vec<usize>,
}

impl NodeTree {
    /// `order` names all nodes, parents before children.
    pub(super) fn new(nodes: &[Node], order: &[usize]) -> Self {
        let mut size = vec![1_usize; nodes.len()];
        for &node in order.iter().rev() {
            if let Some(parent) = nodes[node].parent {
                size[parent] += size[node];
            }
        }
        let mut enter = vec![0_usize; nodes.len()];
        // Where the next child of each node begins; the roots follow each other.
        let mut next = vec![0_usize; nodes.len()];
        let mut next_root = 0;
        for &node in order {
            let place = nodes[node].parent.map_or(&mut next_root, |parent| &mut next[parent]);
            enter[node] = *place;
            *place += size[node];
            next[node] = enter[node] + 1;
        }
        Self { enter, size }
    }

    /// Whether `node` is `ancestor` or stands below it.
    pub(super) fn is_within(&self, node: usize, ancestor: usize) -> bool {
        (self.enter[ancestor]..self.enter[ancestor] + self.size[ancestor]).contains(&self.enter[node])
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn agrees_with_walking_up() {
        let document = fixture::agent();
        let tree = NodeTree::new(&document.nodes, &document.order);
        for node in 0..document.nodes.len() {
            let mut above = vec![node];
            while let Some(parent) = above.last().and_then(|at| document.nodes[*at].parent) {
                above.push(parent);
            }
            for other in 0..document.nodes.len() {
                assert_eq!(tree.is_within(node, other), above.contains(&other), "{node} {other}");
            }
        }
    }
}
