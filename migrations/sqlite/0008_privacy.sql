ALTER TABLE `contacts` ADD `erased_at` integer;--> statement-breakpoint
ALTER TABLE `contacts` ADD `legal_hold` text;
