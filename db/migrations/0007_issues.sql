DROP INDEX `complaints_issue`;--> statement-breakpoint
CREATE INDEX `complaints_spot` ON `complaints` (`estate`,`code`,`building`,`area`,`received_at`);--> statement-breakpoint
CREATE INDEX `complaints_household` ON `complaints` (`household`) WHERE household is not null;