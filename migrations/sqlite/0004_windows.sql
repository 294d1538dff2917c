CREATE TABLE `usage` (
	`shop_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`day` text NOT NULL,
	`route` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`shop_id`, `inbox_id`, `day`, `route`)
);
--> statement-breakpoint
CREATE TABLE `templates` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`name` text NOT NULL,
	`locale` text NOT NULL,
	`vendor_id` text NOT NULL,
	`category` text,
	`params` text NOT NULL,
	`preview_text` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `templates_vendor` ON `templates` (`inbox_id`,`vendor_id`,`locale`);--> statement-breakpoint
ALTER TABLE `conversations` ADD `heard_at` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `said_since` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `joined_at` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `said_since_joined` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `shut_at` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `template` text;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `batch` text;--> statement-breakpoint
-- What the contact did last is not known; a message is by far the likeliest.
UPDATE conversations SET heard_at = last_inbound_at;
