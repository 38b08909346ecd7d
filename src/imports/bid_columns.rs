//! Columns of a bid: a row for each lot bid on, quantities in pricing units (kilogram, litre, piece).
//!
//! Columns from `place` on say something about the whole bid; they are filled in on one row, or alike on several.

use super::columns::Content::{Day, Flag, List, Number, Words};
use super::columns::{Column, column, required};

pub(super) static BIDS: [Column; 37] = [
    required(column("lot", ["Paket", "Lot"], Number, "1")),
    // These three are written into a call's own template for people to read; what they hold is not read.
    column("commodity", ["Komoditas", "Commodity"], Words, ""),
    column("area", ["Wilayah", "Area"], Words, ""),
    column("need", ["Kebutuhan", "Need"], Words, ""),
    required(column("price", ["Harga", "Price"], Number, "12500")),
    required(column("maximum", ["Paling banyak", "Maximum"], Number, "20000")),
    column("minimum", ["Paling sedikit", "Minimum"], Number, ""),
    column("multiple", ["Kelipatan", "Multiple"], Number, ""),
    column("tier1_from", ["Mulai jumlah 1", "From quantity 1"], Number, "10000"),
    column("tier1_price", ["Harga 1", "Price 1"], Number, "12300"),
    column("tier2_from", ["Mulai jumlah 2", "From quantity 2"], Number, ""),
    column("tier2_price", ["Harga 2", "Price 2"], Number, ""),
    column("tier3_from", ["Mulai jumlah 3", "From quantity 3"], Number, ""),
    column("tier3_price", ["Harga 3", "Price 3"], Number, ""),
    column("tier4_from", ["Mulai jumlah 4", "From quantity 4"], Number, ""),
    column("tier4_price", ["Harga 4", "Price 4"], Number, ""),
    column("incremental", ["Hanya kelebihannya", "Only beyond"], Flag, ""),
    column("delivered", ["Harga sampai tujuan", "Delivered"], Flag, "ya"),
    column("freight_per_km", ["Ongkos per km", "Freight per km"], Number, ""),
    column("freight_base", ["Ongkos dasar", "Freight base"], Number, ""),
    column("all_or_nothing", ["Semua atau tidak", "All or nothing"], Words, ""),
    column("only_one", ["Salah satu saja", "Only one"], Words, ""),
    column("discount_percent", ["Potongan persen", "Discount per cent"], Number, ""),
    column("discount_lots", ["Bila dapat paket", "If awarded lots"], List, ""),
    column("discount_from", ["Mulai jumlah potongan", "Discount from quantity"], Number, ""),
    column("cost_goods", ["Biaya barang", "Cost of goods"], Number, ""),
    column("cost_processing", ["Biaya olah", "Cost of processing"], Number, ""),
    column("cost_transport", ["Biaya angkut", "Cost of transport"], Number, ""),
    column("cost_overhead", ["Biaya lain", "Other costs"], Number, ""),
    column("cost_margin", ["Untung", "Margin"], Number, ""),
    column("place", ["Tempat", "Place"], Words, "Gudang"),
    column("valid_until", ["Berlaku sampai", "Valid until"], Day, "2026-02-28"),
    column("certificates", ["Sertifikat", "Certificates"], List, "halal"),
    column("per_drop", ["Ongkos per titik", "Fee per drop"], Number, ""),
    column("per_truck_day", ["Ongkos per truk per hari", "Fee per truck and day"], Number, ""),
    column("capacity_per_day", ["Kapasitas per hari (kg)", "Capacity per day (kg)"], Number, ""),
    column("capacity_in_all", ["Kapasitas seluruhnya (kg)", "Capacity in all (kg)"], Number, ""),
];
