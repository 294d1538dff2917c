CREATE TABLE `flows` (
	`shop_id` text NOT NULL,
	`id` text NOT NULL,
	`definition` text NOT NULL,
	`version` integer NOT NULL,
	`by_name` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`shop_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `flow_marks` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`shop_id` text NOT NULL,
	`message_id` text NOT NULL,
	`place` integer NOT NULL,
	`flow_id` text NOT NULL,
	`run` text NOT NULL,
	`step` text NOT NULL,
	`outcome` text NOT NULL,
	`session_id` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `flow_marks_message` ON `flow_marks` (`message_id`,`place`);--> statement-breakpoint
CREATE INDEX `flow_marks_flow` ON `flow_marks` (`shop_id`,`flow_id`,`at`);--> statement-breakpoint
ALTER TABLE `shops` ADD `version` integer;
