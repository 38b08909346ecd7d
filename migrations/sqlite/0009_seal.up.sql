CREATE TRIGGER opening_minutes_no_update BEFORE UPDATE ON opening_minutes
BEGIN SELECT RAISE(ABORT, 'opening_minutes only grows'); END;
CREATE TRIGGER opening_minutes_no_delete BEFORE DELETE ON opening_minutes
BEGIN SELECT RAISE(ABORT, 'opening_minutes only grows'); END;
