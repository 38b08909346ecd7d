DROP TABLE number_series;
DROP TABLE idempotency_keys;
DROP TABLE audit_entries;
DROP TABLE access_tokens;
DROP TABLE members;
DROP TABLE organisation_capabilities;
DROP TABLE organisations;
