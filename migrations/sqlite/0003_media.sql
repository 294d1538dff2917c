CREATE TABLE `file_parts` (
	`shop_id` text NOT NULL,
	`file_id` text NOT NULL,
	`part` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`file_id`, `part`)
);
--> statement-breakpoint
ALTER TABLE `messages` ADD `media_due_at` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `media_attempts` integer;--> statement-breakpoint
ALTER TABLE `messages` ADD `media_code` text;--> statement-breakpoint
CREATE INDEX `messages_media` ON `messages` (`inbox_id`,`media_due_at`) WHERE media_due_at is not null;--> statement-breakpoint
CREATE INDEX `adapter_state_expiring` ON `adapter_state` (`expires_at`) WHERE expires_at is not null;
