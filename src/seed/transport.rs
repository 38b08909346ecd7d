//! Vehicle classes and the roads of areas: what freight costs.

use super::table::{SeedError, read_table};

/// A class of vehicle. Money is whole rupiah.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vehicle {
    /// Short name.
    pub code: String,
    /// Indonesian name.
    pub name_id: String,
    /// English name.
    pub name_en: String,
    /// Grams it can carry.
    pub payload_g: i64,
    /// Millilitres it can hold.
    pub volume_ml: i64,
    /// Keeps goods cold.
    pub is_refrigerated: bool,
    /// Rupiah per kilometre driven.
    pub idr_per_km: i64,
    /// Rupiah per trip.
    pub idr_per_trip: i64,
    /// Rupiah per stop.
    pub idr_per_stop: i64,
    /// Longest trip in metres.
    pub max_trip_m: i64,
    /// Road distance over great circle in a city, in permille.
    pub circuity_city_permille: i64,
    /// Road distance over great circle in the country, in permille.
    pub circuity_rural_permille: i64,
    /// Where the numbers come from.
    pub source: String,
}

/// Reads `transport.csv`.
pub fn read() -> Result<Vec<Vehicle>, SeedError> {
    read_table("transport.csv", include_bytes!("../../seed-data/transport.csv"), |row| {
        Ok(Vehicle {
            code: row.required("code")?,
            name_id: row.required("name_id")?,
            name_en: row.required("name_en")?,
            payload_g: row.amount("payload_kg", 3)?,
            volume_ml: row.amount("volume_m3", 6)?,
            is_refrigerated: row.flag("refrigerated", "yes", "no")?,
            idr_per_km: row.whole("idr_per_km")?,
            idr_per_trip: row.whole("idr_fixed_per_trip")?,
            idr_per_stop: row.whole("idr_per_stop")?,
            max_trip_m: row.amount("max_trip_km", 3)?,
            circuity_city_permille: row.amount("circuity_city", 3)?,
            circuity_rural_permille: row.amount("circuity_rural", 3)?,
            source: row.required("source")?,
        })
    })
}

/// How roads wind and what driving costs in an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportArea {
    /// Short name; the three cities' slugs are among them.
    pub code: String,
    /// Name.
    pub name: String,
    /// Regions it covers, in the table's words.
    pub regions: String,
    /// Road distance over great circle in town, in permille.
    pub circuity_urban_permille: i64,
    /// Road distance over great circle in the country, in permille.
    pub circuity_rural_permille: i64,
    /// Cost over the usual cost, in permille.
    pub cost_index_permille: i64,
    /// Heavy trucks are restricted by day.
    pub has_truck_restriction: bool,
    /// Remarks.
    pub note: String,
    /// Measured or estimated.
    pub basis: String,
}

/// Reads `transport_areas.csv`.
pub fn read_areas() -> Result<Vec<TransportArea>, SeedError> {
    read_table("transport_areas.csv", include_bytes!("../../seed-data/transport_areas.csv"), |row| {
        Ok(TransportArea {
            code: row.required("area_code")?,
            name: row.required("name")?,
            regions: row.required("region_codes")?,
            circuity_urban_permille: row.amount("circuity_urban", 3)?,
            circuity_rural_permille: row.amount("circuity_rural", 3)?,
            cost_index_permille: row.amount("cost_index", 3)?,
            has_truck_restriction: row.flag("truck_restriction", "1", "0")?,
            note: row.text("note")?.to_owned(),
            basis: row.required("basis")?,
        })
    })
}
