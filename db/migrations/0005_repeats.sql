ALTER TABLE `complaints` ADD `household` text;--> statement-breakpoint
CREATE INDEX `complaints_issue` ON `complaints` (`estate`,`code`,`received_at`);