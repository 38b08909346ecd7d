DROP TABLE complaints;
DROP TABLE bid_answers;
DROP TABLE sealed_keys;
DROP TABLE opening_minutes;
DROP TABLE sittings;
DROP TABLE call_seats;
DROP TABLE call_keys;
