//! A few pivots that bring the star nearer to a real flow before the search for entering arcs begins.

use super::Simplex;

impl Simplex {
    /// Arcs to try first. From one source to one sink: those of a search back from the sink along arcs that could carry
    /// everything, which hang the nodes between on each other instead of on the root. Else the cheapest arc into each sink.
    pub(super) fn first_arcs(&self, excess: &[i64]) -> Vec<u32> {
        let mut sources = (0_u32..).zip(excess).filter(|(_, excess)| **excess > 0);
        let sinks: Vec<u32> = (0_u32..).zip(excess).filter(|(_, excess)| **excess < 0).map(|(node, _)| node).collect();
        match (sources.next(), sources.next(), &sinks[..]) {
            (Some((source, &total)), None, &[sink]) => self.search_back(source, sink, total),
            _ => self.cheapest_into(&sinks),
        }
    }

    fn search_back(&self, source: u32, sink: u32, total: i64) -> Vec<u32> {
        let mut into: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for (arc, &head) in (0_u32..).zip(&self.head[..self.real]) {
            if self.pipes[arc as usize].capacity >= total {
                into[head as usize].push(arc);
            }
        }
        let mut reached = vec![false; self.nodes.len()];
        reached[sink as usize] = true;
        let (mut stack, mut arcs) = (vec![sink], Vec::new());
        while let Some(node) = stack.pop().filter(|&node| node != source) {
            for &arc in &into[node as usize] {
                let tail = self.tail[arc as usize];
                if !std::mem::replace(&mut reached[tail as usize], true) {
                    arcs.push(arc);
                    stack.push(tail);
                }
            }
        }
        arcs
    }

    fn cheapest_into(&self, sinks: &[u32]) -> Vec<u32> {
        let mut best: Vec<Option<u32>> = vec![None; self.nodes.len()];
        for (arc, &head) in (0_u32..).zip(&self.head[..self.real]) {
            let place = &mut best[head as usize];
            if place.is_none_or(|other| self.cost[arc as usize] < self.cost[other as usize]) {
                *place = Some(arc);
            }
        }
        sinks.iter().filter_map(|&sink| best[sink as usize]).collect()
    }
}
