//! A problem that asks for fair shares is solved twice: without the rule, which gives its cost and the least totals, and
//! with a target for every demand. Where integer terms make the fair plan ship too little, the totals are forced.

use super::{Delivery, PartAnswer, SolveError, Work, assemble};
use crate::fair;
use crate::model::{Floors, Model};
use crate::plan::{ControlSums, FairShares, Floor, Plan, ShareFlow};
use std::collections::HashMap;

/// The fair plan, with the plan without the rule inside.
pub fn plan(model: &mut Model<'_>, permille: i64, sha256: &str, work: &Work<'_>) -> Result<Plan, SolveError> {
    let free = work.solve(model, work.halfway())?;
    let without_delivery = delivery(model, &free);
    let without = assemble::plan(model, sha256, free);
    let shares = fair::shares(model);
    model.demands.iter_mut().zip(&shares.targets).for_each(|(demand, &target)| demand.target = target);
    let least = fair::floors(model, &without_delivery, permille);
    let mut answers = work.solve(model, work.deadline)?;
    while force(model, &delivery(model, &answers), &least, &without_delivery) {
        answers = work.solve(model, work.deadline)?;
    }
    let shipped = fair::shipped(model, &delivery(model, &answers).served);
    let free_shipped = fair::shipped(model, &without_delivery.served);
    let mut plan = assemble::plan(model, sha256, answers);
    let cost = plan.totals.objective - plan.totals.fairness - without.totals.objective;
    let floors = floors(model, [&free_shipped, &least, &shipped]);
    plan.fairness = Some(document(model, &shares, floors, cost, without));
    Ok(plan)
}

fn delivery(model: &Model<'_>, answers: &[PartAnswer]) -> Delivery {
    Delivery::of(model, answers.iter().flat_map(|answer| answer.trades.iter().copied()).collect())
}

/// Forces the totals that are missed; says whether there are any that were not forced before.
fn force(model: &mut Model<'_>, delivery: &Delivery, least: &[i128], without: &Delivery) -> bool {
    let shipped = fair::shipped(model, &delivery.served);
    let is_missed = |commodity: usize| shipped[commodity] < least[commodity] && model.floors.of(commodity).is_none();
    let missed: Vec<usize> = (0..least.len()).filter(|&commodity| is_missed(commodity)).collect();
    if model.floors.least.is_empty() {
        model.floors = Floors { least: vec![None; least.len()], kept_by: without.trades.clone() };
    }
    missed.iter().for_each(|&commodity| model.floors.least[commodity] = Some(least[commodity]));
    !missed.is_empty()
}

fn floors(model: &Model<'_>, [without, least, shipped]: [&[i128]; 3]) -> Vec<Floor> {
    let id = |demand: &crate::model::Demand| model.problem.demands[demand.source].commodity.as_str();
    let indices: HashMap<&str, usize> = model.demands.iter().map(|demand| (id(demand), demand.commodity)).collect();
    let floor = |commodity: &crate::problem::Commodity| {
        let &index = indices.get(commodity.id.as_str())?;
        let (without, least, shipped) = (without[index], least[index], shipped[index]);
        Some(Floor { commodity: commodity.id.clone(), without, least, shipped })
    };
    model.problem.commodities.iter().filter_map(floor).collect()
}

fn document(model: &Model<'_>, shares: &fair::Shares, floors: Vec<Floor>, cost: i128, without: Plan) -> FairShares {
    let count = model.demands.len();
    let (mut quantities, mut rivals) = (vec![0; count], vec![fair::NOBODY; count]);
    for (index, demand) in model.demands.iter().enumerate() {
        quantities[demand.source] = shares.quantities[index];
        let rival = usize::try_from(shares.rivals[index]).ok();
        let position = rival.and_then(|rival| i64::try_from(model.demands[rival].source).ok());
        rivals[demand.source] = position.unwrap_or(shares.rivals[index]);
    }
    let mut flow: Vec<(usize, usize, i64)> = shares
        .flow
        .iter()
        .map(|&(demand, offer, quantity)| (model.demands[demand].source, model.offers[offer].source, quantity))
        .collect();
    flow.sort_unstable();
    let part = |&(demand, offer, quantity): &(usize, usize, i64)| ShareFlow {
        demand: model.problem.demands[demand].id.clone(),
        offer: model.problem.offers[offer].id.clone(),
        quantity,
    };
    FairShares {
        control: ControlSums::over(quantities.iter().chain(&rivals).copied()),
        flow: flow.iter().map(part).collect(),
        shares: quantities,
        rivals,
        floors,
        cost,
        without: Box::new(without),
    }
}
