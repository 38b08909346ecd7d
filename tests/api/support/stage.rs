//! A market with people, places, goods and a round that collects: where most stories begin.

use super::{Client, SYSTEM, TestApp, market};
use diesel::prelude::*;
use pasok::catalog::service::NewCommodity;
use pasok::catalog::{Category, ReferenceKind, ReferencePrice, Storage, Unit};
use pasok::db::schema::{round_commodities, rounds};
use pasok::parties::{Capability, Class, Organisation, Role};
use pasok::places::service::NewPlace;
use pasok::values::{BaseUnit, Coordinates, RiceZone, Timestamp, UnitPrice};
use pasok::{catalog, markets, places};

/// The regulation behind the only binding ceiling of the stage.
pub const REGULATION: &str = "Keputusan Kepala Bapanas 299/2025";

/// An organisation of the stage: who signs in for it, and where it is.
pub struct Player {
    /// The organisation.
    pub organisation: Organisation,
    /// Its `ketua`.
    pub client: Client,
    /// Its only place.
    pub place_id: String,
}

/// Everything that stands ready when a story begins, on Monday 2026-01-05. Rice may cost at most 14,000.
pub struct Stage {
    /// Runs the market.
    pub operator: Player,
    /// A member that buys.
    pub buyer: Player,
    /// A member that cooks.
    pub kitchen: Player,
    /// A member that sells.
    pub seller: Player,
    /// The market; it delivers Monday to Saturday.
    pub market_id: i64,
    /// A round for all commodities, Monday 12 to Sunday 18 January; it closes on Friday 9 at 08:00 UTC.
    pub round_id: i64,
}

impl Stage {
    /// Sets the stage.
    pub fn set(test: &TestApp) -> Self {
        let operator = player(test, "DINAS", Class::Pemerintah, &[Capability::Operator], Role::Operator);
        let buyer = player(test, "KKMP-1", Class::Kdmp, &[Capability::Buyer], Role::Ketua);
        let kitchen = player(test, "SPPG-1", Class::Yayasan, &[Capability::Kitchen], Role::Ketua);
        let seller = player(test, "TANI-1", Class::Mikro, &[Capability::Seller], Role::Seller);
        let market_id = market(test, operator.organisation.id).id;
        let members = [&buyer, &kitchen, &seller].map(|player| player.organisation.id);
        test.app
            .write(SYSTEM, |work| {
                markets::service::join_many(work, market_id, &members)?;
                catalog::service::add_many(work, &goods())
            })
            .expect("members and goods");
        let mut stage = Self { operator, buyer, kitchen, seller, market_id, round_id: 0 };
        stage.round_id = stage.round(test, "collecting", &[]);
        stage
    }

    /// Another round of the market, in some status, for some commodities (none: for all).
    pub fn round(&self, test: &TestApp, status: &str, commodities: &[&str]) -> i64 {
        let closes_at = Timestamp::parse("2026-01-09T08:00:00Z").expect("an instant");
        let made = test.app.write(SYSTEM, |work| {
            let id = work.new_id();
            let member = pasok::parties::service::add_member_once(
                work,
                self.operator.organisation.id,
                "Pembuka putaran",
                Role::Operator,
            )?;
            let values = (
                rounds::id.eq(id),
                rounds::market_id.eq(self.market_id),
                rounds::number.eq(format!("R-{id}")),
                rounds::serial.eq(id),
                rounds::name.eq(format!("Pekan {id}")),
                rounds::status.eq(status),
                rounds::delivery_from.eq("2026-01-12"),
                rounds::delivery_to.eq("2026-01-18"),
                rounds::closes_at.eq(closes_at.as_micros()),
                rounds::created_by.eq(member.id),
                rounds::created_at.eq(work.now.as_micros()),
            );
            diesel::insert_into(rounds::table).values(values).execute(work.connection)?;
            for code in commodities {
                let commodity = catalog::service::find_by_code(work.connection, code)?.expect("a commodity");
                let values = (
                    round_commodities::market_id.eq(self.market_id),
                    round_commodities::round_id.eq(id),
                    round_commodities::commodity_id.eq(commodity.id),
                );
                diesel::insert_into(round_commodities::table).values(values).execute(work.connection)?;
            }
            Ok(id)
        });
        made.expect("a round")
    }
}

/// An active organisation with one person and one place, in no market yet.
pub fn player(test: &TestApp, code: &str, class: Class, capabilities: &[Capability], role: Role) -> Player {
    let organisation = test.organisation(code, class, capabilities);
    let client = test.member(&organisation, "Orang utama", role);
    let new = NewPlace {
        organisation_id: organisation.id,
        region_code: None,
        name: "Gudang".to_owned(),
        coordinates: Coordinates::parse("-10.17", "123.6").expect("coordinates"),
    };
    let place = test.app.write(SYSTEM, |work| places::service::create(work, new.clone()));
    Player { place_id: place.expect("a place").id.to_string(), organisation, client }
}

/// Rice with a ceiling, eggs without one, milk by the piece.
pub fn goods() -> Vec<NewCommodity> {
    let het = ReferencePrice {
        zone: RiceZone::new(2).expect("a zone"),
        kind: ReferenceKind::Het,
        price: price("14000"),
        regulation: REGULATION.to_owned(),
    };
    let rice = [("kg", 1_000), ("karung25", 25_000), ("karung50", 50_000)];
    let eggs = [("kg", 1_000), ("tray30", 1_875)];
    let milk = [("buah", 1), ("dus_uht40", 40)];
    vec![
        commodity("beras_medium", BaseUnit::Gram, ["11800", "13500", "15500"], &rice, vec![het]),
        commodity("telur_ayam", BaseUnit::Gram, ["24000", "29000", "34000"], &eggs, vec![]),
        commodity("susu_uht_125", BaseUnit::Piece, ["2800", "3300", "4500"], &milk, vec![]),
    ]
}

fn commodity(
    code: &str,
    base_unit: BaseUnit,
    prices: [&str; 3],
    units: &[(&str, i64)],
    reference_prices: Vec<ReferencePrice>,
) -> NewCommodity {
    let [floor, typical, ceiling] = prices.map(price);
    let unit = |(code, base_units): &(&str, i64)| Unit {
        code: (*code).to_owned(),
        name_id: (*code).to_owned(),
        name_en: (*code).to_owned(),
        unece_code: String::new(),
        base_units: *base_units,
    };
    NewCommodity {
        code: code.to_owned(),
        name_id: code.to_owned(),
        name_en: code.to_owned(),
        category: Category::Other,
        base_unit,
        grams_per_thousand: 1_000,
        storage: Storage::Ambient,
        price_floor: floor,
        price_typical: typical,
        price_ceiling: ceiling,
        units: units.iter().map(unit).collect(),
        reference_prices,
    }
}

fn price(text: &str) -> UnitPrice {
    UnitPrice::parse(text).expect("a price")
}
