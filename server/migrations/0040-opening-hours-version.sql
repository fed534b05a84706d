-- Who saves hours that a colleague changed meanwhile is told so.
ALTER TABLE opening_hours ADD COLUMN version int NOT NULL DEFAULT 1;
