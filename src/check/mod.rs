//! `pasok check`: does a database hold what this program promises? Read-only, on any database, at any time.
//!
//! It shares no code with what writes but the wire types, the words of the state tables and exact rounding: its queries
//! are its own. It reads one unchanging state of the database, page by page, except that a round's frozen problem and
//! plan are held whole, one round at a time. Each invariant has the number it has in the list below; those that read the same
//! things share a pass. A test per invariant breaks it by hand and sees it named.

mod answers;
mod awards;
mod engine;
mod frozen;
mod history;
pub mod lifecycle;
mod money;
mod numbers;
mod quantity;
mod record;
mod report;
mod sealed;
mod splits;
mod store;
mod trace;

pub use report::{Report, Violation};

use crate::db::{Db, DbConnection};
use crate::error::AppError;
use crate::scope::Scope;

/// One promise, and how it is checked.
pub struct Invariant {
    /// Its number, `I1`.
    pub id: &'static str,
    /// What must be so.
    pub says: &'static str,
    run: Run,
}

/// How an invariant is checked.
enum Run {
    /// By a pass of its own, which may find what breaks others besides.
    Pass(fn(&mut Session<'_>) -> Result<(), AppError>),
    /// In the pass of another invariant.
    Within(&'static str),
}

use Run::{Pass, Within};

/// Every invariant, in the order in which they are checked. Whole documents come last: what reading them leaves in the heap would
/// lie beside whatever follows.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        id: "I30",
        says: "the database is whole, its foreign keys and its guards are there",
        run: Pass(engine::check),
    },
    Invariant { id: "I1", says: "no offer is awarded beyond its stock", run: Pass(quantity::oversold) },
    Invariant {
        id: "I2",
        says: "what an offer has reserved is what its open and accepted orders hold, and the sum of its movements",
        run: Pass(quantity::reserved),
    },
    Invariant { id: "I3", says: "no demand gets more than it would accept", run: Pass(quantity::overfilled) },
    Invariant {
        id: "I4",
        says: "in a published round, every demand is awarded or short, gram by gram",
        run: Pass(quantity::conserved),
    },
    Invariant {
        id: "I7",
        says: "every award has exactly one order line, which says the same",
        run: Pass(trace::lines),
    },
    Invariant {
        id: "I9",
        says: "line amounts are price × quantity, rounded once, half to even",
        run: Pass(money::amounts),
    },
    Invariant { id: "I10", says: "order totals are the sums of their lines", run: Pass(money::totals) },
    Invariant {
        id: "N3",
        says: "what is missing of an order accepted in part is part of a line, priced as the line was",
        run: Pass(answers::parts),
    },
    Invariant { id: "I12", says: "amounts and quantities are whole numbers and not negative", run: Pass(money::whole) },
    Invariant {
        id: "I14",
        says: "every round, call and order came where it is by legal steps",
        run: Pass(history::legal),
    },
    Invariant {
        id: "I15",
        says: "no demand was posted or changed after its round closed, no bid placed after its call did",
        run: Pass(record::late),
    },
    Invariant {
        id: "I16",
        says: "before a call is opened nothing tells what its bids say, and each is a sealed file",
        run: Pass(sealed::closed),
    },
    Invariant {
        id: "I17",
        says: "each bid was opened as what its bidder committed to, in the version that counted",
        run: Within("I16"),
    },
    Invariant {
        id: "I18",
        says: "two officers of the committee opened, neither with a part in a bid",
        run: Pass(sealed::officers),
    },
    Invariant {
        id: "I19",
        says: "the plan was computed and approved by two different people",
        run: Pass(history::two_people),
    },
    Invariant {
        id: "I20",
        says: "the log is whole: leaves, tree, tiles, checkpoints, cosignatures",
        run: Pass(record::log),
    },
    Invariant { id: record::ROWS, says: "every protected row is as the log recorded it last", run: Pass(record::rows) },
    Invariant { id: "I25", says: "every idempotency key has its answer", run: Pass(trace::answered_keys) },
    Invariant {
        id: "I28",
        says: "records of different organisations and markets meet only in a round",
        run: Pass(trace::scopes),
    },
    Invariant {
        id: "I29",
        says: "whoever acted for another organisation held its grant",
        run: Pass(record::delegations),
    },
    Invariant { id: "I31", says: "the schema is the one this program makes", run: Pass(record::schema) },
    Invariant { id: "N1", says: "order numbers are gapless per buyer and year", run: Pass(numbers::orders) },
    Invariant { id: "N2", says: "round numbers are gapless per market", run: Pass(numbers::rounds) },
    Invariant {
        id: "I5",
        says: "awards are whole packs and no smaller than the offer's least line",
        run: Pass(frozen::check),
    },
    Invariant { id: "I6", says: "awards join a demand and an offer that fit one another", run: Within("I5") },
    Invariant { id: "I8", says: "prices and freight are those of the frozen snapshot", run: Within("I5") },
    Invariant {
        id: "I11",
        says: "rebates and fees that were split over awards sum to what the plan states",
        run: Within("I5"),
    },
    Invariant { id: "I23", says: "the plan passes the referee with its certificate", run: Within("I5") },
    Invariant {
        id: "I24",
        says: "snapshots and plans match their SHA-256, and awards are the plan's lines",
        run: Within("I5"),
    },
];

/// What an invariant reads and where it writes what it finds.
struct Session<'a> {
    connection: &'a mut DbConnection,
    report: &'a mut Report,
    id: &'static str,
}

impl Session<'_> {
    fn found(&mut self, table: &str, id: impl std::fmt::Display, what: impl Into<String>) {
        self.found_as(self.id, table, id, what);
    }

    /// Something found in this pass that breaks another invariant.
    fn found_as(&mut self, invariant: &'static str, table: &str, id: impl std::fmt::Display, what: impl Into<String>) {
        self.report.add(Violation { invariant, record: format!("{table} {id}"), what: what.into() });
    }
}

/// Checks every invariant on one unchanging state of the database.
pub fn run(db: &Db) -> Result<Report, AppError> {
    db.read(&Scope::system("pasok check"), with)
}

/// Checks every invariant as one open transaction sees the database.
pub fn with(connection: &mut DbConnection) -> Result<Report, AppError> {
    let mut report = Report::default();
    for invariant in INVARIANTS {
        let id = invariant.id;
        match invariant.run {
            Pass(run) => run(&mut Session { connection: &mut *connection, report: &mut report, id })?,
            Within(other) => debug_assert!(report.checked.contains(&other), "{id} comes before its pass"),
        }
        report.done(id);
    }
    Ok(report)
}
