CREATE TABLE "file_parts" (
	"shop_id" text NOT NULL,
	"file_id" text NOT NULL,
	"part" bigint NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "file_parts_file_id_part_pk" PRIMARY KEY("file_id","part")
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "media_due_at" bigint;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "media_attempts" bigint;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "media_code" text;--> statement-breakpoint
CREATE INDEX "messages_media" ON "messages" USING btree ("inbox_id","media_due_at") WHERE media_due_at is not null;--> statement-breakpoint
CREATE INDEX "adapter_state_expiring" ON "adapter_state" USING btree ("expires_at") WHERE expires_at is not null;
