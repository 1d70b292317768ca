ALTER TABLE `complaints` ADD `unheard_since` integer;--> statement-breakpoint
CREATE INDEX `complaints_unheard` ON `complaints` (`id`) WHERE unheard_since is not null;