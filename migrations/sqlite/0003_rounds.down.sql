DROP TRIGGER awards_no_update;
DROP TRIGGER awards_no_delete;
DROP TRIGGER shortages_no_update;
DROP TRIGGER shortages_no_delete;
DROP TRIGGER order_lines_no_update;
DROP TRIGGER order_lines_no_delete;
DROP TRIGGER round_snapshots_no_update;
DROP TRIGGER round_snapshots_no_delete;
