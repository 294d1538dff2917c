CREATE TABLE `proofs` (
	`shop_id` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`contact_id` text NOT NULL,
	`identity_id` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`shop_id`, `kind`, `value`, `contact_id`)
);
--> statement-breakpoint
CREATE TABLE `link_codes` (
	`hash` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`kind` text NOT NULL,
	`contact_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`used_by` text
);
--> statement-breakpoint
CREATE TABLE `merges` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`into_id` text NOT NULL,
	`from_id` text NOT NULL,
	`kind` text NOT NULL,
	`by_id` text,
	`by_name` text,
	`reason` text,
	`at` integer NOT NULL,
	`undone_at` integer,
	`undone_by_id` text,
	`undone_by_name` text,
	`undone_reason` text,
	`change_id` text
);
--> statement-breakpoint
CREATE TABLE `merge_items` (
	`shop_id` text NOT NULL,
	`merge_id` text NOT NULL,
	`kind` text NOT NULL,
	`row_id` text NOT NULL,
	`level` text,
	`proven_by` text,
	`member_id` text,
	`state` text,
	`owner` text,
	PRIMARY KEY(`merge_id`, `kind`, `row_id`),
	FOREIGN KEY (`merge_id`) REFERENCES `merges`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `proofs_one` ON `proofs` (`shop_id`,`kind`,`value`) WHERE kind not in ('phone', 'email');
--> statement-breakpoint
CREATE INDEX `proofs_contact` ON `proofs` (`contact_id`);
--> statement-breakpoint
CREATE INDEX `link_codes_contact` ON `link_codes` (`contact_id`,`kind`);
--> statement-breakpoint
CREATE INDEX `link_codes_expiry` ON `link_codes` (`shop_id`,`expires_at`);
--> statement-breakpoint
CREATE INDEX `merges_into` ON `merges` (`into_id`,`at`);
--> statement-breakpoint
CREATE INDEX `merges_from` ON `merges` (`from_id`,`at`);
--> statement-breakpoint
ALTER TABLE `identities` ADD `proven_by` text;
--> statement-breakpoint
ALTER TABLE `identities` ADD `identified_at` integer;
