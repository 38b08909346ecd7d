DROP TRIGGER IF EXISTS audit_entries_no_delete;
DROP TRIGGER IF EXISTS audit_entries_no_update;
