DROP FUNCTION record_touch CASCADE;
DROP TABLE record_touched;
