-- What was awarded stays as it was awarded.
CREATE TRIGGER awards_only_grow BEFORE UPDATE OR DELETE ON awards
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER shortages_only_grow BEFORE UPDATE OR DELETE ON shortages
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_lines_only_grow BEFORE UPDATE OR DELETE ON order_lines
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER round_snapshots_only_grow BEFORE UPDATE OR DELETE ON round_snapshots
FOR EACH ROW EXECUTE FUNCTION refuse_change();
