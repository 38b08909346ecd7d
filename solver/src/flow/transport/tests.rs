use super::*;
use crate::flow::mcf;
use crate::instances::Random;
use proptest::prelude::*;

type Case = (Vec<i64>, Vec<i64>, Vec<i64>, Vec<i64>);

/// A small problem with forbidden pairs, negative costs and ties.
fn small() -> impl Strategy<Value = Case> {
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

/// Enough demands for several levels, clustered costs, some of them forbidden, tight or ample stock.
fn medium() -> impl Strategy<Value = Case> {
    let sizes = (1usize..5, 2usize..14, 100i64..2_000, 1i64..400, any::<u64>());
    sizes.prop_map(|(runs, supplies, ample, spread, seed)| {
        let mut random = Random::new(seed);
        let demands = runs * 260;
        let quantity: Vec<i64> = (0..demands).map(|_| random.between(0, 9)).collect();
        let each = quantity.iter().sum::<i64>() * ample / 500 / i64::try_from(supplies).unwrap();
        let stock = (0..supplies).map(|_| random.between(0, each)).collect();
        let penalty = (0..demands).map(|_| random.between(100, 100 + spread)).collect();
        let places: Vec<i64> = (0..supplies).map(|_| random.between(0, spread)).collect();
        let mut costs = Vec::with_capacity(demands * supplies);
        for _ in 0..demands {
            let here = random.between(0, spread);
            costs.extend(places.iter().map(|there| match random.between(0, 9) {
                0 => i64::MAX,
                _ => (here - there).abs() + random.between(0, 5),
            }));
        }
        (quantity, penalty, stock, costs)
    })
}

/// The same costs in the narrow type.
fn narrowed(costs: &[i64]) -> Vec<i32> {
    costs.iter().map(|&cost| i32::try_from(cost).unwrap_or(i32::MAX)).collect()
}

/// Least cost by trying every supply for every unit.
fn brute_force(quantity: &mut [i64], penalty: &[i64], stock: &mut [i64], costs: &[i64]) -> i128 {
    let Some(demand) = quantity.iter().position(|&q| q > 0) else {
        return 0;
    };
    quantity[demand] -= 1;
    let mut best = i128::from(penalty[demand]) + brute_force(quantity, penalty, stock, costs);
    for supply in 0..stock.len() {
        let cost = costs[demand * stock.len() + supply];
        if stock[supply] > 0 && cost != i64::MAX {
            stock[supply] -= 1;
            best = best.min(i128::from(cost) + brute_force(quantity, penalty, stock, costs));
            stock[supply] += 1;
        }
    }
    quantity[demand] += 1;
    best
}

/// The same problem solved by the sparse engine.
fn by_sparse_engine<R: Rows>(problem: &Problem<'_, R>) -> i128 {
    let (demands, supplies) = (problem.quantity.len(), problem.stock.len());
    let root = demands + supplies;
    let balance = problem.quantity.iter().sum::<i64>() - problem.stock.iter().sum::<i64>();
    let nodes = problem.quantity.iter().map(|q| -q).chain(problem.stock.iter().copied()).chain([balance]);
    let mut network = mcf::Network { supplies: nodes.collect(), arcs: Vec::new() };
    let mut push = |from, to, cost| {
        let arc = mcf::Arc { from, to, lower: 0, upper: None, cost };
        network.arcs.push(arc);
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
    match mcf::solve(&network).unwrap() {
        mcf::Outcome::Optimal(solution) => solution.objective,
        other => panic!("{other:?}"),
    }
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

    #[test]
    fn equals_brute_force(
        mut quantity in prop::collection::vec(0i64..3, 3),
        penalty in prop::collection::vec(0i64..15, 3),
        mut stock in prop::collection::vec(0i64..4, 2),
        costs in prop::collection::vec(prop_oneof![5 => -3i64..12, 1 => Just(i64::MAX)], 6),
    ) {
        let matrix = Matrix::new(&costs, 2);
        let problem = Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs: &matrix };
        let found = solve(&problem).unwrap().objective;
        prop_assert_eq!(found, brute_force(&mut quantity, &penalty, &mut stock, &costs));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn levels_lead_to_the_same_answer_in_both_widths((quantity, penalty, stock, costs) in medium()) {
        let matrix = Matrix::new(&costs, stock.len());
        let problem = Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs: &matrix };
        let solution = solve(&problem).unwrap();
        prop_assert_eq!(verify(&problem, &solution), Ok(()));
        prop_assert_eq!(solution.objective, by_sparse_engine(&problem));
        let costs = narrowed(&costs);
        let matrix = Matrix::new(&costs, stock.len());
        let narrow = Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs: &matrix };
        prop_assert_eq!(solve(&narrow).unwrap(), solution);
    }

    #[test]
    fn a_change_is_mended_from_the_earlier_answer((quantity, penalty, stock, costs) in medium(), at in any::<usize>()) {
        let matrix = Matrix::new(&costs, stock.len());
        let before = Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs: &matrix };
        let earlier = solve(&before).unwrap();
        let again = solve_from(&before, &earlier).unwrap();
        prop_assert_eq!(again.objective, earlier.objective);
        let (mut fewer, mut more) = (stock.clone(), quantity.clone());
        fewer[at % stock.len()] /= 2;
        more[at % quantity.len()] += 7;
        let after = Problem { quantity: &more, stock: &fewer, ..before };
        let mended = solve_from(&after, &earlier).unwrap();
        prop_assert_eq!(verify(&after, &mended), Ok(()));
        prop_assert_eq!(mended.objective, solve(&after).unwrap().objective);
    }

    #[test]
    fn order_of_rows_and_columns_does_not_matter((quantity, penalty, stock, costs) in medium(), seed in any::<u64>()) {
        let shuffled = |length: usize, seed: u64| {
            let mut random = Random::new(seed);
            let mut order: Vec<usize> = (0..length).collect();
            order.sort_by_cached_key(|_| random.bits());
            order
        };
        let (rows, columns) = (shuffled(quantity.len(), seed), shuffled(stock.len(), !seed));
        let pick = |values: &[i64], order: &[usize]| order.iter().map(|&i| values[i]).collect::<Vec<_>>();
        let (q, p, s) = (pick(&quantity, &rows), pick(&penalty, &rows), pick(&stock, &columns));
        let pairs = rows.iter().flat_map(|&r| columns.iter().map(move |&k| (r, k)));
        let c: Vec<i64> = pairs.map(|(r, k)| costs[r * stock.len() + k]).collect();
        let (here, there) = (Matrix::new(&costs, stock.len()), Matrix::new(&c, stock.len()));
        let one = solve(&Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs: &here }).unwrap();
        let other = solve(&Problem { quantity: &q, penalty: &p, stock: &s, costs: &there }).unwrap();
        prop_assert_eq!(one.objective, other.objective);
    }
}

#[test]
fn survives_the_largest_numbers_it_accepts() {
    let most = (1i64 << 58) / 4;
    let costs = [most, -most, most - 1, -most, most, i64::MAX, most, most, 1];
    let matrix = Matrix::new(&costs, 3);
    let (quantity, stock, penalty) = ([1 << 58, 1 << 58, 3], [1 << 58, 1 << 57, 1 << 57], [most, -most, most]);
    let problem = Problem { quantity: &quantity, penalty: &penalty, stock: &stock, costs: &matrix };
    assert_eq!(verify(&problem, &solve(&problem).unwrap()), Ok(()));
    let narrow = [i32::MIN, i32::MAX - 1, i32::MAX, 1 << 30, -(1 << 30), 0];
    let matrix = Matrix::new(&narrow, 2);
    let problem = Problem { quantity: &quantity, penalty: &penalty, stock: &stock[..2], costs: &matrix };
    assert_eq!(verify(&problem, &solve(&problem).unwrap()), Ok(()));
}

#[test]
fn refuses_what_it_cannot_handle() {
    let costs = [1i64, 2];
    let matrix = Matrix::new(&costs, 2);
    let good = Problem { quantity: &[1], penalty: &[5], stock: &[1, 1], costs: &matrix };
    assert!(solve(&good).is_ok());
    let refused = |problem: Problem<'_, Matrix<'_, i64>>| solve(&problem).unwrap_err();
    let shape = |what, found, expected| InputError::Shape { what, found, expected };
    assert_eq!(refused(Problem { penalty: &[], ..good }), shape("penalty", 0, 1));
    assert_eq!(refused(Problem { stock: &[1], ..good }), shape("cost row", 2, 1));
    let two = Problem { quantity: &[1, 1], penalty: &[5, 5], ..good };
    assert_eq!(refused(two), shape("cost row", 0, 2));
    assert_eq!(refused(Problem { quantity: &[-1], ..good }), InputError::Negative { what: "quantity", index: 0 });
    assert_eq!(refused(Problem { stock: &[0, -1], ..good }), InputError::Negative { what: "stock", index: 1 });
    assert_eq!(refused(Problem { quantity: &[i64::MAX], ..good }), InputError::QuantityOverflow);
    let dear = i64::MAX - 1;
    assert_eq!(refused(Problem { penalty: &[dear], ..good }), InputError::CostOverflow { cost: dear });
    let extreme = [1, i64::MIN];
    let matrix = Matrix::new(&extreme, 2);
    assert_eq!(refused(Problem { costs: &matrix, ..good }), InputError::CostOverflow { cost: i64::MIN });
    let nothing = Problem { quantity: &[], penalty: &[], stock: &[], costs: &matrix };
    assert_eq!(solve(&nothing).unwrap().objective, 0);
}
