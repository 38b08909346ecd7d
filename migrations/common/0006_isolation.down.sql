DROP TABLE stock_movements;
DROP INDEX rounds_by_name;
ALTER TABLE organisations DROP COLUMN registered_by;
