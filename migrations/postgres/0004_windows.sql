CREATE TABLE "usage" (
	"shop_id" text NOT NULL,
	"inbox_id" text NOT NULL,
	"day" text NOT NULL,
	"route" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "usage_shop_id_inbox_id_day_route_pk" PRIMARY KEY("shop_id","inbox_id","day","route")
);
--> statement-breakpoint
CREATE TABLE "templates" (
	"id" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"inbox_id" text NOT NULL,
	"name" text NOT NULL,
	"locale" text NOT NULL,
	"vendor_id" text NOT NULL,
	"category" text,
	"params" text NOT NULL,
	"preview_text" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "heard_at" bigint;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "said_since" bigint;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "joined_at" bigint;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "said_since_joined" bigint;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "shut_at" bigint;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "template" text;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "batch" text;--> statement-breakpoint
CREATE UNIQUE INDEX "templates_vendor" ON "templates" USING btree ("inbox_id","vendor_id","locale");--> statement-breakpoint
-- What the contact did last is not known; a message is by far the likeliest.
UPDATE conversations SET heard_at = last_inbound_at;
