DROP TABLE market_members;
DROP TABLE markets;
DROP TABLE reference_prices;
DROP TABLE commodity_units;
DROP TABLE commodities;
DROP TABLE places;
DROP TABLE regions;
