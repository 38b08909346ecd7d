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
    }
}
