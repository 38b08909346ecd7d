//! What makes a draft a demand of its round. Pure: facts in, a demand or notes of everything wrong out.

use super::entry::{Draft, LARGEST_LINE, check_accept};
use super::errors::DemandError;
use super::facts::{BUYING, Setting};
use super::state::DemandStatus;
use super::types::{Demand, FIRST_PRIORITY, LAST_PRIORITY, USUAL_PRIORITY};
use crate::catalog::CatalogError;
use crate::error::{Checks, CommonError};
use crate::markets::Traders;
use crate::parties::{Capability, Organisation};
use crate::values::{DayRange, UnitPrice};

/// The demand that a draft becomes, with `id` and `created_by`; `None` where anything was noted about a part it needs.
pub(super) fn check(
    draft: Draft,
    setting: &Setting,
    buyers: &Traders,
    created_by: i64,
    checks: &mut Checks,
) -> Option<Demand> {
    let buyer = buyers.standing(draft.buyer_id, &BUYING);
    let buyer = checks.ok("/buyer", buyer);
    if !buyers.owns(draft.buyer_id, draft.place_id) {
        checks.add("/place", DemandError::PlaceNotYours);
    }
    let commodity_id = draft.commodity_id.filter(|id| check_commodity(*id, setting, checks));
    if let Some(days) = draft.days {
        check_days(days, setting, checks);
    }
    let accept_up_to = draft.accept_up_to.or(draft.quantity);
    if let Some((quantity, accept_up_to)) = draft.quantity.zip(accept_up_to) {
        check_accept(quantity, accept_up_to, checks);
        if quantity.get() > LARGEST_LINE {
            checks.add("/quantity", CommonError::TooLarge);
        }
    }
    let priority = check_priority(draft.priority, buyer, checks);
    let price_ceiling = check_ceiling(draft.price_ceiling, commodity_id, setting, checks);
    let commodity = setting.catalogue.find(commodity_id?)?;
    let pricing_unit = || commodity.base_unit.pricing_name().to_owned();
    Some(Demand {
        id: 0,
        market_id: setting.market.id,
        round_id: setting.round.id,
        buyer_id: draft.buyer_id,
        place_id: draft.place_id,
        commodity_id: commodity.id,
        quantity: draft.quantity?,
        accept_up_to: accept_up_to?,
        entered_unit: draft.entered_unit.unwrap_or_else(pricing_unit),
        days: draft.days?,
        requirements: draft.requirements,
        priority,
        price_ceiling,
        status: DemandStatus::Open,
        created_by,
        version: 1,
    })
}

fn check_commodity(id: i64, setting: &Setting, checks: &mut Checks) -> bool {
    if setting.catalogue.find(id).is_none() {
        checks.add("/commodity", CatalogError::CommodityUnknown);
        return false;
    }
    if setting.round.commodities.as_ref().is_some_and(|covered| !covered.contains(&id)) {
        checks.add("/commodity", DemandError::CommodityNotInRound);
    }
    true
}

fn check_days(days: DayRange, setting: &Setting, checks: &mut Checks) {
    let round = setting.round.days;
    if !round.contains(days) {
        let hint = format!("{}..{}", round.first(), round.last());
        checks.add_with("/day_from", DemandError::WindowOutsideRound, hint);
    } else if !days.has_weekday(|day| setting.market.delivery_weekdays.contains(day)) {
        let hint = setting.market.delivery_weekdays.to_string();
        checks.add_with("/day_from", DemandError::NoDeliveryDay, hint);
    }
}

fn check_priority(priority: Option<i32>, buyer: Option<&Organisation>, checks: &mut Checks) -> i32 {
    let priority = priority.unwrap_or(USUAL_PRIORITY);
    if !(FIRST_PRIORITY..=LAST_PRIORITY).contains(&priority) {
        checks.add("/priority", DemandError::PriorityOutOfRange);
    } else if priority == FIRST_PRIORITY
        && buyer.is_some_and(|buyer| !buyer.capabilities.contains(&Capability::Kitchen))
    {
        checks.add("/priority", DemandError::PriorityReserved);
    }
    priority
}

/// The buyer's own ceiling, which must not exceed the law's; the law's where the buyer named none.
fn check_ceiling(
    own: Option<UnitPrice>,
    commodity_id: Option<i64>,
    setting: &Setting,
    checks: &mut Checks,
) -> Option<UnitPrice> {
    let binding = commodity_id.and_then(|id| setting.catalogue.binding_ceiling(id));
    if let Some((own, binding)) = own.zip(binding)
        && own > binding.price
    {
        let hint = format!("{} ({})", binding.price, binding.regulation);
        checks.add_with("/price_ceiling", DemandError::CeilingAboveBinding, hint);
    }
    own.or(binding.map(|binding| binding.price))
}
