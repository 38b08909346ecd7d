//! Seed facts: wards, villages, commodities, units, suppliers, menus and freight, compiled into the binary.
//!
//! This module reads the tables of `seed-data/` into typed rows: no clock, no invention, and no database but in [`load`],
//! which hands the rows to the services. Every number becomes a whole number while it is still text; every error names file, row and
//! column ([`table`]). What the numbers mean, where they come from and how sure they are is told in
//! `seed-data/README.md`.
//!
//! Invariants, held by `tests`: every code that one table uses exists in the table it points to, and the counts are
//! those of the sources (51 + 68 + 31 wards, 514 regencies, 8,494 villages of Jawa Timur).

pub mod archetypes;
pub mod certificates;
pub mod commodities;
pub mod load;
pub mod menus;
pub mod regencies;
pub mod supply_places;
pub mod table;
pub mod transport;
pub mod units;
pub mod villages;
pub mod wards;

#[cfg(test)]
mod tests;

pub use archetypes::{Archetype, SupplierClass};
pub use commodities::Commodity;
pub use menus::{Menu, RecipeLine};
pub use regencies::Regency;
pub use supply_places::SupplyPlace;
pub use table::SeedError;
pub use transport::{TransportArea, Vehicle};
pub use units::Unit;
pub use villages::Village;
pub use wards::Ward;

/// All tables but the villages, which only a province needs ([`villages::read`]).
#[derive(Debug, Clone)]
pub struct SeedFacts {
    /// The wards of the three cities.
    pub wards: Vec<Ward>,
    /// All regencies and cities.
    pub regencies: Vec<Regency>,
    /// All commodities.
    pub commodities: Vec<Commodity>,
    /// All units and packs.
    pub units: Vec<Unit>,
    /// Kinds of suppliers.
    pub archetypes: Vec<Archetype>,
    /// Places that goods come from.
    pub supply_places: Vec<SupplyPlace>,
    /// Menus in the order of the cycle.
    pub menus: Vec<Menu>,
    /// Ingredients of the menus.
    pub recipe_lines: Vec<RecipeLine>,
    /// Vehicle classes.
    pub vehicles: Vec<Vehicle>,
    /// Areas with their roads.
    pub transport_areas: Vec<TransportArea>,
}

impl SeedFacts {
    /// Reads every table but the villages; the first problem ends the reading.
    pub fn read() -> Result<Self, SeedError> {
        Ok(Self {
            wards: wards::read()?,
            regencies: regencies::read()?,
            commodities: commodities::read()?,
            units: units::read()?,
            archetypes: archetypes::read()?,
            supply_places: supply_places::read()?,
            menus: menus::read()?,
            recipe_lines: menus::read_recipe_lines()?,
            vehicles: transport::read()?,
            transport_areas: transport::read_areas()?,
        })
    }

    /// The commodity with this code.
    pub fn commodity(&self, code: &str) -> Option<&Commodity> {
        self.commodities.iter().find(|commodity| commodity.code == code)
    }

    /// The unit or pack with this code.
    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.code == code)
    }

    /// The kind of supplier with this code.
    pub fn archetype(&self, code: &str) -> Option<&Archetype> {
        self.archetypes.iter().find(|archetype| archetype.code == code)
    }

    /// The kabupaten or kota with this code.
    pub fn regency(&self, code: &str) -> Option<&Regency> {
        self.regencies.iter().find(|regency| regency.code == code)
    }
}
