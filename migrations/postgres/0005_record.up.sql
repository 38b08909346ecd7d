-- Keys of the rows that open transactions wrote, by transaction. Unlogged: after a crash there is no open transaction.
CREATE UNLOGGED TABLE record_touched (
    xact BIGINT NOT NULL,
    table_name TEXT NOT NULL,
    k1 TEXT NOT NULL,
    k2 TEXT NOT NULL,
    k3 TEXT NOT NULL
);

-- Writes down the keys of the rows that a statement changed; its arguments are the key's columns. It runs as its owner, so
-- that the application's role can neither skip it nor write to the list itself.
CREATE FUNCTION record_touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    keys TEXT := '';
BEGIN
    FOR n IN 0..2 LOOP
        keys := keys || CASE WHEN n < TG_NARGS THEN format(', CAST(%I AS TEXT)', TG_ARGV[n]) ELSE ', ''''' END;
    END LOOP;
    EXECUTE format('INSERT INTO %I.record_touched SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT), %L%s FROM changed',
        TG_TABLE_SCHEMA, TG_TABLE_NAME, keys);
    RETURN NULL;
END $$;

-- The log only grows. The one change it allows is to forget an entry's text: whatever the leaf is made of stays.
CREATE TRIGGER audit_entries_only_grow BEFORE UPDATE ON audit_entries FOR EACH ROW
WHEN (NOT (NEW.salt = '' AND NEW.old_value = '' AND NEW.new_value = '' AND NEW.reason = ''
    AND NEW.id IS NOT DISTINCT FROM OLD.id
    AND NEW.leaf_index IS NOT DISTINCT FROM OLD.leaf_index
    AND NEW.at IS NOT DISTINCT FROM OLD.at
    AND NEW.member_id IS NOT DISTINCT FROM OLD.member_id
    AND NEW.organisation_id IS NOT DISTINCT FROM OLD.organisation_id
    AND NEW.market_id IS NOT DISTINCT FROM OLD.market_id
    AND NEW.subject IS NOT DISTINCT FROM OLD.subject
    AND NEW.subject_id IS NOT DISTINCT FROM OLD.subject_id
    AND NEW.event IS NOT DISTINCT FROM OLD.event
    AND NEW.commitment IS NOT DISTINCT FROM OLD.commitment))
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_tiles_only_grow BEFORE UPDATE OR DELETE ON log_tiles FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_tiles_no_truncate BEFORE TRUNCATE ON log_tiles FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_checkpoints_only_grow BEFORE UPDATE OR DELETE ON log_checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_checkpoints_no_truncate BEFORE TRUNCATE ON log_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_cosignatures_only_grow BEFORE UPDATE OR DELETE ON log_cosignatures FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_cosignatures_no_truncate BEFORE TRUNCATE ON log_cosignatures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER row_seals_only_grow BEFORE UPDATE OR DELETE ON row_seals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER row_seals_no_truncate BEFORE TRUNCATE ON row_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER row_layouts_only_grow BEFORE UPDATE OR DELETE ON row_layouts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER row_layouts_no_truncate BEFORE TRUNCATE ON row_layouts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
