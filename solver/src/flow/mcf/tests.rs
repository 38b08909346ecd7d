use super::*;
use proptest::prelude::*;

fn network(supplies: &[i64], arcs: &[(usize, usize, i64, Option<i64>, i64)]) -> Network {
    let arcs = arcs.iter().map(|&(from, to, lower, upper, cost)| Arc { from, to, lower, upper, cost }).collect();
    Network { supplies: supplies.to_vec(), arcs }
}

/// Checks bounds, balance and complementary slackness.
fn assert_optimal(network: &Network, solution: &Solution) {
    let mut balance = network.supplies.clone();
    for (arc, &x) in network.arcs.iter().zip(&solution.flow) {
        assert!(x >= arc.lower && arc.upper.is_none_or(|upper| x <= upper));
        balance[arc.from] -= x;
        balance[arc.to] += x;
        let reduced = arc.cost + solution.potential[arc.from] - solution.potential[arc.to];
        assert!(reduced >= 0 || arc.upper == Some(x), "{arc:?} carries {x}, reduced cost {reduced}");
        assert!(reduced <= 0 || x == arc.lower, "{arc:?} carries {x}, reduced cost {reduced}");
    }
    assert!(balance.iter().all(|&b| b == 0));
}

#[test]
fn tells_infeasible_from_unbounded() {
    let circle = [(0, 1, 0, None, -1), (1, 0, 0, None, 0)];
    assert_eq!(solve(&network(&[0, 0], &circle)), Ok(Outcome::Unbounded));
    assert_eq!(solve(&network(&[0, 0, 1, -1], &circle)), Ok(Outcome::Infeasible));
    assert_eq!(solve(&network(&[0], &[(0, 0, 0, None, -1)])), Ok(Outcome::Unbounded));
    assert_eq!(solve(&network(&[1], &[])), Ok(Outcome::Infeasible));
    assert_eq!(solve(&network(&[1, -1], &[(0, 1, 0, Some(0), 1)])), Ok(Outcome::Infeasible));
    assert_eq!(solve(&network(&[0, 0], &[(0, 1, 1, Some(3), 1)])), Ok(Outcome::Infeasible));
    assert_eq!(solve(&network(&[1, -1], &[(0, 1, 3, Some(2), 1)])), Ok(Outcome::Infeasible));
}

#[test]
fn handles_loops_parallels_and_nothing() {
    let Ok(Outcome::Optimal(none)) = solve(&network(&[], &[])) else { panic!("an empty network is solved") };
    assert_eq!(none.objective, 0);
    let arcs = [(0, 0, 1, Some(5), -2), (0, 1, 0, Some(2), 3), (0, 1, 0, Some(9), 4), (1, 1, 2, None, 1)];
    let net = network(&[5, -5], &arcs);
    let Ok(Outcome::Optimal(solution)) = solve(&net) else { panic!("it is feasible") };
    assert_eq!((solution.objective, &solution.flow[..]), (-10 + 6 + 12 + 2, &[5, 2, 3, 2][..]));
    assert_optimal(&net, &solution);
}

#[test]
fn refuses_what_could_overflow() {
    let arc = |upper, cost| network(&[0, 0], &[(0, 1, 0, upper, cost)]);
    assert_eq!(solve(&arc(Some(i64::MAX), 0)), Err(InputError::QuantityOverflow));
    assert_eq!(solve(&arc(None, i64::MIN)), Err(InputError::CostOverflow { cost: 1 << 63 }));
    assert_eq!(solve(&network(&[i64::MIN, i64::MAX], &[])), Err(InputError::QuantityOverflow));
    let dangling = network(&[0], &[(0, 1, 0, None, 0)]);
    assert_eq!(solve(&dangling), Err(InputError::NoSuchNode { arc: 0, node: 1, nodes: 1 }));
}

/// Cheapest cost over all flows, by trying them all.
fn brute_force(network: &Network, at: usize, balance: &mut [i64]) -> Option<i128> {
    let Some(arc) = network.arcs.get(at) else {
        return balance.iter().all(|&b| b == 0).then_some(0);
    };
    let mut best = None;
    for x in arc.lower..=arc.upper.unwrap() {
        balance[arc.from] -= x;
        balance[arc.to] += x;
        let rest = brute_force(network, at + 1, balance);
        balance[arc.from] += x;
        balance[arc.to] -= x;
        let total = rest.map(|rest| rest + i128::from(arc.cost) * i128::from(x));
        best = [best, total].into_iter().flatten().min();
    }
    best
}

fn tiny() -> impl Strategy<Value = Network> {
    let arc = (0usize..4, 0usize..4, -1i64..2, 0i64..4, -5i64..9);
    (prop::collection::vec(arc, 0..7), prop::collection::vec((0usize..4, 0usize..4, 0i64..4), 0..3)).prop_map(
        |(arcs, moves)| {
            let mut supplies = vec![0; 4];
            for (from, to, quantity) in moves {
                supplies[from] += quantity;
                supplies[to] -= quantity;
            }
            let arcs: Vec<_> =
                arcs.into_iter().map(|(f, t, low, more, cost)| (f, t, low, Some(low + more), cost)).collect();
            network(&supplies, &arcs)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn equals_brute_force(net in tiny()) {
        match (brute_force(&net, 0, &mut net.supplies.clone()), solve(&net).unwrap()) {
            (Some(best), Outcome::Optimal(solution)) => {
                prop_assert_eq!(best, solution.objective);
                assert_optimal(&net, &solution);
            }
            (None, Outcome::Infeasible) => {}
            (best, outcome) => prop_assert!(false, "{best:?} {outcome:?}"),
        }
    }
}
