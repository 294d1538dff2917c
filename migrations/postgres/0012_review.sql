ALTER TABLE "articles" ADD COLUMN "review" text;--> statement-breakpoint
ALTER TABLE "articles" ADD COLUMN "review_at" bigint;--> statement-breakpoint
ALTER TABLE "articles" ADD COLUMN "sent_back" text;--> statement-breakpoint
CREATE INDEX "articles_review" ON "articles" USING btree ("shop_id","review_at") WHERE review_at is not null;
