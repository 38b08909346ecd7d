//! Minimum-cost-flow files of the First DIMACS Challenge (1991).
//!
//! `c` comment; `p min NODES ARCS`; `n NODE SUPPLY` (negative: demand); `a FROM TO LOWER CAPACITY COST`. Nodes count
//! from 1. A capacity of -1 means no limit. Everything that is not exactly that is refused with its line.

use crate::flow::mcf::{Arc, Network};
use std::fmt::Write as _;
use std::io::BufRead;

/// Most nodes and most arcs that are read; a larger file is refused before memory is spent on it.
pub const MOST: usize = 100_000_000;

/// Most nodes that no arc touches.
const MOST_ALONE: usize = 1_000_000;

/// A file that is not a DIMACS minimum-cost-flow problem.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A line is wrong.
    #[error("line {line}: {cause}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        cause: String,
    },
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Lines are missing at the end.
    #[error("ends too early: {0}")]
    Missing(String),
}

/// Reads a problem.
///
/// # Errors
/// [`ReadError`] naming the first line that is wrong.
pub fn read(input: impl BufRead) -> Result<Network, ReadError> {
    let mut reader = Reader::default();
    for (at, bytes) in input.split(b'\n').enumerate() {
        let bytes = bytes?;
        let text = String::from_utf8_lossy(&bytes);
        reader.take(&text).map_err(|cause| ReadError::Line { line: at + 1, cause })?;
    }
    reader.finish().map_err(ReadError::Missing)
}

#[derive(Default)]
struct Reader {
    /// Set by the problem line.
    arcs: Option<usize>,
    network: Network,
    named: Vec<bool>,
}

impl Reader {
    fn take(&mut self, text: &str) -> Result<(), String> {
        let mut words = text.split_ascii_whitespace();
        let Some(kind) = words.next() else { return Ok(()) };
        match (kind, self.arcs) {
            // Some generators write comments without a blank after the letter.
            (comment, _) if comment.starts_with('c') => Ok(()),
            ("p", None) => self.problem(words),
            ("p", Some(_)) => Err("a second problem line".to_owned()),
            ("n" | "a", None) => Err("comes before the problem line".to_owned()),
            ("n", Some(_)) => self.node(&numbers(words, ["node", "supply"])?),
            ("a", Some(arcs)) => self.arc(&numbers(words, ["tail", "head", "lower bound", "capacity", "cost"])?, arcs),
            (other, _) => Err(format!("'{other}' is none of c, p, n, a")),
        }
    }

    fn problem<'a>(&mut self, mut words: impl Iterator<Item = &'a str>) -> Result<(), String> {
        if words.next() != Some("min") {
            return Err("is not 'p min NODES ARCS'".to_owned());
        }
        let [nodes, arcs] = numbers(words, ["nodes", "arcs"])?;
        let size = |value: i64, what: &str| {
            let size = usize::try_from(value).ok().filter(|&size| size <= MOST);
            size.ok_or_else(|| format!("number of {what} must lie between 0 and {MOST}"))
        };
        let nodes = size(nodes, "nodes")?;
        self.arcs = Some(size(arcs, "arcs")?);
        self.network.supplies = vec![0; nodes];
        self.named = vec![false; nodes];
        Ok(())
    }

    fn node(&mut self, &[node, supply]: &[i64; 2]) -> Result<(), String> {
        let node = self.index(node)?;
        if std::mem::replace(&mut self.named[node], true) {
            return Err(format!("a second supply for node {}", node + 1));
        }
        self.network.supplies[node] = supply;
        Ok(())
    }

    fn arc(&mut self, &[from, to, lower, capacity, cost]: &[i64; 5], most: usize) -> Result<(), String> {
        if self.network.arcs.len() == most {
            return Err(format!("more than the {most} arcs announced"));
        }
        let upper = if capacity == -1 { None } else { Some(capacity) };
        if upper.is_some_and(|upper| upper < lower) {
            return Err(format!("capacity {capacity} is below the lower bound {lower}"));
        }
        let (from, to) = (self.index(from)?, self.index(to)?);
        self.network.arcs.push(Arc { from, to, lower, upper, cost });
        Ok(())
    }

    fn index(&self, node: i64) -> Result<usize, String> {
        let nodes = self.network.supplies.len();
        let index = usize::try_from(node).ok().filter(|node| (1..=nodes).contains(node));
        index.map(|node| node - 1).ok_or_else(|| format!("node {node} is not one of 1 to {nodes}"))
    }

    fn finish(self) -> Result<Network, String> {
        let arcs = self.arcs.ok_or_else(|| "no line 'p min NODES ARCS'".to_owned())?;
        let nodes = self.network.supplies.len();
        match self.network.arcs.len() {
            found if found != arcs => Err(format!("{arcs} arcs were announced, {found} found")),
            // A short line must not make the engine spend gigabytes on nodes that nothing leads to.
            found if nodes > 2 * found + MOST_ALONE => {
                Err(format!("{nodes} nodes were announced, but {found} arcs cannot reach nearly as many"))
            }
            _ => Ok(self.network),
        }
    }
}

/// Exactly `N` whole numbers.
fn numbers<'a, const N: usize>(words: impl Iterator<Item = &'a str>, names: [&str; N]) -> Result<[i64; N], String> {
    let mut values = [0; N];
    let mut count = 0;
    for word in words {
        let Some(name) = names.get(count) else {
            return Err(format!("has more than {N} numbers: '{word}'"));
        };
        values[count] = word.parse().map_err(|_| format!("{name} '{word}' is not a whole number of 64 bits"))?;
        count += 1;
    }
    if count == N { Ok(values) } else { Err(format!("{} is missing", names[count])) }
}

/// A network as a DIMACS problem.
pub fn problem_text(network: &Network) -> String {
    let mut text = format!("p min {} {}\n", network.supplies.len(), network.arcs.len());
    for (node, supply) in network.supplies.iter().enumerate().filter(|&(_, &supply)| supply != 0) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "n {} {supply}", node + 1);
    }
    for Arc { from, to, lower, upper, cost } in &network.arcs {
        let _ = writeln!(text, "a {} {} {lower} {} {cost}", from + 1, to + 1, upper.unwrap_or(-1));
    }
    text
}

/// A flow as a DIMACS solution: `s OBJECTIVE`, then `f FROM TO FLOW` for each arc that carries something.
pub fn solution_text(network: &Network, flow: &[i64], objective: i128) -> String {
    let mut text = format!("s {objective}\n");
    for (arc, &x) in network.arcs.iter().zip(flow).filter(|&(_, &x)| x != 0) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "f {} {} {x}", arc.from + 1, arc.to + 1);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn reads_what_the_standard_allows() {
        let text = "c a comment\ncomment too\n\np min 2 3\nn 1 4\r\nn 2 -4\na 1 2 1 -1 -5\na 1 2 0 3 2\na 2 2 0 1 0\n";
        let network = read(text.as_bytes()).unwrap();
        assert_eq!(network.supplies, [4, -4]);
        assert_eq!(network.arcs[0], Arc { from: 0, to: 1, lower: 1, upper: None, cost: -5 });
        assert_eq!(network.arcs[2], Arc { from: 1, to: 1, lower: 0, upper: Some(1), cost: 0 });
        assert_eq!(read(problem_text(&network).as_bytes()).unwrap(), network);
        assert_eq!(solution_text(&network, &[4, 0, 0], -20), "s -20\nf 1 2 4\n");
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        let cases = [
            ("n 1 1\n", "line 1: comes before the problem line"),
            ("p max 1 1\n", "line 1: is not 'p min NODES ARCS'"),
            ("p min 1 -1\n", "line 1: number of arcs must lie between 0 and 100000000"),
            ("p min 99999999999999999999 1\n", "line 1: nodes '99999999999999999999' is not a whole number of 64 bits"),
            ("p min 1 0\np min 1 0\n", "line 2: a second problem line"),
            ("p min 1 0\nn 2 1\n", "line 2: node 2 is not one of 1 to 1"),
            ("p min 1 0\nn 1 1\nn 1 1\n", "line 3: a second supply for node 1"),
            ("p min 1 0\na 1 1 0 1 1\n", "line 2: more than the 0 arcs announced"),
            ("p min 1 1\na 1 1 0 1\n", "line 2: cost is missing"),
            ("p min 1 1\na 1 1 0 1 1.5\n", "line 2: cost '1.5' is not a whole number of 64 bits"),
            ("p min 1 1\na 1 1 0 1 1 1\n", "line 2: has more than 5 numbers: '1'"),
            ("p min 1 1\na 1 1 2 1 1\n", "line 2: capacity 1 is below the lower bound 2"),
            ("p min 1 1\nx\n", "line 2: 'x' is none of c, p, n, a"),
            (
                "p min 9000000 0\n",
                "ends too early: 9000000 nodes were announced, but 0 arcs cannot reach nearly as many",
            ),
            ("p min 1 1\n", "ends too early: 1 arcs were announced, 0 found"),
            ("", "ends too early: no line 'p min NODES ARCS'"),
        ];
        for (text, expected) in cases {
            assert_eq!(complaint(text), expected);
        }
    }
}
