//! Rows of `buyer_budgets`.

use crate::db::DbConnection;
use crate::db::schema::buyer_budgets;
use crate::demands::budget::Budget;
use crate::error::AppError;
use crate::scope::Scope;
use crate::values::{Rupiah, Timestamp};
use crate::{on_backend, within};
use diesel::prelude::*;

/// Budgets that can be seen: one's own, and those of markets one runs.
macro_rules! visible {
    ($scope:expr) => {
        within!($scope, own: [buyer_budgets::buyer_id], markets: [buyer_budgets::market_id => $scope.operates()])
    };
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = buyer_budgets)]
struct Row {
    id: i64,
    market_id: i64,
    round_id: i64,
    buyer_id: i64,
    amount_idr: i64,
    version: i64,
}

impl Row {
    fn into_domain(self) -> Result<Budget, AppError> {
        let Self { id, market_id, round_id, buyer_id, amount_idr, version } = self;
        let amount = Rupiah::new(amount_idr).map_err(AppError::unknown_stored)?;
        Ok(Budget { id, market_id, round_id, buyer_id, amount, version })
    }
}

pub fn find(
    connection: &mut DbConnection,
    scope: &Scope,
    (round_id, buyer_id): (i64, i64),
) -> Result<Option<Budget>, AppError> {
    let row: Option<Row> = buyer_budgets::table
        .filter(buyer_budgets::round_id.eq(round_id))
        .filter(buyer_budgets::buyer_id.eq(buyer_id))
        .filter(visible!(scope))
        .select(Row::as_select())
        .first(connection)
        .optional()?;
    row.map(Row::into_domain).transpose()
}

/// Budgets of a round that can be seen and are not taken back, by buyer.
pub fn list_of_round(connection: &mut DbConnection, scope: &Scope, round_id: i64) -> Result<Vec<Budget>, AppError> {
    let rows: Vec<Row> = buyer_budgets::table
        .filter(buyer_budgets::round_id.eq(round_id))
        .filter(buyer_budgets::amount_idr.gt(0))
        .filter(visible!(scope))
        .order(buyer_budgets::buyer_id)
        .select(Row::as_select())
        .load(connection)?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// Writes a buyer's first budget in a round; false if there is one.
pub fn insert(connection: &mut DbConnection, budget: &Budget, member_id: i64, now: Timestamp) -> QueryResult<bool> {
    use buyer_budgets as b;
    let row = (
        b::id.eq(budget.id),
        b::market_id.eq(budget.market_id),
        b::round_id.eq(budget.round_id),
        b::buyer_id.eq(budget.buyer_id),
        b::amount_idr.eq(budget.amount.get()),
        b::set_by.eq(member_id),
        b::set_at.eq(now.as_micros()),
    );
    let added: usize = on_backend!(connection, inner => {
        diesel::insert_into(b::table).values(row).on_conflict((b::round_id, b::buyer_id)).do_nothing().execute(inner)?
    });
    Ok(added == 1)
}

/// Writes a budget over its version before; false if that is not there any more.
pub fn update(
    connection: &mut DbConnection,
    scope: &Scope,
    budget: &Budget,
    member_id: i64,
    now: Timestamp,
) -> QueryResult<bool> {
    use buyer_budgets as b;
    let row = b::table.filter(b::id.eq(budget.id)).filter(visible!(scope)).filter(b::version.eq(budget.version - 1));
    diesel::update(row)
        .set((
            b::amount_idr.eq(budget.amount.get()),
            b::set_by.eq(member_id),
            b::set_at.eq(now.as_micros()),
            b::version.eq(budget.version),
        ))
        .execute(connection)
        .map(|changed| changed == 1)
}
