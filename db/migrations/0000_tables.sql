CREATE TABLE `cards` (
	`complaint` integer NOT NULL,
	`staff` text NOT NULL,
	`body` text,
	`revision` integer NOT NULL,
	`push_pending` integer NOT NULL,
	`task` text,
	`sent_revision` integer NOT NULL,
	`code` text,
	`code_at` integer,
	PRIMARY KEY(`complaint`, `staff`),
	FOREIGN KEY (`complaint`) REFERENCES `complaints`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `codes` (
	`code` text PRIMARY KEY NOT NULL,
	`person` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`person`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `codes_person` ON `codes` (`person`);--> statement-breakpoint
CREATE TABLE `complaints` (
	`id` integer PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`estate` text,
	`person` integer NOT NULL,
	`status` text NOT NULL,
	`open` integer NOT NULL,
	`unowned` integer NOT NULL,
	`kind` text NOT NULL,
	`code` text NOT NULL,
	`severity` text NOT NULL,
	`owner` text,
	`area` text,
	`building` text,
	`received_at` integer NOT NULL,
	`closed_at` integer,
	`revision` integer NOT NULL,
	`state` text NOT NULL,
	FOREIGN KEY (`person`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "complaints_open" CHECK(open in (0, 1) and unowned in (0, 1)),
	CONSTRAINT "complaints_severity" CHECK(severity in ('S1', 'S2', 'S3', 'S4'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `complaints_number` ON `complaints` (`number`);--> statement-breakpoint
CREATE INDEX `complaints_person` ON `complaints` (`person`,`id`);--> statement-breakpoint
CREATE INDEX `complaints_owner` ON `complaints` (`owner`) WHERE open = 1;--> statement-breakpoint
CREATE INDEX `complaints_similar` ON `complaints` (`estate`,`code`) WHERE open = 1;--> statement-breakpoint
CREATE INDEX `complaints_unowned` ON `complaints` (`id`) WHERE unowned = 1;--> statement-breakpoint
CREATE TABLE `conversations` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`person` integer,
	`staff` text,
	`channel` text NOT NULL,
	`account` text NOT NULL,
	`external_id` text NOT NULL,
	`shown_name` text,
	`state` text NOT NULL,
	`revision` integer NOT NULL,
	`moved_to` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`person`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "conversations_kind" CHECK((kind = 'resident' and person is not null) or (kind = 'desk' and staff is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_identity` ON `conversations` (`channel`,`account`,`external_id`) WHERE kind = 'resident';--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_desk` ON `conversations` (`staff`) WHERE kind = 'desk';--> statement-breakpoint
CREATE INDEX `conversations_person` ON `conversations` (`person`) WHERE person is not null;--> statement-breakpoint
CREATE TABLE `counters` (
	`day` text PRIMARY KEY NOT NULL,
	`n` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `estate_versions` (
	`version` integer PRIMARY KEY NOT NULL,
	`content` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `holders` (
	`staff` text NOT NULL,
	`complaint` integer NOT NULL,
	PRIMARY KEY(`staff`, `complaint`),
	FOREIGN KEY (`complaint`) REFERENCES `complaints`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `inbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`cause` text NOT NULL,
	`parent` integer,
	`channel` text NOT NULL,
	`account` text NOT NULL,
	`sender` text NOT NULL,
	`message_id` text,
	`group_id` text,
	`conversation` integer,
	`complaint` integer,
	`event` text NOT NULL,
	`version` integer NOT NULL,
	`at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`seed` integer NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_at` integer,
	`error` text,
	`turned_at` integer,
	`turned_after` integer,
	FOREIGN KEY (`conversation`) REFERENCES `conversations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "inbox_state" CHECK(state in ('received', 'done', 'dead')),
	CONSTRAINT "inbox_cause" CHECK(cause in ('message', 'api', 'timer', 'outcome', 'program', 'told'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_identity` ON `inbox` (`channel`,`account`,`sender`,`message_id`) WHERE message_id is not null;--> statement-breakpoint
CREATE INDEX `inbox_retry` ON `inbox` (`next_at`) WHERE state = 'received';--> statement-breakpoint
CREATE INDEX `inbox_dead` ON `inbox` (`id`) WHERE state = 'dead';--> statement-breakpoint
CREATE INDEX `inbox_conversation` ON `inbox` (`conversation`) WHERE conversation is not null;--> statement-breakpoint
CREATE INDEX `inbox_complaint` ON `inbox` (`complaint`) WHERE complaint is not null;--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`fence` integer NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `loads` (
	`staff` text PRIMARY KEY NOT NULL,
	`open` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `media` (
	`id` integer PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`original_name` text,
	`conversation` integer NOT NULL,
	`state` text NOT NULL,
	`sha256` text,
	`mime` text,
	`size` integer,
	`attempts` integer NOT NULL,
	`next_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`conversation`) REFERENCES `conversations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "media_state" CHECK(state in ('waiting', 'saved', 'gone', 'erase')),
	CONSTRAINT "media_saved" CHECK(state <> 'saved' or (sha256 is not null and mime is not null and size is not null))
);
--> statement-breakpoint
CREATE INDEX `media_waiting` ON `media` (`next_at`) WHERE state in ('waiting', 'erase');--> statement-breakpoint
CREATE INDEX `media_sha256` ON `media` (`sha256`) WHERE sha256 is not null;--> statement-breakpoint
CREATE INDEX `media_conversation` ON `media` (`conversation`);--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`conversation` integer NOT NULL,
	`complaint` integer,
	`staff` text,
	`channel` text NOT NULL,
	`account` text NOT NULL,
	`recipient` text NOT NULL,
	`kind` text NOT NULL,
	`body` text,
	`weight` text NOT NULL,
	`revision` integer,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`unknowns` integer NOT NULL,
	`next_at` integer NOT NULL,
	`claimed_by` text NOT NULL,
	`ref` text,
	`recall_at` integer,
	`outcome` text,
	`blank_after` integer NOT NULL,
	`created_at` integer NOT NULL,
	`done_at` integer,
	FOREIGN KEY (`conversation`) REFERENCES `conversations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "outbox_state" CHECK(state in ('pending', 'sent', 'skipped', 'refused', 'letGo', 'unknown', 'dead', 'seen'))
);
--> statement-breakpoint
CREATE INDEX `outbox_pending` ON `outbox` (`id`) WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX `outbox_shown` ON `outbox` (`state`) WHERE state in ('refused', 'letGo', 'unknown', 'dead');--> statement-breakpoint
CREATE INDEX `outbox_recall` ON `outbox` (`recall_at`) WHERE recall_at is not null and state = 'sent';--> statement-breakpoint
CREATE INDEX `outbox_conversation` ON `outbox` (`conversation`);--> statement-breakpoint
CREATE INDEX `outbox_complaint` ON `outbox` (`complaint`) WHERE complaint is not null;--> statement-breakpoint
CREATE TABLE `persons` (
	`id` integer PRIMARY KEY NOT NULL,
	`estate` text,
	`name` text,
	`phone` text,
	`household` text,
	`minor` integer DEFAULT 0 NOT NULL,
	`phone_refused` integer DEFAULT 0 NOT NULL,
	`forgotten_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `timeline` (
	`complaint` integer NOT NULL,
	`seq` integer NOT NULL,
	`type` text NOT NULL,
	`by` text NOT NULL,
	`staff` text,
	`at` integer NOT NULL,
	`data` text NOT NULL,
	`words` integer,
	`media` text NOT NULL,
	PRIMARY KEY(`complaint`, `seq`),
	FOREIGN KEY (`complaint`) REFERENCES `complaints`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`words`) REFERENCES `words`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "timeline_by" CHECK((by = 'staff') = (staff is not null) and by in ('resident', 'staff', 'program'))
);
--> statement-breakpoint
CREATE TABLE `timers` (
	`kind` text NOT NULL,
	`id` integer NOT NULL,
	`due` integer NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`kind`, `id`),
	CONSTRAINT "timers_kind" CHECK(kind in ('complaint', 'conversation'))
);
--> statement-breakpoint
CREATE INDEX `timers_due` ON `timers` (`due`);--> statement-breakpoint
CREATE TABLE `words` (
	`id` integer PRIMARY KEY NOT NULL,
	`complaint` integer NOT NULL,
	`person` integer NOT NULL,
	`text` text,
	FOREIGN KEY (`complaint`) REFERENCES `complaints`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`person`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `words_complaint` ON `words` (`complaint`);--> statement-breakpoint
CREATE INDEX `words_person` ON `words` (`person`);