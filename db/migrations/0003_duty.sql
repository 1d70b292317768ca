CREATE TABLE `duty_changes` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`staff` text NOT NULL,
	`with` text,
	`from` integer NOT NULL,
	`until` integer NOT NULL,
	`back_from` integer,
	`back_until` integer,
	`state` text NOT NULL,
	`by` text,
	`asked_of` text NOT NULL,
	`asked_at` integer NOT NULL,
	`raised` integer NOT NULL,
	`decided_by` text,
	CONSTRAINT "duty_changes_kind" CHECK((kind = 'leave' and "with" is null) or (kind = 'swap' and "with" is not null)),
	CONSTRAINT "duty_changes_span" CHECK("from" < until)
);
--> statement-breakpoint
CREATE INDEX `duty_changes_current` ON `duty_changes` (`id`) WHERE state in ('asked', 'agreed', 'begun');