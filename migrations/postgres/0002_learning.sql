CREATE TABLE "corrections" (
	"id" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"message_id" text NOT NULL,
	"session_id" text NOT NULL,
	"article_id" text,
	"article_version" bigint,
	"kind" text NOT NULL,
	"note" text NOT NULL,
	"question" text NOT NULL,
	"answer" text NOT NULL,
	"state" text NOT NULL,
	"by_id" text NOT NULL,
	"by_name" text NOT NULL,
	"created_at" bigint NOT NULL,
	"closed_at" bigint,
	"closed_by" text,
	"closed_version" bigint,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "feedback" (
	"message_id" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"article_id" text,
	"article_version" bigint,
	"helpful" bigint NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gap_asks" (
	"shop_id" text NOT NULL,
	"message_id" text NOT NULL,
	"gap_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"session_id" text NOT NULL,
	"channel" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "gap_asks_shop_id_message_id_pk" PRIMARY KEY("shop_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "import_items" (
	"shop_id" text NOT NULL,
	"batch_id" text NOT NULL,
	"article_id" text NOT NULL,
	"draft_before" text,
	"published_before" text,
	"version" bigint NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "import_items_shop_id_batch_id_article_id_pk" PRIMARY KEY("shop_id","batch_id","article_id")
);
--> statement-breakpoint
ALTER TABLE "articles" ADD COLUMN "next" text;--> statement-breakpoint
ALTER TABLE "articles" ADD COLUMN "next_version" bigint;--> statement-breakpoint
ALTER TABLE "articles" ADD COLUMN "next_percent" bigint;--> statement-breakpoint
ALTER TABLE "articles" ADD COLUMN "next_from" bigint;--> statement-breakpoint
ALTER TABLE "articles" ADD COLUMN "valid_until" bigint;--> statement-breakpoint
ALTER TABLE "gap_questions" ADD COLUMN "settled_at" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "corrections_open" ON "corrections" USING btree ("message_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "corrections_list" ON "corrections" USING btree ("shop_id","state","created_at");--> statement-breakpoint
CREATE INDEX "feedback_article" ON "feedback" USING btree ("shop_id","article_id","at");--> statement-breakpoint
CREATE INDEX "gap_asks_at" ON "gap_asks" USING btree ("shop_id","at");--> statement-breakpoint
CREATE INDEX "gap_asks_gap" ON "gap_asks" USING btree ("shop_id","gap_id","at");--> statement-breakpoint
CREATE INDEX "articles_expiring" ON "articles" USING btree ("shop_id","valid_until") WHERE valid_until is not null;--> statement-breakpoint
CREATE INDEX "messages_article" ON "messages" USING btree ("shop_id","article_id","at") WHERE article_id is not null;--> statement-breakpoint
CREATE INDEX "messages_questions" ON "messages" USING btree ("shop_id","at") WHERE direction = 'inbound';--> statement-breakpoint
-- From here on the column follows the working copy at every save.
UPDATE articles SET valid_until = (draft::json ->> 'validUntil')::bigint;
