//! `pasok-solver explain`: why a plan is as it is, or why pins leave no plan.

use super::{BAD_INPUT, FAILED, LIMIT, read};
use clap::Args;
use pasok_solver::SolveOptions;
use pasok_solver::explain::{
    Clash, ExplainError, ExplainOptions, Explanation, Fix, clashes, explain, money_text, price_text,
};
use pasok_solver::plan::Plan;
use pasok_solver::problem::Problem;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Explain a plan by trying changes out; without a plan, find the pins that clash.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The problem document.
    problem: PathBuf,
    /// The plan document; leave it out when the problem has no plan because pins clash.
    plan: Option<PathBuf>,
    /// Also what each rule costs.
    #[arg(long)]
    rules: bool,
    /// Also what one more pack of each used-up stock is worth.
    #[arg(long)]
    stocks: bool,
    /// Only this offer: its lines, or the highest price at which it would win something.
    #[arg(long, value_name = "ID")]
    offer: Option<String>,
    /// Only this demand: its lines and its shortage.
    #[arg(long, value_name = "ID")]
    demand: Option<String>,
    /// Most problems to solve on the way.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    max_solves: usize,
    /// Seconds for the integer parts of each of them.
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
    /// Threads; 0 is one per core.
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// Write one JSON object instead of text.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &ExplainArgs) -> ExitCode {
    let (_, problem) = match read(&args.problem, Problem::from_json) {
        Ok(document) => document,
        Err(code) => return code,
    };
    let time_limit = args.time_limit.map(Duration::from_secs);
    let options = ExplainOptions {
        demand: args.demand.clone(),
        offer: args.offer.clone(),
        rules: args.rules,
        stocks: args.stocks,
        max_solves: args.max_solves,
        solve: SolveOptions { threads: args.threads, time_limit, ..SolveOptions::default() },
    };
    match &args.plan {
        Some(path) => match read(path, Plan::from_json) {
            Ok((_, plan)) => explain_plan(args, &problem, &plan, &options),
            Err(code) => code,
        },
        None => explain_clash(args, &problem, &options),
    }
}

fn explain_plan(args: &ExplainArgs, problem: &Problem, plan: &Plan, options: &ExplainOptions) -> ExitCode {
    let answer = match explain(problem, plan, options) {
        Ok(answer) => answer,
        Err(error) => return refuse(&error),
    };
    if args.json {
        print_json(&answer);
    } else {
        print_answer(&answer);
    }
    if answer.cut_short { ExitCode::from(LIMIT) } else { ExitCode::SUCCESS }
}

/// Exit code 1 when pins clash.
fn explain_clash(args: &ExplainArgs, problem: &Problem, options: &ExplainOptions) -> ExitCode {
    let found = match clashes(problem, options) {
        Ok(found) => found,
        Err(error) => return refuse(&error),
    };
    if args.json {
        print_json(&found);
    } else {
        found.iter().for_each(print_clash);
    }
    if found.is_empty() {
        eprintln!("the pins can hold together");
        return ExitCode::SUCCESS;
    }
    ExitCode::from(FAILED)
}

fn refuse(error: &ExplainError) -> ExitCode {
    eprintln!("{error}");
    match error {
        ExplainError::Limit => ExitCode::from(LIMIT),
        _ => ExitCode::from(BAD_INPUT),
    }
}

fn print_json<T: serde::Serialize>(answer: &T) {
    if let Ok(text) = serde_json::to_string(answer) {
        println!("{text}");
    }
}

fn print_answer(answer: &Explanation) {
    for line in &answer.lines {
        print!("{} <- {} hari {}: {}", line.demand, line.offer, line.day, line.quantity);
        match &line.runner_up {
            Some(next) => println!(
                "; berikutnya {} ({} lebih mahal per 1.000 satuan)",
                next.offer,
                money_text(next.margin_per_thousand)
            ),
            None => println!("; tidak ada penawaran lain yang masih tersedia"),
        }
    }
    for shortage in &answer.shortages {
        let reasons: Vec<String> = shortage.reasons.iter().map(|(reason, _)| format!("{reason:?}")).collect();
        println!("{} kurang {} ({})", shortage.demand, shortage.missing, reasons.join(", "));
        match &shortage.fix {
            Some(fix) => print_fix("  terpenuhi bila:", fix),
            None => println!("  belum ditemukan perubahan yang memenuhi seluruhnya"),
        }
        shortage.alternatives.iter().take(2).for_each(|fix| print_fix("  pilihan lain:", fix));
    }
    print_offers(answer);
    for rule in &answer.rules {
        let (about, cost) = (rule.about.join(", "), money_text(rule.cost));
        println!("aturan {} {about}: {cost} (dibayar {})", rule.rule, money_text(rule.paid_more));
    }
    for stock in &answer.stocks {
        println!("satu kemasan lagi ({}) dari {}: bernilai {}", stock.pack, stock.offer, money_text(stock.worth));
    }
    if answer.cut_short {
        println!("berhenti setelah {} perhitungan; sisanya belum dijawab", answer.solves);
    }
}

fn print_fix(head: &str, fix: &Fix) {
    let (paid, left) = (money_text(fix.paid_more), fix.still_missing);
    println!("{head} {} Dibayar {paid} lebih; masih kurang {left}.", fix.text);
}

fn print_offers(answer: &Explanation) {
    for offer in &answer.offers {
        match offer.wins_at {
            Some(price) => println!(
                "{} menang {} bila harganya {} atau kurang (sekarang {})",
                offer.offer,
                offer.quantity,
                price_text(price),
                price_text(offer.price)
            ),
            None if offer.open_demands == 0 => {
                let reasons: Vec<String> =
                    offer.barred.iter().map(|(why, count)| format!("{why:?} {count}x")).collect();
                println!("{} tidak dapat melayani kebutuhan mana pun ({})", offer.offer, reasons.join(", "));
            }
            None => println!("{} tidak menang dengan harga berapa pun", offer.offer),
        }
    }
}

fn print_clash(clash: &Clash) {
    println!("{}", clash.text);
    for repair in &clash.repairs {
        let price = repair.counted.as_ref().and_then(|ticks| ticks.parse().ok()).map(money_text);
        println!("  {} Nilai rencana: {}", repair.text, price.unwrap_or_else(|| "masih ada benturan lain".to_owned()));
    }
}
