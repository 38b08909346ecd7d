-- Keys of the rows that the open transaction wrote. Empty between transactions; columns without a type keep what they get.
CREATE TABLE record_touched (
    -- Only PostgreSQL has several writers at once; here it is always 0.
    xact BIGINT NOT NULL DEFAULT 0,
    table_name TEXT NOT NULL,
    k1 NOT NULL,
    k2 NOT NULL,
    k3 NOT NULL,
    PRIMARY KEY (table_name, k1, k2, k3)
) WITHOUT ROWID;

-- The log only grows. The one change it allows is to forget an entry's text: whatever the leaf is made of stays.
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
WHEN NOT (NEW.salt = '' AND NEW.old_value = '' AND NEW.new_value = '' AND NEW.reason = ''
    AND NEW.id IS OLD.id
    AND NEW.leaf_index IS OLD.leaf_index
    AND NEW.at IS OLD.at
    AND NEW.member_id IS OLD.member_id
    AND NEW.organisation_id IS OLD.organisation_id
    AND NEW.market_id IS OLD.market_id
    AND NEW.subject IS OLD.subject
    AND NEW.subject_id IS OLD.subject_id
    AND NEW.event IS OLD.event
    AND NEW.commitment IS OLD.commitment)
BEGIN SELECT RAISE(ABORT, 'audit_entries only grows'); END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries only grows'); END;
CREATE TRIGGER log_tiles_no_update BEFORE UPDATE ON log_tiles
BEGIN SELECT RAISE(ABORT, 'log_tiles only grows'); END;
CREATE TRIGGER log_tiles_no_delete BEFORE DELETE ON log_tiles
BEGIN SELECT RAISE(ABORT, 'log_tiles only grows'); END;
CREATE TRIGGER log_checkpoints_no_update BEFORE UPDATE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'log_checkpoints only grows'); END;
CREATE TRIGGER log_checkpoints_no_delete BEFORE DELETE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'log_checkpoints only grows'); END;
CREATE TRIGGER log_cosignatures_no_update BEFORE UPDATE ON log_cosignatures
BEGIN SELECT RAISE(ABORT, 'log_cosignatures only grows'); END;
CREATE TRIGGER log_cosignatures_no_delete BEFORE DELETE ON log_cosignatures
BEGIN SELECT RAISE(ABORT, 'log_cosignatures only grows'); END;
CREATE TRIGGER row_seals_no_update BEFORE UPDATE ON row_seals
BEGIN SELECT RAISE(ABORT, 'row_seals only grows'); END;
CREATE TRIGGER row_seals_no_delete BEFORE DELETE ON row_seals
BEGIN SELECT RAISE(ABORT, 'row_seals only grows'); END;
CREATE TRIGGER row_layouts_no_update BEFORE UPDATE ON row_layouts
BEGIN SELECT RAISE(ABORT, 'row_layouts only grows'); END;
CREATE TRIGGER row_layouts_no_delete BEFORE DELETE ON row_layouts
BEGIN SELECT RAISE(ABORT, 'row_layouts only grows'); END;
