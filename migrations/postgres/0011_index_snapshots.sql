CREATE TABLE "index_snapshots" (
	"shop_id" text PRIMARY KEY NOT NULL,
	"file_id" text NOT NULL,
	"mark" bigint NOT NULL,
	"kind" text NOT NULL
);
