use super::*;
use proptest::prelude::*;

/// A small problem with forbidden pairs, negative costs and ties.
fn small() -> impl Strategy<Value = (Vec<i64>, Vec<i64>, Vec<i64>, Vec<i64>)> {
    (1usize..7, 1usize..6).prop_flat_map(|(demands, supplies)| {
        let cost = prop_oneof![6 => -3i64..20, 1 => Just(i64::MAX)];
        (
            prop::collection::vec(0i64..9, demands),
            prop::collection::vec(-2i64..30, demands),
            prop::collection::vec(0i64..12, supplies),
            prop::collection::vec(cost, demands * supplies),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn every_answer_proves_itself((quantity, penalty, stock, costs) in small()) {
        let matrix = Matrix::new(&costs, stock.len());
        let problem = Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs: &matrix };
        let solution = solve(&problem).unwrap();
        prop_assert_eq!(verify(&problem, &solution), Ok(()));
        prop_assert_eq!(solution.objective, by_sparse_engine(&problem));
    }
}

/// The same problem solved by the sparse engine.
fn by_sparse_engine<R: Rows>(problem: &Problem<'_, R>) -> i128 {
    let (demands, supplies) = (problem.quantity.len(), problem.stock.len());
    let root = demands + supplies;
    let balance = problem.quantity.iter().sum::<i64>() - problem.stock.iter().sum::<i64>();
    let nodes = problem
        .quantity
        .iter()
        .map(|q| -q)
        .chain(problem.stock.iter().copied())
        .chain([balance]);
    let mut network = crate::flow::mcf::Network {
        supplies: nodes.collect(),
        arcs: Vec::new(),
    };
    let mut push = |from, to, cost| {
        network.arcs.push(crate::flow::mcf::Arc {
            from,
            to,
            lower: 0,
            upper: None,
            cost,
        });
    };
    let mut scratch = Vec::new();
    for demand in 0..demands {
        push(root, demand, problem.penalty[demand]);
        for (supply, cost) in problem.costs.row(demand, &mut scratch).iter().enumerate() {
            if cost.is_allowed() {
                push(demands + supply, demand, cost.wide());
            }
        }
    }
    (demands..root).for_each(|supply| push(supply, root, 0));
    match crate::flow::mcf::solve(&network).unwrap() {
        crate::flow::mcf::Outcome::Optimal(solution) => solution.objective,
        other => panic!("{other:?}"),
    }
}
