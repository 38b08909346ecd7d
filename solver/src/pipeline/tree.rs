//! A proof by cases in the plan's own words: ids instead of indices, prices in the problem's order.

use super::assemble::key_texts;
use super::part::{NodeAnswer, NodePrices, PartAnswer, Split, TreeAnswer};
use crate::model::Model;
use crate::plan::{self, ControlSums, RowName, Tree, TreeNode};

/// The tree of the only part that has one, and by how many ticks the plan is dearer than what it proves.
pub fn of(model: &Model<'_>, answers: &[PartAnswer]) -> Option<(Tree, i128)> {
    let mut trees = answers.iter().filter_map(|answer| answer.tree.as_ref());
    let found = trees.next().filter(|_| trees.next().is_none())?;
    let mut names: Vec<(RowName, usize)> = Vec::with_capacity(found.rows.len());
    for (at, row) in found.rows.iter().enumerate() {
        names.push((RowName { row: row.family.into(), key: key_texts(model, row) }, at));
    }
    names.sort();
    let order: Vec<usize> = names.iter().map(|(_, at)| *at).collect();
    let nodes: Vec<TreeNode> = found.nodes.iter().map(|node| stated(model, node, &order)).collect();
    let control = ControlSums::over(nodes.iter().flat_map(TreeNode::prices).copied());
    let TreeAnswer { gap, scale, .. } = *found;
    Some((Tree { scale, rows: names.into_iter().map(|(name, _)| name).collect(), nodes, control }, gap))
}

fn stated(model: &Model<'_>, node: &NodeAnswer, order: &[usize]) -> TreeNode {
    match node {
        NodeAnswer::Split(Split { supplier, demand, offer }) => TreeNode::Split(plan::Split {
            supplier: supplier.map(|at| model.problem.suppliers[model.suppliers[at].source].id.clone()),
            demand: demand.map(|at| model.problem.demands[model.demands[at].source].id.clone()),
            offer: offer.map(|at| model.problem.offers[model.offers[at].source].id.clone()),
        }),
        NodeAnswer::Fix(prices) => TreeNode::Fix(in_order(model, prices, order)),
        NodeAnswer::Leaf(prices) => TreeNode::Leaf(in_order(model, prices, order)),
        NodeAnswer::Empty(prices) => TreeNode::Empty(in_order(model, prices, order)),
    }
}

fn in_order(model: &Model<'_>, prices: &NodePrices, order: &[usize]) -> Vec<i64> {
    let mut all = vec![0; model.demands.len()];
    prices.demands.iter().for_each(|&(demand, price)| all[model.demands[demand].source] = price);
    all.extend(order.iter().map(|&at| prices.rows[at]));
    all.extend(&prices.splits);
    all
}
