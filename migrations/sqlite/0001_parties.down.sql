DROP TRIGGER audit_entries_no_delete;
DROP TRIGGER audit_entries_no_update;
