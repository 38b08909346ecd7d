//! The observer's page: how a market does, over its latest published round. Figures only; nothing can be changed here.

mod log;

use super::view::View;
use super::visit::Signed;
use super::{PUBLIC, render, words};
use crate::app::App;
use crate::db::DbConnection;
use crate::error::{AppError, CommonError};
use crate::markets::{self, Market};
use crate::parties;
use crate::reports::baseline::{Choice, buy_alone};
use crate::reports::plan::{self, PlanFigures};
use crate::reports::{CommodityFigures, RoundSummary, service};
use crate::rounds::Status;
use crate::scope::Scope;
use crate::tenders::calls::{self, Call};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use pasok_solver::problem::{Problem, TICKS_PER_RUPIAH};

/// Most markets on the page, rounds read, and members counted.
const MARKETS: i64 = 5;
const ROUNDS: i64 = 50;
const MEMBERS: i64 = 20_000;
/// Rounds, the newest, whose calls are shown, and calls of one.
const ROUNDS_WITH_CALLS: usize = 16;
const CALLS: i64 = 100;
/// Beyond so many lines of need, comparing with buyers who buy alone would take too long for a page.
const MOST_COMPARED: usize = 5_000;
/// Buyers listed that were served least.
const LEAST_SERVED: usize = 10;
/// Whoever gets less than this part of what was asked for counts as left behind, in permille.
const LEFT_BEHIND: i64 = 900;

pub(super) fn router() -> Router<App> {
    Router::new().route("/observe", get(show)).route("/observe/log", get(log::show))
}

/// One market in figures.
struct Card {
    market: Market,
    rounds: Vec<RoundSummary>,
    /// Members by the word of their status.
    activity: Vec<(&'static str, i64)>,
    latest: Option<Latest>,
    /// Calls whose bids are open, the newest first.
    calls: Vec<Call>,
}

impl Card {
    /// Rounds whose plan and proof anybody can check.
    fn published(&self) -> impl Iterator<Item = &RoundSummary> {
        self.rounds.iter().filter(|round| round.status == Status::Published.word())
    }
}

/// The latest published round.
struct Latest {
    round: RoundSummary,
    plan: PlanFigures,
    /// Goods and freight against every buyer alone, in whole rupiah: cheapest first, nearest first.
    savings: Option<(i64, i64)>,
}

impl Latest {
    /// Served part of the weight asked for, in permille.
    fn filled(&self) -> i64 {
        let (demanded, short) = self.plan.buyers.iter().fold((0_i64, 0_i64), |(demanded, short), buyer| {
            (demanded.saturating_add(buyer.demanded_g), short.saturating_add(buyer.short_g))
        });
        served(demanded, short)
    }

    fn least(&self) -> Option<(String, i64)> {
        let each = self.plan.buyers.iter().map(|buyer| (buyer.name.clone(), served(buyer.demanded_g, buyer.short_g)));
        each.min_by_key(|(_, permille)| *permille)
    }

    /// The buyers served least, with their share in permille: those that a fair plan would look after first.
    fn least_served(&self) -> Vec<(String, i64)> {
        let each = self.plan.buyers.iter().map(|buyer| (buyer.name.clone(), served(buyer.demanded_g, buyer.short_g)));
        let mut all: Vec<(String, i64)> = each.collect();
        all.sort_by_key(|(_, permille)| *permille);
        all.truncate(LEAST_SERVED);
        all
    }

    /// Part of the money by class of seller, in permille, the largest first.
    fn classes(&self) -> Vec<(&'static str, i64)> {
        let mut words: Vec<&'static str> = self.plan.groups.keys().map(|(class, _)| *class).collect();
        words.dedup();
        let mut shares: Vec<(&'static str, i64)> = words.into_iter().map(|word| (word, self.share(&[word]))).collect();
        shares.sort_by_key(|(_, permille)| -permille);
        shares
    }

    fn left_behind(&self) -> i64 {
        let behind = self.plan.buyers.iter().filter(|buyer| served(buyer.demanded_g, buyer.short_g) < LEFT_BEHIND);
        i64::try_from(behind.count()).unwrap_or(i64::MAX)
    }

    /// Part of the money that goes to sellers of these classes, in permille.
    fn share(&self, classes: &[&str]) -> i64 {
        let sum = |wanted: &dyn Fn(&str) -> bool| {
            let amounts = self.plan.groups.iter().filter(|((class, _), _)| wanted(class)).map(|(_, amount)| *amount);
            amounts.fold(0_i64, i64::saturating_add)
        };
        let (own, whole) = (sum(&|class| classes.contains(&class)), sum(&|_| true));
        if whole == 0 { 0 } else { own.saturating_mul(1_000) / whole }
    }

    fn cooperatives(&self) -> i64 {
        self.share(&["kdmp", "koperasi", "bumdes"])
    }

    fn small(&self) -> i64 {
        self.share(&["mikro", "kecil"])
    }
}

fn served(demanded: i64, short: i64) -> i64 {
    if demanded == 0 { 1_000 } else { (demanded - short).max(0).saturating_mul(1_000) / demanded }
}

#[derive(Template)]
#[template(path = "observe/markets.html")]
struct Observe {
    view: View,
    cards: Vec<Card>,
}

impl Observe {
    fn paid(&self, latest: &Latest) -> String {
        words::rupiah(self.view.language, latest.plan.goods() + latest.plan.freight())
    }

    fn against_cheapest(&self, latest: &Latest) -> String {
        words::rupiah(self.view.language, latest.savings.map_or(0, |savings| savings.0))
    }

    fn against_nearest(&self, latest: &Latest) -> String {
        words::rupiah(self.view.language, latest.savings.map_or(0, |savings| savings.1))
    }

    /// Who was served least, in a sentence.
    fn least(&self, latest: &Latest) -> String {
        let Some((name, permille)) = latest.least() else { return String::new() };
        let share = words::percent(self.view.language, permille);
        self.view.say2("observe-least", "name", name, "share", share)
    }

    fn class(&self, word: &str) -> String {
        self.view.say(format!("class-{}", if word.is_empty() { "unknown" } else { word }))
    }

    /// How far an average price lies from its ceiling, in permille of that; below is negative.
    fn against_ceiling(&self, row: &CommodityFigures) -> String {
        match row.average_price().zip(row.ceiling()).filter(|(_, ceiling)| *ceiling > 0) {
            Some((price, ceiling)) => {
                let permille = (price - ceiling).saturating_mul(1_000) / ceiling;
                words::with_sign(permille.cmp(&0), &words::percent(self.view.language, permille.abs()))
            }
            None => "–".to_owned(),
        }
    }

    fn or_dash(&self, number: Option<i64>) -> String {
        number.map_or_else(|| "–".to_owned(), |number| words::rupiah(self.view.language, number))
    }

    fn status(&self, round: &RoundSummary) -> String {
        self.view.round_status(&round.status)
    }

    fn activity(&self, word: &str) -> String {
        self.view.say(format!("observe-{}", word.replace('_', "-")))
    }
}

async fn show(Signed { view, actor }: Signed, State(app): State<App>) -> Result<Response, AppError> {
    let markets = app
        .read_async(&actor, move |connection, scope| {
            let mut all = markets::service::list(connection, scope, 0, ROUNDS)?;
            all.retain(|market| scope.sees_whole(market.id));
            all.truncate(usize::try_from(MARKETS).unwrap_or(usize::MAX));
            let rounds = service::rounds(connection, scope, ROUNDS)?;
            Ok((all, rounds))
        })
        .await?;
    if markets.0.is_empty() {
        return Err(CommonError::Forbidden.into());
    }
    // Which markets may be seen whole was decided above.
    let cards = app
        .read_async(PUBLIC, move |connection, scope| {
            let (all, rounds) = &markets;
            all.iter().map(|market| card(connection, scope, market, rounds)).collect::<Result<Vec<_>, AppError>>()
        })
        .await?;
    render(&Observe { view, cards })
}

fn card(
    connection: &mut DbConnection,
    scope: &Scope,
    market: &Market,
    rounds: &[RoundSummary],
) -> Result<Card, AppError> {
    let rounds: Vec<RoundSummary> = rounds.iter().filter(|round| round.market_id == market.id).cloned().collect();
    let members = markets::service::list_members(connection, scope, market.id, 0, MEMBERS)?;
    let ids: Vec<i64> = members.iter().map(|member| member.organisation_id).collect();
    let mut activity: Vec<(&'static str, i64)> = Vec::new();
    for organisation in parties::service::list_by_ids(connection, scope, &ids)? {
        let word = organisation.status.word();
        match activity.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => activity.push((word, 1)),
        }
    }
    activity.sort_unstable();
    let published = rounds.iter().find(|round| round.status == Status::Published.word()).cloned();
    let latest = published.map(|round| latest(connection, scope, market, round)).transpose()?.flatten();
    let mut calls = Vec::new();
    for round in rounds.iter().take(ROUNDS_WITH_CALLS) {
        let found = calls::service::list_of_round(connection, scope, round.id, 0, CALLS)?;
        calls.extend(found.into_iter().filter(|call| call.opened_at.is_some()));
    }
    calls.sort_by_key(|call| std::cmp::Reverse(call.opened_at));
    Ok(Card { market: market.clone(), rounds, activity, latest, calls })
}

fn latest(
    connection: &mut DbConnection,
    scope: &Scope,
    market: &Market,
    round: RoundSummary,
) -> Result<Option<Latest>, AppError> {
    let Some(plan) = plan::of_round(connection, scope, round.id, market.rice_zone)? else { return Ok(None) };
    let text = crate::rounds::service::get_snapshot(connection, scope, round.id)?.text;
    let problem: Problem = serde_json::from_str(&text).map_err(AppError::internal)?;
    let savings = if problem.demands.len() > MOST_COMPARED { None } else { savings(&problem, &plan) };
    Ok(Some(Latest { round, plan, savings }))
}

/// What buyers who buy alone would have paid more; what they leave unfilled counts at the same penalty as here.
fn savings(problem: &Problem, plan: &PlanFigures) -> Option<(i64, i64)> {
    let rupiah = |ticks: i128| ticks / i128::from(TICKS_PER_RUPIAH);
    let ours = i128::from(plan.goods()) + i128::from(plan.freight()) + rupiah(plan.shortage_ticks);
    let more = |choice| i64::try_from(rupiah(buy_alone(problem, choice, 1).ok()?.total()) - ours).ok();
    Some((more(Choice::CheapestLanded)?, more(Choice::Nearest)?))
}
