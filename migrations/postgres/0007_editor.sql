ALTER TABLE "articles" ADD COLUMN "stale" bigint;--> statement-breakpoint
ALTER TABLE "articles" ADD COLUMN "owner_id" text;--> statement-breakpoint
CREATE INDEX "articles_stale" ON "articles" USING btree ("shop_id","updated_at") WHERE stale = 1;--> statement-breakpoint
CREATE INDEX "articles_category" ON "articles" USING btree ("shop_id","category","deleted_at");--> statement-breakpoint
ALTER TABLE "article_versions" ADD COLUMN "warnings" text;--> statement-breakpoint
ALTER TABLE "article_versions" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "gap_questions" ADD COLUMN "cluster" text;--> statement-breakpoint
ALTER TABLE "gap_questions" ADD COLUMN "assignee_id" text;--> statement-breakpoint
ALTER TABLE "gap_questions" ADD COLUMN "settled_by" text;--> statement-breakpoint
ALTER TABLE "gap_questions" ADD COLUMN "reason" text;--> statement-breakpoint
DROP INDEX "corrections_open";--> statement-breakpoint
CREATE UNIQUE INDEX "corrections_open" ON "corrections" USING btree ("shop_id","message_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "corrections_message" ON "corrections" USING btree ("shop_id","message_id");
