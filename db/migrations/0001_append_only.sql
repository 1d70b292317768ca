-- The timeline is evidence: an entry that was written stays as it was. Words that must go are rows of their own.
CREATE TRIGGER `timeline_no_update` BEFORE UPDATE ON `timeline`
BEGIN
	SELECT raise(ABORT, 'the timeline is append-only: an entry cannot be changed');
END;
--> statement-breakpoint
CREATE TRIGGER `timeline_no_delete` BEFORE DELETE ON `timeline`
BEGIN
	SELECT raise(ABORT, 'the timeline is append-only: an entry cannot be deleted');
END;
--> statement-breakpoint
-- REPLACE would delete without asking the trigger above; and a timeline has no gaps.
CREATE TRIGGER `timeline_next_only` BEFORE INSERT ON `timeline`
WHEN NEW.`seq` <> (SELECT coalesce(max(`seq`), 0) + 1 FROM `timeline` WHERE `complaint` = NEW.`complaint`)
BEGIN
	SELECT raise(ABORT, 'the timeline is append-only: an entry comes after the last one');
END;
