CREATE TABLE "presence" (
	"user_id" text PRIMARY KEY NOT NULL,
	"shop_id" text NOT NULL,
	"mark" text NOT NULL,
	"seen_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "presence" ADD CONSTRAINT "presence_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "presence_shop" ON "presence" USING btree ("shop_id");--> statement-breakpoint
CREATE INDEX "tickets_resolved" ON "tickets" USING btree ("shop_id","resolved_at");
