CREATE TABLE "proofs" (
	"shop_id" text NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"contact_id" text NOT NULL,
	"identity_id" text,
	"at" bigint NOT NULL,
	CONSTRAINT "proofs_shop_id_kind_value_contact_id_pk" PRIMARY KEY("shop_id","kind","value","contact_id")
);
--> statement-breakpoint
CREATE TABLE "link_codes" (
	"hash" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"kind" text NOT NULL,
	"contact_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"used_at" bigint,
	"used_by" text
);
--> statement-breakpoint
CREATE TABLE "merges" (
	"id" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"into_id" text NOT NULL,
	"from_id" text NOT NULL,
	"kind" text NOT NULL,
	"by_id" text,
	"by_name" text,
	"reason" text,
	"at" bigint NOT NULL,
	"undone_at" bigint,
	"undone_by_id" text,
	"undone_by_name" text,
	"undone_reason" text,
	"change_id" text
);
--> statement-breakpoint
CREATE TABLE "merge_items" (
	"shop_id" text NOT NULL,
	"merge_id" text NOT NULL,
	"kind" text NOT NULL,
	"row_id" text NOT NULL,
	"level" text,
	"proven_by" text,
	"member_id" text,
	"state" text,
	"owner" text,
	CONSTRAINT "merge_items_merge_id_kind_row_id_pk" PRIMARY KEY("merge_id","kind","row_id")
);
--> statement-breakpoint
ALTER TABLE "merge_items" ADD CONSTRAINT "merge_items_merge_id_merges_id_fk" FOREIGN KEY ("merge_id") REFERENCES "public"."merges"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "proofs_one" ON "proofs" USING btree ("shop_id","kind","value") WHERE kind not in ('phone', 'email');
--> statement-breakpoint
CREATE INDEX "proofs_contact" ON "proofs" USING btree ("contact_id");
--> statement-breakpoint
CREATE INDEX "link_codes_contact" ON "link_codes" USING btree ("contact_id","kind");
--> statement-breakpoint
CREATE INDEX "link_codes_expiry" ON "link_codes" USING btree ("shop_id","expires_at");
--> statement-breakpoint
CREATE INDEX "merges_into" ON "merges" USING btree ("into_id","at");
--> statement-breakpoint
CREATE INDEX "merges_from" ON "merges" USING btree ("from_id","at");
--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "proven_by" text;
--> statement-breakpoint
ALTER TABLE "identities" ADD COLUMN "identified_at" bigint;
