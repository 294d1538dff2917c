ALTER TABLE `articles` ADD `review` text;--> statement-breakpoint
ALTER TABLE `articles` ADD `review_at` integer;--> statement-breakpoint
ALTER TABLE `articles` ADD `sent_back` text;--> statement-breakpoint
CREATE INDEX `articles_review` ON `articles` (`shop_id`,`review_at`) WHERE review_at is not null;
