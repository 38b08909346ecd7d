//! Money or goods from groups of sellers to groups of buyers: ribbons as wide as what they carry.

use super::svg::{Anchor, BLUE, Caption, GREEN, SAND, Svg, WIDTH, fitting, tenths};
use super::{Picture, Table, part};

const NODE: i64 = 100;
/// Space between groups: a name of 12 units stands beside even the thinnest.
const GAP: i64 = 190;
const TALL: i64 = 2_600;
const TOP: i64 = 120;
const COLOURS: [&str; 6] = [GREEN, SAND, BLUE, "#7a4f9a", "#b5651d", "#557a2b"];

/// A ribbon: from which group of sellers to which of buyers, how much, and that in words.
#[derive(Debug, Clone)]
pub struct Ribbon {
    /// Group of sellers.
    pub from: String,
    /// Group of buyers.
    pub to: String,
    /// How much.
    pub amount: i64,
    /// The amount in words.
    pub figure: String,
}

/// Headings of the table.
#[derive(Debug, Clone)]
pub struct Words {
    /// Sellers.
    pub from: String,
    /// Buyers.
    pub to: String,
    /// Amounts.
    pub amount: String,
}

/// A group on one side, with where it stands.
#[derive(Debug)]
struct Node<'a> {
    name: &'a str,
    amount: i64,
    top: i64,
    /// How much of its height ribbons have used.
    used: i64,
}

/// Draws the ribbons, the larger groups on top.
pub fn draw(caption: Caption, words: &Words, ribbons: &[Ribbon]) -> Picture {
    let total: i64 = ribbons.iter().map(|ribbon| ribbon.amount.max(0)).fold(0, i64::saturating_add);
    let mut left = side(ribbons, total, |ribbon| &ribbon.from);
    let mut right = side(ribbons, total, |ribbon| &ribbon.to);
    let bottom = |side: &[Node]| side.last().map_or(TOP, |node| node.top + part(node.amount, total, TALL));
    let mut svg = Svg::new(&caption, bottom(&left).max(bottom(&right)) + 140);
    for (index, group) in (0..left.len()).map(|at| (at, left[at].name.to_owned())).collect::<Vec<_>>() {
        let colour = COLOURS[index % COLOURS.len()];
        for to in &mut right {
            let both = ribbons.iter().filter(|one| one.from == group && one.to == to.name);
            let amount = both.map(|one| one.amount.max(0)).sum();
            let height = part(amount, total, TALL);
            if height > 0 {
                let ends = (left[index].top + left[index].used, to.top + to.used);
                svg.shape(&ribbon(ends, height), colour, 45);
            }
            left[index].used += height;
            to.used += height;
        }
    }
    for (index, node) in left.iter().enumerate() {
        svg.rect((0, node.top), (NODE, part(node.amount, total, TALL).max(10)), COLOURS[index % COLOURS.len()]);
        label(&mut svg, node, total, (NODE + 50, Anchor::Start));
    }
    for node in &right {
        svg.rect((WIDTH - NODE, node.top), (NODE, part(node.amount, total, TALL).max(10)), "#5b6570");
        label(&mut svg, node, total, (WIDTH - NODE - 50, Anchor::End));
    }
    let head = vec![words.from.clone(), words.to.clone(), words.amount.clone()];
    let rows = ribbons.iter().map(|one| vec![one.from.clone(), one.to.clone(), one.figure.clone()]).collect();
    Picture { svg: svg.finish(), caption, table: Table { head, rows } }
}

fn side<'a>(ribbons: &'a [Ribbon], total: i64, name: impl Fn(&'a Ribbon) -> &'a String) -> Vec<Node<'a>> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    for ribbon in ribbons {
        let own = name(ribbon).as_str();
        match nodes.iter_mut().find(|node| node.name == own) {
            Some(node) => node.amount += ribbon.amount.max(0),
            None => nodes.push(Node { name: own, amount: ribbon.amount.max(0), top: 0, used: 0 }),
        }
    }
    nodes.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.name.cmp(b.name)));
    let mut top = TOP;
    for node in &mut nodes {
        node.top = top;
        top += part(node.amount, total, TALL) + GAP;
    }
    nodes
}

fn label(svg: &mut Svg, node: &Node<'_>, total: i64, (x, anchor): (i64, Anchor)) {
    let share = part(node.amount, total, 100);
    let share = if share == 0 && node.amount > 0 { "<1".to_owned() } else { share.to_string() };
    let name = fitting(&format!("{} {share} %", node.name), WIDTH / 2 - NODE);
    svg.text((x, node.top + (part(node.amount, total, TALL) / 2).max(0) + 45), anchor, &name);
}

/// A band from the left at one height to the right at another.
fn ribbon((from, to): (i64, i64), height: i64) -> String {
    let (x0, x1, middle) = (tenths(NODE), tenths(WIDTH - NODE), tenths(WIDTH / 2));
    let (a, b, c, d) = (tenths(from), tenths(to), tenths(to + height), tenths(from + height));
    format!("M{x0} {a}C{middle} {a} {middle} {b} {x1} {b}V{c}C{middle} {c} {middle} {d} {x0} {d}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::{assert_sound, caption};

    #[test]
    fn ribbons_leave_and_reach_as_much_as_their_groups_hold() {
        let one = |from: &str, to: &str, amount| Ribbon {
            from: from.into(),
            to: to.into(),
            amount,
            figure: amount.to_string(),
        };
        let ribbons = [
            one("UMKM", "Koperasi", 60),
            one("UMKM", "Dapur", 20),
            one("BUMN & <lain>", "Koperasi", 20),
            one("Kosong", "Dapur", 0),
        ];
        let words = Words { from: "Dari".into(), to: "Ke".into(), amount: "Rp".into() };
        let picture = draw(caption(), &words, &ribbons);
        assert_sound(&picture);
        assert_eq!(picture.svg.matches("fill-opacity").count(), 3, "nothing is drawn for nothing");
        assert!(picture.svg.contains("UMKM 80 %") && picture.svg.contains("BUMN &amp; &lt;lain&gt; 20 %"));
        let left = side(&ribbons, 100, |ribbon| &ribbon.from);
        assert!(left.windows(2).all(|two| two[0].top + part(two[0].amount, 100, TALL) + GAP <= two[1].top));
    }
}
