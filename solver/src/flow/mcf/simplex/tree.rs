//! Surgery on the spanning tree: cut a subtree off, turn it around, hang it elsewhere.

use super::{NONE, Node, Simplex};

impl Simplex {
    /// Takes the subtree under `cut` out of the ring and out of the sizes below `join`.
    pub(super) fn detach(&mut self, cut: u32, join: u32) {
        let Node { parent, size, last, before, .. } = self.nodes[cut as usize];
        self.bind(before, self.after[last as usize]);
        let mut node = parent;
        while node != NONE && self.nodes[node as usize].last == last {
            self.nodes[node as usize].last = before;
            node = self.nodes[node as usize].parent;
        }
        let mut node = parent;
        while node != join {
            self.nodes[node as usize].size -= size;
            node = self.nodes[node as usize].parent;
        }
    }

    /// Turns the path from `inside` up to `cut` upside down within the detached subtree; returns its last node.
    ///
    /// In the new order the subtree of `inside` comes first, then what its old parent had besides, and so on.
    pub(super) fn turn(&mut self, inside: u32, cut: u32) -> u32 {
        let whole = self.nodes[cut as usize].size;
        let mut below = inside;
        let mut old = self.nodes[inside as usize];
        let mut end = old.last;
        // What followed the old subtree; kept aside, because the ring is cut there before it is needed.
        let mut beyond = self.after[end as usize];
        self.nodes[inside as usize].size = whole;
        while below != cut {
            let node = old.parent;
            let place = self.nodes[node as usize];
            let rest_end = if place.last == old.last {
                old.before
            } else {
                self.bind(old.before, beyond);
                beyond = self.after[place.last as usize];
                place.last
            };
            self.bind(end, node);
            end = rest_end;
            let turned = &mut self.nodes[node as usize];
            turned.parent = below;
            turned.arc = old.arc;
            turned.up = !old.up;
            turned.size = whole - old.size;
            (below, old) = (node, place);
        }
        // All of the path now ends where the whole ends.
        let mut node = cut;
        while node != inside {
            self.nodes[node as usize].last = end;
            node = self.nodes[node as usize].parent;
        }
        self.nodes[inside as usize].last = end;
        end
    }

    /// Hangs a turned subtree on `outside`, as its first child.
    pub(super) fn attach(&mut self, inside: u32, outside: u32, entering: u32, last: u32, join: u32) {
        let size = self.nodes[inside as usize].size;
        self.nodes[inside as usize].parent = outside;
        self.nodes[inside as usize].arc = entering;
        self.nodes[inside as usize].up = self.tail[entering as usize] == inside;
        self.bind(last, self.after[outside as usize]);
        self.bind(outside, inside);
        let mut node = outside;
        while node != NONE && self.nodes[node as usize].last == outside {
            self.nodes[node as usize].last = last;
            node = self.nodes[node as usize].parent;
        }
        let mut node = outside;
        while node != join {
            self.nodes[node as usize].size += size;
            node = self.nodes[node as usize].parent;
        }
    }

    /// Puts one node behind another in the ring.
    fn bind(&mut self, before: u32, after: u32) {
        self.after[before as usize] = after;
        self.nodes[after as usize].before = before;
    }
}
