CREATE TABLE `presence` (
	`user_id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`mark` text NOT NULL,
	`seen_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `presence_shop` ON `presence` (`shop_id`);--> statement-breakpoint
CREATE INDEX `tickets_resolved` ON `tickets` (`shop_id`,`resolved_at`);
