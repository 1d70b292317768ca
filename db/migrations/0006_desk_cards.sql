CREATE TABLE `desk_cards` (
	`key` text NOT NULL,
	`staff` text NOT NULL,
	`body` text,
	`revision` integer NOT NULL,
	`push_pending` integer NOT NULL,
	`task` text,
	`sent_revision` integer NOT NULL,
	`code` text,
	`code_at` integer,
	PRIMARY KEY(`key`, `staff`)
);
--> statement-breakpoint
ALTER TABLE `outbox` ADD `desk_card` text;