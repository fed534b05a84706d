-- The bytes of a file that is small and came with a mail stand in its row: one commit makes the mail durable, original
-- and parts included. Null: they are on disk, under their hash.
ALTER TABLE file ADD COLUMN bytes bytea CHECK (length(bytes) = size);
-- As they came: compressing text saves a third of the space and costs four times the work of a row.
ALTER TABLE file ALTER COLUMN bytes SET STORAGE EXTERNAL;
