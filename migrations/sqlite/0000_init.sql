CREATE TABLE `adapter_state` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer
);
--> statement-breakpoint
CREATE TABLE `article_versions` (
	`shop_id` text NOT NULL,
	`article_id` text NOT NULL,
	`version` integer NOT NULL,
	`draft` text NOT NULL,
	`published` integer NOT NULL,
	`by_name` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`shop_id`, `article_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `articles` (
	`id` text NOT NULL,
	`shop_id` text NOT NULL,
	`draft` text NOT NULL,
	`words` text NOT NULL,
	`category` text,
	`locale` text,
	`version` integer NOT NULL,
	`published` text,
	`published_version` integer,
	`changed_at` integer NOT NULL,
	`deleted_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`shop_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `articles_list` ON `articles` (`shop_id`,`updated_at`);--> statement-breakpoint
CREATE INDEX `articles_changed` ON `articles` (`shop_id`,`changed_at`);--> statement-breakpoint
CREATE TABLE `audit` (
	`shop_id` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`target` text,
	`result` text NOT NULL,
	`request_id` text,
	`address` text,
	`data` text NOT NULL,
	PRIMARY KEY(`shop_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `audit_seals` (
	`shop_id` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`shop_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `contacts` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`name` text,
	`email` text,
	`phone` text,
	`locale` text,
	`level` text NOT NULL,
	`member_id` text,
	`tags` text NOT NULL,
	`vip` integer NOT NULL,
	`merged_into` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contacts_member` ON `contacts` (`shop_id`,`member_id`) WHERE member_id is not null and merged_into is null;--> statement-breakpoint
CREATE INDEX `contacts_shop` ON `contacts` (`shop_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `conversations` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`channel` text NOT NULL,
	`identity_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`address` text NOT NULL,
	`last_inbound_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`identity_id`) REFERENCES `identities`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_identity` ON `conversations` (`identity_id`);--> statement-breakpoint
CREATE INDEX `conversations_contact` ON `conversations` (`contact_id`);--> statement-breakpoint
CREATE TABLE `counters` (
	`key` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`shop_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`session_id` text NOT NULL,
	`message_id` text NOT NULL,
	`author_kind` text NOT NULL,
	`content` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`repeats` integer NOT NULL,
	`next_at` integer NOT NULL,
	`lease_until` integer NOT NULL,
	`lease_token` text,
	`expires_at` integer NOT NULL,
	`channel_message_id` text,
	`code` text,
	`detail` text,
	`created_at` integer NOT NULL,
	`settled_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_id` ON `deliveries` (`id`);--> statement-breakpoint
CREATE INDEX `deliveries_message` ON `deliveries` (`message_id`);--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`next_at`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `deliveries_order` ON `deliveries` (`conversation_id`,`seq`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `deliveries_dead` ON `deliveries` (`shop_id`,`seq`) WHERE state = 'dead';--> statement-breakpoint
CREATE INDEX `deliveries_channel_id` ON `deliveries` (`inbox_id`,`channel_message_id`) WHERE channel_message_id is not null;--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`shop_id` text NOT NULL,
	`type` text NOT NULL,
	`conversation_id` text,
	`session_id` text,
	`ticket_id` text,
	`message_id` text,
	`data` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `events_shop` ON `events` (`shop_id`,`id`);--> statement-breakpoint
CREATE INDEX `events_conversation` ON `events` (`conversation_id`,`id`);--> statement-breakpoint
CREATE TABLE `files` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`owner_id` text NOT NULL,
	`name` text NOT NULL,
	`mime` text NOT NULL,
	`size` integer NOT NULL,
	`body` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `files_owner` ON `files` (`owner_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `gap_questions` (
	`shop_id` text NOT NULL,
	`id` text NOT NULL,
	`text` text NOT NULL,
	`normalized` text NOT NULL,
	`count` integer NOT NULL,
	`transfers` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`state` text NOT NULL,
	`article_id` text,
	PRIMARY KEY(`shop_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `gap_questions_open` ON `gap_questions` (`shop_id`,`state`,`last_at`);--> statement-breakpoint
CREATE TABLE `identities` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`channel_user_id` text NOT NULL,
	`level` text NOT NULL,
	`name` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `identities_user` ON `identities` (`inbox_id`,`channel_user_id`);--> statement-breakpoint
CREATE INDEX `identities_contact` ON `identities` (`contact_id`);--> statement-breakpoint
CREATE TABLE `inboxes` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`channel` text NOT NULL,
	`name` text NOT NULL,
	`config` text NOT NULL,
	`state` text NOT NULL,
	`state_detail` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE INDEX `inboxes_shop` ON `inboxes` (`shop_id`);--> statement-breakpoint
CREATE TABLE `logins` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `logins_user` ON `logins` (`user_id`);--> statement-breakpoint
CREATE TABLE `messages` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`shop_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`channel` text NOT NULL,
	`conversation_id` text NOT NULL,
	`session_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`direction` text NOT NULL,
	`author_kind` text NOT NULL,
	`author_id` text,
	`author_name` text,
	`content` text NOT NULL,
	`at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`channel_message_id` text,
	`client_id` text,
	`media_ref` text,
	`delivery` text,
	`article_id` text,
	`article_version` integer,
	`score` real,
	`edited_at` integer,
	`recalled_at` integer,
	`decided_at` integer,
	`decision_id` text,
	`attempts` integer NOT NULL,
	`lease_until` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_id` ON `messages` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `messages_channel_id` ON `messages` (`inbox_id`,`channel_message_id`) WHERE channel_message_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `messages_client_id` ON `messages` (`conversation_id`,`client_id`) WHERE client_id is not null;--> statement-breakpoint
CREATE INDEX `messages_conversation` ON `messages` (`conversation_id`,`at`,`seq`);--> statement-breakpoint
CREATE INDEX `messages_contact` ON `messages` (`contact_id`,`at`,`seq`);--> statement-breakpoint
CREATE INDEX `messages_session` ON `messages` (`session_id`,`at`,`seq`);--> statement-breakpoint
CREATE INDEX `messages_undecided` ON `messages` (`lease_until`) WHERE decided_at is null;--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`channel` text NOT NULL,
	`state` text NOT NULL,
	`owner` text NOT NULL,
	`owner_epoch` integer NOT NULL,
	`change_id` text,
	`open_reason` text NOT NULL,
	`reopen_count` integer NOT NULL,
	`opened_at` integer NOT NULL,
	`last_inbound_at` integer NOT NULL,
	`last_message_at` integer NOT NULL,
	`waiting_since` integer,
	`queued_at` integer,
	`closed_at` integer,
	`closed_by` text,
	`ticket_id` text,
	`language` text,
	`misses` integer NOT NULL,
	`flow` text,
	`unread` integer NOT NULL,
	`preview` text,
	`rating` integer,
	`rating_comment` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_open` ON `sessions` (`contact_id`) WHERE state <> 'closed';--> statement-breakpoint
CREATE INDEX `sessions_contact` ON `sessions` (`contact_id`,`opened_at`);--> statement-breakpoint
CREATE INDEX `sessions_list` ON `sessions` (`shop_id`,`state`,`last_message_at`);--> statement-breakpoint
CREATE INDEX `sessions_owner` ON `sessions` (`shop_id`,`owner`,`last_message_at`);--> statement-breakpoint
CREATE TABLE `shops` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`locale` text NOT NULL,
	`time_zone` text NOT NULL,
	`settings` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `synonyms` (
	`shop_id` text PRIMARY KEY NOT NULL,
	`groups` text NOT NULL,
	`stop_words` text NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`input` text NOT NULL,
	`done` integer NOT NULL,
	`total` integer NOT NULL,
	`result` text,
	`errors` text NOT NULL,
	`lease_until` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `tasks_open` ON `tasks` (`lease_until`) WHERE state in ('queued', 'running');--> statement-breakpoint
CREATE TABLE `throttles` (
	`key` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `ticket_log` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`ticket_id` text NOT NULL,
	`kind` text NOT NULL,
	`by_id` text,
	`by_name` text,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`ticket_id`) REFERENCES `tickets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `ticket_log_ticket` ON `ticket_log` (`ticket_id`,`at`);--> statement-breakpoint
CREATE TABLE `tickets` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`number` text NOT NULL,
	`contact_id` text NOT NULL,
	`session_id` text NOT NULL,
	`status` text NOT NULL,
	`priority` text NOT NULL,
	`rank` integer NOT NULL,
	`group_name` text NOT NULL,
	`assignee` text,
	`order_ids` text NOT NULL,
	`tags` text NOT NULL,
	`context` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`claimed_at` integer,
	`first_reply_at` integer,
	`resolved_at` integer,
	`resolution` text,
	`change_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_number` ON `tickets` (`shop_id`,`number`);--> statement-breakpoint
CREATE INDEX `tickets_list` ON `tickets` (`shop_id`,`status`,`created_at`);--> statement-breakpoint
CREATE INDEX `tickets_contact` ON `tickets` (`contact_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `tickets_session` ON `tickets` (`session_id`);--> statement-breakpoint
CREATE TABLE `unsupported_events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`shop_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`kind` text NOT NULL,
	`raw` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `unsupported_events_inbox` ON `unsupported_events` (`inbox_id`,`at`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`groups` text NOT NULL,
	`password_hash` text NOT NULL,
	`disabled_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email` ON `users` (`email`);--> statement-breakpoint
CREATE INDEX `users_shop` ON `users` (`shop_id`);--> statement-breakpoint
CREATE TABLE `visitor_tokens` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`shop_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`identity_id` text NOT NULL,
	`seen_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `visitor_tokens_conversation` ON `visitor_tokens` (`conversation_id`);