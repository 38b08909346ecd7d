//! From the pooled need to a proposed plan, step by step.

use super::super::load::Loaded;
use super::super::scenario::Scenario;
use super::people::{self, Bidder};
use super::summary::{BidFigures, ScenarioRow};
use super::write;
use crate::app::App;
use crate::audit::Work;
use crate::error::{AppError, CommonError};
use crate::orders;
use crate::parties::Actor;
use crate::rounds::{self, Round};
use crate::scope::Scope;
use crate::seed::SeedFacts;
use crate::tenders::bids::{SealedBid, SealedWhere};
use crate::tenders::calls::{Call, CallEntry, Lot};
use crate::tenders::scenarios::{self, NewScenario, Rules, rules::ClassRule};
use crate::tenders::seal::envelope::Envelope;
use crate::tenders::seal::file::SealedFile;
use crate::tenders::seal::share::Share;
use crate::tenders::seal::types::Purpose;
use crate::tenders::seal::{self, placing};
use crate::tenders::state::BidStatus;
use crate::tenders::{aggregate, bids, calls};
use crate::values::draw::Draw;
use crate::values::time::FixedClock;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::{BTreeMap, BTreeSet};
use zeroize::Zeroizing;

/// Seconds from the call to its close.
const OPEN_S: i64 = 1_800;
/// Hours in which bidders may complain after the result.
const COMPLAINT_HOURS: i64 = 24;
const SYSTEM: Scope = Scope::system("demonstration");

/// A call that is out, with its committee and what came in.
pub struct Called {
    call: Call,
    lots: Vec<Lot>,
    officers: Vec<(Actor, Share)>,
    bidders: usize,
}

/// Pools the need, puts it out, and lets wholesalers bid; `clock` is moved past the close.
pub fn invite(
    app: &App,
    clock: &FixedClock,
    (loaded, scenario): (&Loaded, &Scenario),
    news: &mut dyn FnMut(&str),
) -> Result<Called, AppError> {
    let facts = SeedFacts::read().map_err(AppError::internal)?;
    let (all, officers) = app.write(SYSTEM, |work| {
        Ok((people::bidders(work, loaded, scenario, &facts)?, people::officers(work, loaded)?))
    })?;
    let (call, lots, ids) = put_out(app, loaded, scenario)?;
    news(&format!("{} lots from the pooled need, put out to bid", lots.len()));
    let officers = seat(app, &call, officers)?;
    let version = call.version;
    let call = app.write(&loaded.operator, |work| calls::service::publish(work, &loaded.operator, call.id, version))?;
    let mut bidders = 0;
    for (bidder, number) in all.iter().zip(1_u64..) {
        let mut draw = Draw::new(scenario.seed, &format!("bid {number}"));
        let setting = app.read(&bidder.actor, |connection, scope| {
            bids::service::setting(connection, scope, &call, bidder.actor.organisation_id)
        })?;
        let document = write::document(scenario, &ids, (&call, &lots), (bidder, &setting), &mut draw);
        if let Some(document) = document {
            let bytes = document.to_json();
            app.write(&bidder.actor, |work| place(work, bidder, &call, &bytes))?;
            bidders += 1;
        }
    }
    news(&format!("{bidders} sealed bids; nobody reads them before two officers open them together"));
    clock.advance_seconds(OPEN_S);
    calls::clock::tick_now(app)?;
    Ok(Called { call, lots, officers, bidders })
}

/// A call with its lots, and where each commodity stands in the scenario.
type PutOut = (Call, Vec<Lot>, BTreeMap<i64, usize>);

/// Makes a draft call from the pooled need.
fn put_out(app: &App, loaded: &Loaded, scenario: &Scenario) -> Result<PutOut, AppError> {
    let round = &loaded.round;
    let (pooled, catalogue) = app.read(&loaded.operator, |connection, scope| {
        let pooled = aggregate::service::pooled(connection, (scope, &SYSTEM), round.id)?;
        Ok((pooled, crate::catalog::service::load_all(connection)?))
    })?;
    let position = |code: &str| scenario.commodities.iter().position(|goods| goods.code == code);
    let ids: BTreeMap<i64, usize> =
        catalogue.values().filter_map(|goods| Some((goods.id, position(&goods.code)?))).collect();
    let (from, to) = (round.delivery_from.to_string(), round.delivery_to.to_string());
    let entries = write::lots(scenario, &ids, &pooled, (&from, &to));
    let entry = CallEntry {
        title: "Bahan pokok sepekan".to_owned(),
        closes_at: app.clock.now().plus_seconds(OPEN_S).to_string(),
        min_bids: 3,
        partial_awards: true,
        who_may_bid: Vec::new(),
        certificates: Vec::new(),
        documents: vec!["Nomor Induk Berusaha".to_owned()],
        notes: String::new(),
        complaint_hours: COMPLAINT_HOURS,
    };
    let call =
        app.write(&loaded.operator, |work| calls::service::create(work, &loaded.operator, round.id, &entry, &entries))?;
    let lots = app.read(&loaded.operator, |connection, scope| calls::service::lots(connection, scope, call.id))?;
    Ok((call, lots, ids))
}

/// Three officers take their seats, and two of them open the dummy bid.
fn seat(app: &App, call: &Call, officers: Vec<Actor>) -> Result<Vec<(Actor, Share)>, AppError> {
    let mut seated = Vec::with_capacity(officers.len());
    for officer in officers {
        let share = app.write(&officer, |work| seal::service::take_seat(work, &officer, call.id))?;
        seated.push((officer, share));
    }
    sit(app, call, &seated, Purpose::Rehearsal)?;
    Ok(seated)
}

/// The first two officers sit together.
fn sit(app: &App, call: &Call, officers: &[(Actor, Share)], purpose: Purpose) -> Result<(), AppError> {
    let [(first, one), (second, two), ..] = officers else { return Err(CommonError::Internal.into()) };
    let begun = app.write(first, |work| seal::service::begin(work, first, call.id, purpose, one))?;
    app.write(second, |work| seal::service::finish(work, second, call.id, &begun.code, two)).map(|_| ())
}

/// Seals a document as a bidder's own device would, and hands it in.
fn place(work: &mut Work<'_>, bidder: &Bidder, call: &Call, document: &[u8]) -> Result<(), AppError> {
    let recipient = seal::service::recipient(work.connection, work.scope, call.id)?;
    let envelope = Envelope {
        call_id: call.id,
        bidder_id: bidder.actor.organisation_id,
        nonce: Zeroizing::new(rand::random()),
        document: Zeroizing::new(document.to_vec()),
    };
    let key = recipient.parse().map_err(|_| AppError::internal("not a recipient"))?;
    let sealed = SealedBid {
        terms_version: call.terms_version,
        sealed: STANDARD.encode(SealedFile::seal(&envelope, &key)?.bytes()),
        recipient,
        commitment: envelope.commitment(),
        sealed_where: SealedWhere::Offline,
    };
    placing::place(work, &bidder.actor, call.id, &sealed).map(|_| ())
}

/// Two officers open the bids into the closed round.
pub fn open(app: &App, called: &Called, news: &mut dyn FnMut(&str)) -> Result<(), AppError> {
    sit(app, &called.call, &called.officers, Purpose::Opening)?;
    news("two officers opened the bids; they joined the frozen problem");
    Ok(())
}

/// Solves five scenarios side by side, compares them, and proposes the cheapest.
pub fn compare_and_propose(
    app: &App,
    (loaded, called): (&Loaded, &Called),
    news: &mut dyn FnMut(&str),
) -> Result<(Round, BidFigures), AppError> {
    let (operator, round_id) = (&loaded.operator, loaded.round.id);
    let ask = |new: &[NewScenario]| {
        app.write(operator, |work| scenarios::service::create(work, operator, round_id, new).map(|_| ()))?;
        scenarios::solve::solve_now(app, round_id, &|_| {})
    };
    news("solving the cheapest plan");
    ask(&[NewScenario { name: "Termurah".to_owned(), rules: Rules::default() }])?;
    let first = app.read(operator, |connection, scope| scenarios::compare::compare(connection, scope, round_id))?;
    let cheapest = first.first().ok_or_else(|| AppError::internal("the cheapest scenario was not solved"))?;
    news("solving four more scenarios side by side");
    ask(&rules_of(cheapest.suppliers, cheapest.largest_permille))?;
    let figures = app.read(operator, |connection, scope| scenarios::compare::compare(connection, scope, round_id))?;
    let chosen = figures.first().map(|figures| figures.scenario.clone());
    let chosen = chosen.ok_or_else(|| AppError::internal("no scenario was solved"))?;
    let proposed =
        app.write(operator, |work| scenarios::service::propose(work, operator, chosen.id, (chosen.version, "")))?;
    let bids = counted(app, loaded, called)?;
    let figures = BidFigures {
        lots: called.lots.len(),
        bidders: called.bidders,
        opened: bids.0,
        officers: 2,
        bids_permille: bids.1,
        scenarios: figures.into_iter().map(ScenarioRow::from).collect(),
        chosen: chosen.name,
    };
    Ok((proposed, figures))
}

/// Rules for the other four scenarios, set against the cheapest plan.
fn rules_of(suppliers: usize, largest_permille: i64) -> Vec<NewScenario> {
    let fewer = i64::try_from(suppliers).unwrap_or(1) * 3 / 4;
    let cap = (largest_permille * 2 / 3).max(1);
    let small = ["koperasi", "kdmp", "mikro", "kecil", "bumdes"].map(str::to_owned).to_vec();
    let named = |name: String, rules: Rules| NewScenario { name, rules };
    vec![
        named(format!("Paling banyak {fewer} pemasok"), Rules { max_suppliers: Some(fewer), ..Rules::default() }),
        named(
            "Paling sedikit 60 % koperasi dan UMKM".to_owned(),
            Rules { min_class_share: Some(ClassRule { classes: small, min_permille: 600 }), ..Rules::default() },
        ),
        named(
            format!("Tanpa pemasok di atas {},{} %", cap / 10, cap % 10),
            Rules { max_supplier_permille: Some(cap), ..Rules::default() },
        ),
        named("Barang langka dibagi rata".to_owned(), Rules { fair: true, ..Rules::default() }),
    ]
}

/// Bids opened without fault, and their share of the cheapest plan's goods in permille.
fn counted(app: &App, loaded: &Loaded, called: &Called) -> Result<(usize, i64), AppError> {
    app.read(&loaded.operator, |connection, scope| {
        let all = bids::service::list_of_call(connection, scope, called.call.id)?;
        let opened = all.iter().filter(|bid| bid.status == BidStatus::Opened);
        let sellers: BTreeSet<String> = opened.map(|bid| bid.bidder_id.to_string()).collect();
        let snapshot = rounds::service::get_snapshot(connection, scope, loaded.round.id)?;
        let problem = serde_json::from_str(&snapshot.text).map_err(AppError::internal)?;
        let plan = rounds::service::get_plan(connection, scope, loaded.round.id)?;
        let plan = serde_json::from_str(&plan.text).map_err(AppError::internal)?;
        let values = scenarios::rules::value_by_supplier(&problem, &plan);
        let total: i128 = values.iter().map(|(_, value)| value).sum();
        let theirs: i128 = values.iter().filter(|(id, _)| sellers.contains(id)).map(|(_, value)| value).sum();
        Ok((sellers.len(), i64::try_from(theirs * 1_000 / total.max(1)).unwrap_or(0)))
    })
}

/// Lets the time for complaints pass, in which nobody complains: the orders for the lots go out. Answers how many.
pub fn wait_for_complaints(app: &App, clock: &FixedClock, news: &mut dyn FnMut(&str)) -> Result<usize, AppError> {
    clock.advance_seconds(COMPLAINT_HOURS * 3_600);
    let sent = orders::holds::settle_due(app)?;
    news(&format!("{COMPLAINT_HOURS} hours without a complaint: {sent} purchase orders that waited for that go out"));
    Ok(sent)
}
