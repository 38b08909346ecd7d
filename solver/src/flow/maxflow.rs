//! Maximum flow from supplies to demands, and the cut that says why it is no larger.
//!
//! Dinic's method (1970) on the two-sided network source → supply → demand → sink. Distances are measured *to the
//! sink*, so that the last round, which finds no way any more, has visited exactly the scarce side of the cut.

/// The network: what every supply has, what every demand could take, and which supplies each demand may draw on.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    /// Units of each supply, ≥ 0.
    pub supply: &'a [i64],
    /// Most units of each demand, ≥ 0.
    pub most: &'a [i64],
    /// Supplies of each demand, each at most once.
    pub arcs: &'a [Vec<usize>],
}

/// A largest flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Units on each arc, in the order of [`Problem::arcs`].
    pub flow: Vec<Vec<i64>>,
    /// Demands of the scarce side: those that get less than they could take, and those that hold what these could use.
    pub scarce_demands: Vec<bool>,
    /// Supplies of the scarce side: used up, and by demands of the scarce side alone.
    pub scarce_supplies: Vec<bool>,
}

const SOURCE: usize = 0;
const SINK: usize = 1;
const UNSEEN: u32 = u32::MAX;

/// Edges in pairs: edge `e` and its reverse `e ^ 1`.
struct Network {
    heads: Vec<usize>,
    room: Vec<i64>,
    /// Edges of node `v` are `list[first[v]..first[v + 1]]`.
    list: Vec<usize>,
    first: Vec<usize>,
    distance: Vec<u32>,
}

/// Solves it.
pub fn solve(problem: &Problem<'_>) -> Solution {
    let mut network = Network::new(problem);
    while network.measure() {
        network.push_all();
    }
    network.read(problem)
}

impl Network {
    fn new(problem: &Problem<'_>) -> Self {
        let (supplies, demands) = (problem.supply.len(), problem.most.len());
        let nodes = 2 + supplies + demands;
        let (mut tails, mut heads, mut room) = (Vec::new(), Vec::new(), Vec::new());
        let mut edge = |from: usize, to: usize, most: i64| {
            tails.extend([from, to]);
            heads.extend([to, from]);
            room.extend([most, 0]);
        };
        problem.supply.iter().enumerate().for_each(|(at, &units)| edge(SOURCE, 2 + at, units));
        problem.most.iter().enumerate().for_each(|(at, &units)| edge(2 + supplies + at, SINK, units));
        for (demand, arcs) in problem.arcs.iter().enumerate() {
            arcs.iter().for_each(|&supply| edge(2 + supply, 2 + supplies + demand, i64::MAX));
        }
        let mut first = vec![0; nodes + 1];
        tails.iter().for_each(|&tail| first[tail + 1] += 1);
        (0..nodes).for_each(|node| first[node + 1] += first[node]);
        let (mut next, mut list) = (first.clone(), vec![0; tails.len()]);
        for (index, &tail) in tails.iter().enumerate() {
            list[next[tail]] = index;
            next[tail] += 1;
        }
        Self { heads, room, list, first, distance: vec![UNSEEN; nodes] }
    }

    /// Distances to the sink over edges with room; says whether the source has one.
    fn measure(&mut self) -> bool {
        self.distance.fill(UNSEEN);
        self.distance[SINK] = 0;
        let mut queue = std::collections::VecDeque::from([SINK]);
        while let Some(node) = queue.pop_front() {
            for place in self.first[node]..self.first[node + 1] {
                let edge = self.list[place];
                let other = self.heads[edge];
                if self.room[edge ^ 1] > 0 && self.distance[other] == UNSEEN {
                    self.distance[other] = self.distance[node] + 1;
                    queue.push_back(other);
                }
            }
        }
        self.distance[SOURCE] != UNSEEN
    }

    /// Pushes along shortest ways until none is left.
    fn push_all(&mut self) {
        let mut next = self.first.clone();
        let mut way: Vec<usize> = Vec::new();
        loop {
            let node = way.last().map_or(SOURCE, |&edge| self.heads[edge]);
            if node == SINK {
                self.push(&mut way);
                continue;
            }
            let leads = |edge: usize| {
                let head = self.heads[edge];
                self.room[edge] > 0 && self.distance[head] != UNSEEN && self.distance[head] + 1 == self.distance[node]
            };
            let found = (next[node]..self.first[node + 1]).find(|&place| leads(self.list[place]));
            next[node] = found.unwrap_or(self.first[node + 1]);
            match (found, way.pop()) {
                (Some(place), last) => way.extend(last.into_iter().chain([self.list[place]])),
                (None, Some(edge)) => next[self.heads[edge ^ 1]] += 1,
                (None, None) => return,
            }
        }
    }

    /// Pushes what fits along a whole way and goes back to before its first full edge.
    fn push(&mut self, way: &mut Vec<usize>) {
        let units = way.iter().map(|&edge| self.room[edge]).min().unwrap_or(0);
        for &edge in way.iter() {
            self.room[edge] -= units;
            self.room[edge ^ 1] = self.room[edge ^ 1].saturating_add(units);
        }
        let full = way.iter().position(|&edge| self.room[edge] == 0).unwrap_or(0);
        way.truncate(full);
    }

    fn read(&self, problem: &Problem<'_>) -> Solution {
        let supplies = problem.supply.len();
        let mut edge = 2 * (supplies + problem.most.len());
        let mut flow = Vec::with_capacity(problem.arcs.len());
        for arcs in problem.arcs {
            // What went along an arc is the room of its reverse.
            flow.push((0..arcs.len()).map(|place| self.room[edge + 2 * place + 1]).collect());
            edge += 2 * arcs.len();
        }
        let is_seen = |node: usize| self.distance[node] != UNSEEN;
        Solution {
            flow,
            scarce_supplies: (0..supplies).map(|at| is_seen(2 + at)).collect(),
            scarce_demands: (0..problem.most.len()).map(|at| is_seen(2 + supplies + at)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flow_is_largest_and_the_cut_says_why() {
        // Demands 0 and 1 share supply 0; demand 2 has supply 1 to itself.
        let arcs = vec![vec![0], vec![0], vec![0, 1]];
        let found = solve(&Problem { supply: &[5, 9], most: &[4, 4, 6], arcs: &arcs });
        let total: i64 = found.flow.iter().flatten().sum();
        assert_eq!(total, 11);
        assert_eq!(found.scarce_demands, [true, true, false]);
        assert_eq!(found.scarce_supplies, [true, false]);
    }

    #[test]
    fn nothing_is_scarce_when_all_can_be_met() {
        let arcs = vec![vec![0, 1], vec![1]];
        let found = solve(&Problem { supply: &[2, 3], most: &[3, 2], arcs: &arcs });
        assert_eq!(found.flow.iter().flatten().sum::<i64>(), 5);
        assert_eq!((found.scarce_demands, found.scarce_supplies), (vec![false; 2], vec![false; 2]));
    }
}
