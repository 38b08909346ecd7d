//! Pasok: supply matching and procurement for village cooperatives and school-meal kitchens.
//!
//! Dependencies run one way: `values` → `scope` → `db` → `parties` → `access` → `catalog`, `places`, `markets` → `demands`, `offers` →
//! `rounds` → `tenders` → `orders` → `reports`; `audit` and `web` serve all. See `ARCHITECTURE.md`.

pub mod access;
pub mod app;
pub mod audit;
pub mod catalog;
pub mod check;
pub mod cli;
pub mod config;
pub mod db;
pub mod demands;
pub mod demo;
pub mod error;
pub mod imports;
pub mod markets;
pub mod offers;
pub mod orders;
pub mod pages;
pub mod parties;
pub mod pictures;
pub mod places;
pub mod reports;
pub mod rounds;
pub mod router;
pub mod scope;
pub mod seed;
pub mod sheets;
pub mod tenders;
pub mod training;
pub mod values;
pub mod web;
