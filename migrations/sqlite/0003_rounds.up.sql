-- What was awarded stays as it was awarded.
CREATE TRIGGER awards_no_update BEFORE UPDATE ON awards
BEGIN SELECT RAISE(ABORT, 'awards only grows'); END;
CREATE TRIGGER awards_no_delete BEFORE DELETE ON awards
BEGIN SELECT RAISE(ABORT, 'awards only grows'); END;
CREATE TRIGGER shortages_no_update BEFORE UPDATE ON shortages
BEGIN SELECT RAISE(ABORT, 'shortages only grows'); END;
CREATE TRIGGER shortages_no_delete BEFORE DELETE ON shortages
BEGIN SELECT RAISE(ABORT, 'shortages only grows'); END;
CREATE TRIGGER order_lines_no_update BEFORE UPDATE ON order_lines
BEGIN SELECT RAISE(ABORT, 'order_lines only grows'); END;
CREATE TRIGGER order_lines_no_delete BEFORE DELETE ON order_lines
BEGIN SELECT RAISE(ABORT, 'order_lines only grows'); END;
CREATE TRIGGER round_snapshots_no_update BEFORE UPDATE ON round_snapshots
BEGIN SELECT RAISE(ABORT, 'round_snapshots only grows'); END;
CREATE TRIGGER round_snapshots_no_delete BEFORE DELETE ON round_snapshots
BEGIN SELECT RAISE(ABORT, 'round_snapshots only grows'); END;
