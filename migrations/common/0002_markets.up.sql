-- Where, in what, and under which rules is traded.

CREATE TABLE regions (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('province', 'kabupaten', 'kota', 'kecamatan', 'kelurahan', 'desa')),
    parent_code TEXT REFERENCES regions (code),
    latitude_e6 BIGINT,
    longitude_e6 BIGINT,
    rice_zone INTEGER CHECK (rice_zone IN (1, 2, 3))
);
CREATE INDEX regions_by_parent ON regions (parent_code);

CREATE TABLE places (
    id BIGINT NOT NULL PRIMARY KEY,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    region_code TEXT REFERENCES regions (code),
    name TEXT NOT NULL,
    latitude_e6 BIGINT NOT NULL CHECK (latitude_e6 BETWEEN -90000000 AND 90000000),
    longitude_e6 BIGINT NOT NULL CHECK (longitude_e6 BETWEEN -180000000 AND 180000000),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    UNIQUE (organisation_id, name)
);

CREATE TABLE commodities (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name_id TEXT NOT NULL,
    name_en TEXT NOT NULL,
    category TEXT NOT NULL,
    pricing_unit TEXT NOT NULL CHECK (pricing_unit IN ('KGM', 'LTR', 'H87')),
    grams_per_thousand BIGINT NOT NULL CHECK (grams_per_thousand > 0),
    cold_chain INTEGER NOT NULL CHECK (cold_chain IN (0, 1)),
    price_floor_e4 BIGINT NOT NULL CHECK (price_floor_e4 > 0),
    price_typical_e4 BIGINT NOT NULL CHECK (price_typical_e4 >= price_floor_e4),
    price_ceiling_e4 BIGINT NOT NULL CHECK (price_ceiling_e4 >= price_typical_e4)
);

-- A unit or pack a commodity may be entered in; base_units is whole, so conversions are exact.
CREATE TABLE commodity_units (
    commodity_id BIGINT NOT NULL REFERENCES commodities (id),
    code TEXT NOT NULL,
    name_id TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unece_code TEXT NOT NULL DEFAULT '',
    base_units BIGINT NOT NULL CHECK (base_units > 0),
    PRIMARY KEY (commodity_id, code)
);

CREATE TABLE reference_prices (
    commodity_id BIGINT NOT NULL REFERENCES commodities (id),
    zone INTEGER NOT NULL CHECK (zone IN (1, 2, 3)),
    kind TEXT NOT NULL CHECK (kind IN ('HET', 'HAP')),
    price_e4 BIGINT NOT NULL CHECK (price_e4 > 0),
    regulation TEXT NOT NULL,
    PRIMARY KEY (commodity_id, zone, kind)
);

CREATE TABLE markets (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    region_code TEXT REFERENCES regions (code),
    operator_id BIGINT NOT NULL REFERENCES organisations (id),
    time_zone TEXT NOT NULL CHECK (time_zone IN ('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura')),
    rice_zone INTEGER NOT NULL CHECK (rice_zone IN (1, 2, 3)),
    circuity_permille BIGINT NOT NULL CHECK (circuity_permille BETWEEN 1000 AND 5000),
    delivery_weekdays TEXT NOT NULL,
    -- Freight in ticks (ten-millionths of a rupiah) per gram and kilometre, and per gram whatever the distance.
    freight_per_g_km_ticks BIGINT NOT NULL CHECK (freight_per_g_km_ticks >= 0),
    freight_cold_per_g_km_ticks BIGINT NOT NULL CHECK (freight_cold_per_g_km_ticks >= 0),
    freight_base_per_g_ticks BIGINT NOT NULL CHECK (freight_base_per_g_ticks >= 0),
    -- A shortage counts as this many times the plausible ceiling price, in permille.
    shortage_permille BIGINT NOT NULL CHECK (shortage_permille BETWEEN 1000 AND 100000),
    status TEXT NOT NULL CHECK (status IN ('active', 'closed')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0)
);

CREATE TABLE market_members (
    market_id BIGINT NOT NULL REFERENCES markets (id),
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (market_id, organisation_id)
);
CREATE INDEX market_members_by_organisation ON market_members (organisation_id);
