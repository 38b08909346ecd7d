//! How far one request, command or job reaches: whose records it may read and change.
//!
//! A scope is made in two ways only: from a verified `Actor` (`parties`), or explicitly as the system with the name of the
//! task. Every store function about records that belong to somebody takes one and filters by it; [`crate::db`] hands the
//! same scope to PostgreSQL, whose row-level security applies it a second time (`migrations/postgres/0006_isolation`).
//! What lies outside is answered as if it did not exist.
//!
//! It is *not* about roles: what a person may do within the reach of the organisation is the services' affair.

use crate::audit::Principal;

/// Whose records a transaction may touch, and in whose name it acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    reach: Reach,
    principal: Principal,
    filter: Filter,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    System(&'static str),
    Bounded(Bounds),
}

/// Whether stores filter by the scope. Only a test turns this off, to see that row-level security still refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[doc(hidden)]
pub enum Filter {
    /// As it must be.
    #[default]
    On,
    /// Stores do not filter; what PostgreSQL is told stays the same.
    Off,
}

/// What somebody reaches who is not the system.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounds {
    /// The person.
    pub account_id: i64,
    /// The organisation acted for.
    pub organisations: Vec<i64>,
    /// Markets that it runs.
    pub operates: Vec<i64>,
    /// Markets whose results it reads.
    pub observes: Vec<i64>,
    /// Markets that it belongs to.
    pub belongs: Vec<i64>,
    /// Whether it registers organisations, and so must be able to find any of them.
    pub registers: bool,
}

impl Scope {
    /// The system itself at a named task: start-up, a job, the command line. Reaches everything.
    pub const fn system(task: &'static str) -> Self {
        Self {
            reach: Reach::System(task),
            principal: Principal { member_id: None, organisation_id: None },
            filter: Filter::On,
        }
    }

    /// The system at a task that it does for somebody, who is named in the record.
    #[must_use]
    pub const fn system_for(task: &'static str, principal: Principal) -> Self {
        Self { reach: Reach::System(task), principal, filter: Filter::On }
    }

    /// Somebody within bounds. Only `parties`, which verifies people, makes these.
    pub(crate) const fn bounded(principal: Principal, bounds: Bounds) -> Self {
        Self { reach: Reach::Bounded(bounds), principal, filter: Filter::On }
    }

    /// In whose name.
    pub const fn principal(&self) -> Principal {
        self.principal
    }

    /// The bounds; `None` for the system.
    pub const fn bounds(&self) -> Option<&Bounds> {
        match &self.reach {
            Reach::System(_) => None,
            Reach::Bounded(bounds) => Some(bounds),
        }
    }

    /// The system's task, if it is the system.
    pub const fn task(&self) -> Option<&'static str> {
        match &self.reach {
            Reach::System(task) => Some(task),
            Reach::Bounded(_) => None,
        }
    }

    /// 1 if stores need not filter, otherwise 0: a whole number, because SQLite has no truth values.
    pub const fn everything(&self) -> i32 {
        match (&self.reach, self.filter) {
            (Reach::System(_), _) | (_, Filter::Off) => 1,
            (Reach::Bounded(_), Filter::On) => 0,
        }
    }

    /// 1 if any organisation may be found, otherwise 0.
    pub fn finds_organisations(&self) -> i32 {
        self.registers().max(self.everything())
    }

    /// 1 if it registers organisations, otherwise 0.
    pub fn registers(&self) -> i32 {
        self.bounds().map_or(1, |bounds| i32::from(bounds.registers))
    }

    /// Organisations whose own records these are.
    pub fn organisations(&self) -> &[i64] {
        self.bounds().map_or(&[], |bounds| bounds.organisations.as_slice())
    }

    /// Markets that the organisation runs.
    pub fn operates(&self) -> &[i64] {
        self.bounds().map_or(&[], |bounds| bounds.operates.as_slice())
    }

    /// Markets whose results can be read whole: those it runs or observes.
    pub fn reads_whole(&self) -> Vec<i64> {
        self.bounds().map_or_else(Vec::new, |bounds| [bounds.operates.as_slice(), &bounds.observes].concat())
    }

    /// Markets that can be seen at all: run, observed, belonged to.
    pub fn markets(&self) -> Vec<i64> {
        self.bounds()
            .map_or_else(Vec::new, |bounds| [bounds.operates.as_slice(), &bounds.observes, &bounds.belongs].concat())
    }

    /// Whether the whole of this market's results can be read.
    pub fn sees_whole(&self, market_id: i64) -> bool {
        self.bounds().is_none_or(|bounds| bounds.operates.contains(&market_id) || bounds.observes.contains(&market_id))
    }

    /// Whether this market is run by the organisation acted for.
    pub fn runs(&self, market_id: i64) -> bool {
        self.bounds().is_none_or(|bounds| bounds.operates.contains(&market_id))
    }

    /// The same scope with the stores' filter as given; for tests of the second layer.
    #[doc(hidden)]
    #[must_use]
    pub fn with_filter(self, filter: Filter) -> Self {
        Self { filter, ..self }
    }
}

/// The condition that a record lies within a scope: one of the `own` columns names an organisation of it, or one of the
/// `markets` columns a market of the list given.
///
/// `within!(scope, own: [demands::buyer_id], markets: [demands::market_id => scope.operates()])`
#[macro_export]
macro_rules! within {
    ($scope:expr, own: [$($own:expr),*], markets: [$($market:path => $list:expr),*]) => {{
        let scope: &$crate::scope::Scope = $scope;
        diesel::IntoSql::into_sql::<diesel::sql_types::Integer>(scope.everything()).eq(1)
            $(.or($own.eq_any(scope.organisations().to_vec())))*
            $(.or($market.eq_any($list.to_vec())))*
    }};
}
