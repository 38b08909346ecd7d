DROP TABLE log_witnesses;
DROP TABLE log_keys;
DROP TABLE log_cosignatures;
DROP TABLE log_checkpoints;
DROP TABLE row_salts;
DROP TABLE row_layouts;
DROP TABLE row_seals;
DROP TABLE log_tiles;
DROP TABLE log_head;
DROP TABLE audit_entries;
CREATE TABLE audit_entries (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    member_id BIGINT REFERENCES members (id),
    organisation_id BIGINT REFERENCES organisations (id),
    market_id BIGINT,
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    event TEXT NOT NULL,
    old_value TEXT NOT NULL DEFAULT '',
    new_value TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_entries_by_subject ON audit_entries (subject, subject_id, id);
CREATE INDEX audit_entries_by_market ON audit_entries (market_id, id);
