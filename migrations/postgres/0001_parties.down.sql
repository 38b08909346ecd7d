DROP TRIGGER audit_entries_only_grow ON audit_entries;
DROP FUNCTION refuse_change;
