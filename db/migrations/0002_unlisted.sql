PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_conversations` (
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
	CONSTRAINT "conversations_kind" CHECK((kind = 'resident' and person is not null) or (kind = 'desk' and staff is not null)
        or (kind = 'unlisted' and person is null and staff is null))
);
--> statement-breakpoint
INSERT INTO `__new_conversations`("id", "kind", "person", "staff", "channel", "account", "external_id", "shown_name", "state", "revision", "moved_to", "created_at") SELECT "id", "kind", "person", "staff", "channel", "account", "external_id", "shown_name", "state", "revision", "moved_to", "created_at" FROM `conversations`;--> statement-breakpoint
DROP TABLE `conversations`;--> statement-breakpoint
ALTER TABLE `__new_conversations` RENAME TO `conversations`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_identity` ON `conversations` (`channel`,`account`,`external_id`) WHERE kind = 'resident';--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_desk` ON `conversations` (`staff`) WHERE kind = 'desk';--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_unlisted` ON `conversations` (`channel`,`account`,`external_id`) WHERE kind = 'unlisted';--> statement-breakpoint
CREATE INDEX `conversations_person` ON `conversations` (`person`) WHERE person is not null;--> statement-breakpoint
CREATE INDEX `media_name` ON `media` (`channel`,`name`);