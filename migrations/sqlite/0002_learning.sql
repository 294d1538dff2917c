CREATE TABLE `corrections` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`message_id` text NOT NULL,
	`session_id` text NOT NULL,
	`article_id` text,
	`article_version` integer,
	`kind` text NOT NULL,
	`note` text NOT NULL,
	`question` text NOT NULL,
	`answer` text NOT NULL,
	`state` text NOT NULL,
	`by_id` text NOT NULL,
	`by_name` text NOT NULL,
	`created_at` integer NOT NULL,
	`closed_at` integer,
	`closed_by` text,
	`closed_version` integer,
	`reason` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `corrections_open` ON `corrections` (`message_id`) WHERE state = 'open';--> statement-breakpoint
CREATE INDEX `corrections_list` ON `corrections` (`shop_id`,`state`,`created_at`);--> statement-breakpoint
CREATE TABLE `feedback` (
	`message_id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`article_id` text,
	`article_version` integer,
	`helpful` integer NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `feedback_article` ON `feedback` (`shop_id`,`article_id`,`at`);--> statement-breakpoint
CREATE TABLE `gap_asks` (
	`shop_id` text NOT NULL,
	`message_id` text NOT NULL,
	`gap_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`session_id` text NOT NULL,
	`channel` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`shop_id`, `message_id`)
);
--> statement-breakpoint
CREATE INDEX `gap_asks_at` ON `gap_asks` (`shop_id`,`at`);--> statement-breakpoint
CREATE INDEX `gap_asks_gap` ON `gap_asks` (`shop_id`,`gap_id`,`at`);--> statement-breakpoint
CREATE TABLE `import_items` (
	`shop_id` text NOT NULL,
	`batch_id` text NOT NULL,
	`article_id` text NOT NULL,
	`draft_before` text,
	`published_before` text,
	`version` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`shop_id`, `batch_id`, `article_id`)
);
--> statement-breakpoint
ALTER TABLE `articles` ADD `next` text;--> statement-breakpoint
ALTER TABLE `articles` ADD `next_version` integer;--> statement-breakpoint
ALTER TABLE `articles` ADD `next_percent` integer;--> statement-breakpoint
ALTER TABLE `articles` ADD `next_from` integer;--> statement-breakpoint
ALTER TABLE `articles` ADD `valid_until` integer;--> statement-breakpoint
CREATE INDEX `articles_expiring` ON `articles` (`shop_id`,`valid_until`) WHERE valid_until is not null;--> statement-breakpoint
ALTER TABLE `gap_questions` ADD `settled_at` integer;--> statement-breakpoint
CREATE INDEX `messages_article` ON `messages` (`shop_id`,`article_id`,`at`) WHERE article_id is not null;--> statement-breakpoint
CREATE INDEX `messages_questions` ON `messages` (`shop_id`,`at`) WHERE direction = 'inbound';--> statement-breakpoint
-- From here on the column follows the working copy at every save.
UPDATE articles SET valid_until = json_extract(draft, '$.validUntil');
