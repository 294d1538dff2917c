-- Event ids must become visible in their order, or a reader resuming at a cursor would skip one that commits late.
-- So writers of one shop queue for its lock before they draw an id, and hold it until they commit.
CREATE FUNCTION events_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.shop_id, 0));
  NEW.id := nextval(pg_get_serial_sequence('events', 'id'));
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_in_order BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION events_in_order();
--> statement-breakpoint
-- The audit log is insert-only, whoever asks.
CREATE FUNCTION audit_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit is insert-only';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION audit_insert_only();
--> statement-breakpoint
CREATE TRIGGER audit_seals_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals EXECUTE FUNCTION audit_insert_only();
