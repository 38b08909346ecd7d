//! Two markets with everything in them, and a person in every role: what the matrix is asked about.

use crate::support::{Client, SYSTEM, TestApp, goods, market_named};
use diesel::RunQueryDsl;
use pasok::on_backend;
use pasok::parties::{Capability, Class, Organisation, Role};
use pasok::places::service::NewPlace;
use pasok::values::{Coordinates, Timestamp};
use pasok::{catalog, markets, places};
use std::cell::Cell;

/// Whose record a request is about, as seen by whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// One's own organisation's, or of a market it runs or observes.
    Own,
    /// Of a cooperative that granted an assistant to act for it.
    Granted,
    /// Of another organisation in the same market.
    Neighbour,
    /// Of another organisation in another market.
    Foreign,
}

/// An organisation of the world with one of each of its records.
pub struct Party {
    pub organisation: Organisation,
    pub place: i64,
    pub member: i64,
    pub token: i64,
    pub demand: i64,
    pub offer: i64,
    pub order: i64,
}

/// A market with its operator and the rounds that the fixtures are in.
pub struct Market {
    pub id: i64,
    pub operator: Organisation,
    pub round: i64,
    /// A published round with a snapshot, a plan, awards and shortages.
    pub published: i64,
}

/// Who asks.
pub struct Person {
    pub role: Role,
    pub client: Client,
    pub member: i64,
    pub organisation: i64,
    /// Looks after a market instead of trading in it.
    pub is_official: bool,
}

pub struct World {
    pub here: Market,
    pub there: Market,
    /// `Whose::Own`, `Granted`, `Neighbour`, `Foreign`, in this order.
    pub parties: [Party; 4],
    pub people: Vec<Person>,
    pub commodity: i64,
    next: Cell<i64>,
}

impl World {
    pub fn set(test: &TestApp) -> Self {
        let made = test.app.write(SYSTEM, |work| catalog::service::add_many(work, &goods()));
        made.expect("goods");
        sql(test, "INSERT INTO regions (code, name, kind) VALUES ('53', 'Nusa Tenggara Timur', 'province')");
        let rice = test.app.read(SYSTEM, |connection, _| catalog::service::find_by_code(connection, "beras_medium"));
        let commodity = rice.expect("a read").expect("rice").id;
        let next = Cell::new(1_000);
        let (here, there) = (Market::set(test, "sini"), Market::set(test, "sana"));
        let party = |code: &str, market: &Market| Party::set(test, code, market, commodity, &next);
        let parties = [party("A1", &here), party("A2", &here), party("A3", &here), party("B1", &there)];
        let observers = test.organisation("PENGAMAT", Class::Pemerintah, &[Capability::Observer]);
        let assistants = test.organisation("PENDAMPING", Class::Pemerintah, &[Capability::Assistant]);
        let joined = test.app.write(SYSTEM, |work| markets::service::join(work, here.id, observers.id));
        joined.expect("an observer of the market");
        test.app
            .write(SYSTEM, |work| {
                let _: () = work.checkpoint("daily");
                Ok(())
            })
            .expect("a checkpoint");
        let homes = [&parties[0].organisation, &here.operator, &observers, &assistants];
        let people = Role::ALL.iter().map(|role| Person::set(test, *role, homes, &parties[1])).collect();
        Self { here, there, parties, people, commodity, next }
    }

    /// A number that was not used before.
    pub fn fresh(&self) -> i64 {
        self.next.set(self.next.get() + 1);
        self.next.get()
    }

    pub fn party(&self, whose: Whose) -> &Party {
        let [own, granted, neighbour, foreign] = &self.parties;
        match whose {
            Whose::Own => own,
            Whose::Granted => granted,
            Whose::Neighbour => neighbour,
            Whose::Foreign => foreign,
        }
    }

    pub fn market(&self, whose: Whose) -> &Market {
        if whose == Whose::Foreign { &self.there } else { &self.here }
    }

    /// What must not stand in anything this person reads.
    pub fn secrets(&self, person: &Person) -> Vec<i64> {
        let hidden: Vec<&Party> = match (person.is_official, person.role) {
            (true, _) => vec![&self.parties[3]],
            // Asks for the cooperative that granted.
            (false, Role::Assistant) => vec![&self.parties[0], &self.parties[2], &self.parties[3]],
            (false, _) => vec![&self.parties[1], &self.parties[2], &self.parties[3]],
        };
        let ids = hidden.iter().flat_map(|p| [p.place, p.member, p.token, p.demand, p.offer, p.order]);
        ids.collect()
    }
}

/// Runs SQL on either back end, as the system.
pub fn sql(test: &TestApp, text: &str) {
    let done = test.app.write(SYSTEM, |work| {
        let changed: usize = on_backend!(work.connection, inner => diesel::sql_query(text).execute(inner)?);
        Ok(changed)
    });
    done.unwrap_or_else(|error| panic!("{error:?}: {text}"));
}

impl Market {
    fn set(test: &TestApp, code: &str) -> Self {
        let operator = test.organisation(
            &format!("DINAS-{code}"),
            Class::Pemerintah,
            &[Capability::Operator, Capability::Observer],
        );
        let id = market_named(test, operator.id, code).id;
        let mut market = Self { id, operator, round: 0, published: 0 };
        let next = Cell::new(id);
        market.round = market.new_round(test, "collecting", &next);
        market.published = market.new_round(test, "published", &next);
        market
    }

    /// A round in some status, with a snapshot and a plan that nobody computed.
    pub fn new_round(&self, test: &TestApp, status: &str, next: &Cell<i64>) -> i64 {
        next.set(next.get() + 1);
        let proposer = test.actor(self.operator.id, "Pengusul", Role::Operator).member_id;
        let id = test.app.ids.next(test.app.clock.as_ref());
        let closes_at = Timestamp::parse("2026-01-09T08:00:00Z").expect("an instant").as_micros();
        sql(
            test,
            &format!(
                "INSERT INTO rounds (id, market_id, number, serial, name, status, delivery_from, delivery_to, closes_at, \
                 snapshot_sha256, proposed_by, created_by, created_at) VALUES ({id}, {market}, 'R-{id}', {serial}, 'Uji {id}', \
                 '{status}', '2026-01-12', '2026-01-18', {closes_at}, 'aa', {proposer}, {proposer}, 1)",
                market = self.id,
                serial = next.get(),
            ),
        );
        if status != "collecting" {
            let market = self.id;
            sql(
                test,
                &format!(
                    "INSERT INTO round_snapshots (round_id, market_id, sha256, problem, days, created_at) VALUES ({id}, {market}, 'aa', '{{}}', '2026-01-12', 1)"
                ),
            );
            sql(
                test,
                &format!(
                    "INSERT INTO solve_runs (id, round_id, market_id, attempt, status, started_by, snapshot_sha256, started_at, plan_sha256, plan) \
                VALUES ({id}, {id}, {market}, 1, 'succeeded', {proposer}, 'aa', 1, 'bb', '{{}}')"
                ),
            );
        }
        id
    }
}

impl Party {
    fn set(test: &TestApp, code: &str, market: &Market, commodity: i64, next: &Cell<i64>) -> Self {
        let organisation = test.organisation(code, Class::Kdmp, &[Capability::Buyer, Capability::Seller]);
        let joined = test.app.write(SYSTEM, |work| markets::service::join(work, market.id, organisation.id));
        joined.expect("a member of the market");
        let place = new_place(test, organisation.id, "Gudang");
        let member = test.actor(organisation.id, "Orang lama", Role::Ketua).member_id;
        let mut party = Self { organisation, place, member, token: 0, demand: 0, offer: 0, order: 0 };
        party.token = new_token(test, member);
        party.demand = party.new_demand(test, market, commodity);
        party.offer = party.new_offer(test, market, commodity);
        party.order = party.new_order(test, market, next);
        let (id, market_id, round) = (test.app.ids.next(test.app.clock.as_ref()), market.id, market.published);
        let (me, demand, offer) = (party.organisation.id, party.demand, party.offer);
        sql(
            test,
            &format!(
                "INSERT INTO awards (id, market_id, round_id, demand_id, offer_id, buyer_id, seller_id, place_id, commodity_id, day, \
            quantity, price_e4, freight_ticks, distance_m, goods_idr, freight_idr) VALUES ({id}, {market_id}, {round}, {demand}, {offer}, \
            {me}, {me}, {place}, {commodity}, '2026-01-12', 1000, 10000, 0, 0, 1, 0)"
            ),
        );
        sql(
            test,
            &format!(
                "INSERT INTO shortages (id, market_id, round_id, demand_id, buyer_id, commodity_id, reason, quantity) VALUES \
            ({id}, {market_id}, {round}, {demand}, {me}, {commodity}, 'NO_OFFER_FOR_ITEM', 1000)"
            ),
        );
        party
    }

    pub fn new_demand(&self, test: &TestApp, market: &Market, commodity: i64) -> i64 {
        let id = test.app.ids.next(test.app.clock.as_ref());
        let (me, member, market_id, round) = (self.organisation.id, self.member, market.id, market.round);
        // A place of its own, because two demands for the same goods, days and place are one need.
        let place = new_place(test, me, &format!("Dapur {id}"));
        sql(
            test,
            &format!(
                "INSERT INTO demands (id, market_id, round_id, buyer_id, place_id, commodity_id, quantity, accept_up_to, entered_unit, \
            day_from, day_to, priority, status, created_by, created_at) VALUES ({id}, {market_id}, {round}, {me}, {place}, {commodity}, 25000, \
            25000, 'kg', '2026-01-12', '2026-01-17', 1, 'open', {member}, 1)"
            ),
        );
        id
    }

    pub fn new_offer(&self, test: &TestApp, market: &Market, commodity: i64) -> i64 {
        let id = test.app.ids.next(test.app.clock.as_ref());
        let (me, member, market_id, place) = (self.organisation.id, self.member, market.id, self.place);
        sql(
            test,
            &format!(
                "INSERT INTO offers (id, market_id, seller_id, place_id, commodity_id, lot, price_e4, stock, pack, entered_unit, day_from, \
            day_to, freight_terms, status, created_by, created_at) VALUES ({id}, {market_id}, {me}, {place}, {commodity}, 'L{id}', 130000000, \
            1000000, 1000, 'kg', '2026-01-12', '2026-01-17', 'market', 'open', {member}, 1)"
            ),
        );
        id
    }

    /// An order that this party sells: two packs of one kilogram.
    pub fn new_order(&self, test: &TestApp, market: &Market, next: &Cell<i64>) -> i64 {
        let id = test.app.ids.next(test.app.clock.as_ref());
        let (me, market_id) = (self.organisation.id, market.id);
        let round = market.new_round(test, "published", next);
        sql(
            test,
            &format!(
                "INSERT INTO orders (id, market_id, round_id, buyer_id, seller_id, number, year, serial, status, goods_idr, freight_idr, \
            total_idr, issued_at) VALUES ({id}, {market_id}, {round}, {buyer}, {me}, 'PO-{id}', 2026, {id}, 'issued', 2, 0, 2, 1)",
                buyer = market.operator.id
            ),
        );
        let (demand, offer, place) = (self.demand, self.offer, self.place);
        for line in [
            format!(
                "INSERT INTO awards (id, market_id, round_id, demand_id, offer_id, buyer_id, seller_id, place_id, commodity_id, day, \
                quantity, price_e4, freight_ticks, distance_m, goods_idr, freight_idr) SELECT {id}, {market_id}, {round}, {demand}, \
                {offer}, {buyer}, {me}, {place}, commodity_id, '2026-01-12', 2000, 10000, 0, 0, 2, 0 FROM offers WHERE id = {offer}",
                buyer = market.operator.id
            ),
            format!(
                "INSERT INTO order_lines (id, market_id, order_id, line_number, award_id, commodity_id, place_id, day, quantity, \
                price_e4, goods_idr, freight_idr) SELECT {id}, {market_id}, {id}, 1, {id}, commodity_id, {place}, '2026-01-12', 2000, \
                10000, 2, 0 FROM offers WHERE id = {offer}"
            ),
            format!("UPDATE offers SET reserved = reserved + 2000 WHERE id = {offer}"),
        ] {
            sql(test, &line);
        }
        id
    }
}

pub fn new_token(test: &TestApp, member: i64) -> i64 {
    let id = test.app.ids.next(test.app.clock.as_ref());
    sql(
        test,
        &format!(
            "INSERT INTO access_tokens (id, member_id, token_hash, label, created_at, expires_at) VALUES \
        ({id}, {member}, 'hash-{id}', 'uji {id}', 1, 9000000000000000)"
        ),
    );
    id
}

pub fn new_place(test: &TestApp, organisation_id: i64, name: &str) -> i64 {
    let new = NewPlace {
        organisation_id,
        region_code: None,
        name: name.to_owned(),
        coordinates: Coordinates::parse("-10.17", "123.6").expect("coordinates"),
    };
    test.app.write(SYSTEM, |work| places::service::create_once(work, new.clone())).expect("a place").id
}

impl Person {
    fn set(
        test: &TestApp,
        role: Role,
        [own, office, observers, assistants]: [&Organisation; 4],
        granted: &Party,
    ) -> Self {
        let (home, is_official) = match role {
            Role::Operator | Role::Approver | Role::OpeningOfficer | Role::Admin => (office, true),
            Role::Observer => (observers, true),
            Role::Assistant => (assistants, false),
            Role::Usaha | Role::Ketua | Role::Bendahara | Role::Gudang | Role::Pengawas | Role::Seller => (own, false),
        };
        let member = test.actor(home.id, &format!("Orang {role}"), role).member_id;
        let mut client = test.signed_in(member, true);
        let mut organisation = home.id;
        if role == Role::Assistant {
            let id = test.app.ids.next(test.app.clock.as_ref());
            organisation = granted.organisation.id;
            sql(
                test,
                &format!(
                    "INSERT INTO grants (id, organisation_id, assistant_id, scope, granted_by, granted_at, expires_at) VALUES \
                ({id}, {organisation}, {member}, 'enter', {}, 1, 9000000000000000)",
                    granted.member
                ),
            );
            client = client.acting_for(organisation);
        }
        Self { role, client, member, organisation, is_official }
    }
}
