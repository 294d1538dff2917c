ALTER TABLE "contacts" ADD COLUMN "erased_at" bigint;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "legal_hold" text;
