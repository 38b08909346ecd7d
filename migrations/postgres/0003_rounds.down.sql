DROP TRIGGER awards_only_grow ON awards;
DROP TRIGGER shortages_only_grow ON shortages;
DROP TRIGGER order_lines_only_grow ON order_lines;
DROP TRIGGER round_snapshots_only_grow ON round_snapshots;
