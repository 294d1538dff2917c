ALTER TABLE `articles` ADD `starter_version` integer;--> statement-breakpoint
-- What a shop was begun with knew nothing of where it came from but who wrote its first version.
UPDATE articles SET starter_version = 1 WHERE EXISTS (
	SELECT 1 FROM article_versions v
	WHERE v.shop_id = articles.shop_id AND v.article_id = articles.id AND v.version = 1 AND v.by_name = 'starter'
);
