//! What an organisation and a member are.

use super::contact::{Email, Phone};
use super::errors::PartyError;
use crate::error::AppError;
use std::collections::BTreeSet;

/// Defines an enum whose values are stored and sent as fixed words.
#[macro_export]
macro_rules! word_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word it is stored and sent as.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// From its word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }

            /// All words, for error messages.
            pub fn words() -> String {
                Self::ALL.iter().map(|value| value.word()).collect::<Vec<_>>().join(", ")
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

word_enum! {
    /// What an organisation does here.
    Capability {
        /// Buys.
        Buyer = "buyer",
        /// Sells.
        Seller = "seller",
        /// Cooks school meals (SPPG).
        Kitchen = "kitchen",
        /// Runs markets.
        Operator = "operator",
        /// Reads aggregates.
        Observer = "observer",
        /// Helps cooperatives that let it (pendamping).
        Assistant = "assistant",
    }
}

word_enum! {
    /// Legal or economic class; input to local-supplier priority (Perpres 115/2025 art. 38).
    Class {
        /// A cooperative.
        Koperasi = "koperasi",
        /// A village or ward Merah Putih cooperative.
        Kdmp = "kdmp",
        /// Micro enterprise.
        Mikro = "mikro",
        /// Small enterprise.
        Kecil = "kecil",
        /// Medium enterprise.
        Menengah = "menengah",
        /// Large enterprise.
        Besar = "besar",
        /// State-owned enterprise.
        Bumn = "bumn",
        /// Village-owned enterprise.
        Bumdes = "bumdes",
        /// Foundation.
        Yayasan = "yayasan",
        /// Government office.
        Pemerintah = "pemerintah",
    }
}

word_enum! {
    /// Whether an organisation takes part. An inactive counterparty is normal: 244 of Kabupaten Kupang's 401
    /// cooperatives were.
    OrganisationStatus {
        /// Registered, but not working yet.
        NotYetOperating = "not_yet_operating",
        /// Takes part.
        Active = "active",
        /// Stopped working.
        Dormant = "dormant",
        /// Barred by an operator.
        Suspended = "suspended",
    }
}

word_enum! {
    /// What a person may do for an organisation, after how a cooperative really works.
    Role {
        /// Creates demands, offers and orders.
        Usaha = "usaha",
        /// Chair: approves.
        Ketua = "ketua",
        /// Treasurer: pays.
        Bendahara = "bendahara",
        /// Warehouse: receives.
        Gudang = "gudang",
        /// Supervisor: reads everything of its own.
        Pengawas = "pengawas",
        /// Sells for a supplier.
        Seller = "seller",
        /// Runs rounds of a market.
        Operator = "operator",
        /// Approves proposals of a market.
        Approver = "approver",
        /// Opens sealed bids of a market.
        OpeningOfficer = "opening_officer",
        /// Reads aggregates, log and certificates of a market.
        Observer = "observer",
        /// Acts for cooperatives that granted it (pendamping).
        Assistant = "assistant",
        /// Sets up organisations and members.
        Admin = "admin",
    }
}

impl Role {
    /// Whether the role opens, approves, pays or gives out roles: it takes a second factor, and only somebody with a
    /// second factor can give it.
    pub const fn is_guarded(self) -> bool {
        matches!(self, Self::Ketua | Self::Bendahara | Self::Approver | Self::OpeningOfficer | Self::Admin)
    }

    /// Whether the role decides about rounds of a market.
    pub const fn decides(self) -> bool {
        matches!(self, Self::Operator | Self::Approver | Self::OpeningOfficer)
    }
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: i64,
    /// A short unique code people know it by.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// Whether it takes part.
    pub status: OrganisationStatus,
    /// What it does here.
    pub capabilities: BTreeSet<Capability>,
    /// Rises with every change.
    pub version: i64,
}

impl Organisation {
    /// Refuses unless it takes part.
    pub fn require_active(&self) -> Result<(), AppError> {
        match self.status {
            OrganisationStatus::Active => Ok(()),
            _ => Err(PartyError::NotActive.into()),
        }
    }
}

/// A person, whatever roles this person holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: i64,
    /// The person's name.
    pub name: String,
    /// What the person signs in with; `None` where unknown.
    pub phone: Option<Phone>,
    /// The same.
    pub email: Option<Email>,
    /// Rises with every change.
    pub version: i64,
}

/// A person with one role in one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: i64,
    /// The person.
    pub account_id: i64,
    /// The organisation.
    pub organisation_id: i64,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Rises with every change.
    pub version: i64,
}

/// Where an organisation stands in markets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Markets that it runs.
    pub operates: Vec<i64>,
    /// Markets that it belongs to.
    pub belongs: Vec<i64>,
}
