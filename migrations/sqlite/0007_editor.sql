ALTER TABLE `articles` ADD `stale` integer;--> statement-breakpoint
ALTER TABLE `articles` ADD `owner_id` text;--> statement-breakpoint
CREATE INDEX `articles_stale` ON `articles` (`shop_id`,`updated_at`) WHERE stale = 1;--> statement-breakpoint
CREATE INDEX `articles_category` ON `articles` (`shop_id`,`category`,`deleted_at`);--> statement-breakpoint
ALTER TABLE `article_versions` ADD `warnings` text;--> statement-breakpoint
ALTER TABLE `article_versions` ADD `reason` text;--> statement-breakpoint
ALTER TABLE `gap_questions` ADD `cluster` text;--> statement-breakpoint
ALTER TABLE `gap_questions` ADD `assignee_id` text;--> statement-breakpoint
ALTER TABLE `gap_questions` ADD `settled_by` text;--> statement-breakpoint
ALTER TABLE `gap_questions` ADD `reason` text;--> statement-breakpoint
DROP INDEX `corrections_open`;--> statement-breakpoint
CREATE UNIQUE INDEX `corrections_open` ON `corrections` (`shop_id`,`message_id`) WHERE state = 'open';--> statement-breakpoint
CREATE INDEX `corrections_message` ON `corrections` (`shop_id`,`message_id`);
