/*
 * Every table of the program. Instants are integers, milliseconds UTC. No foreign key cascades: evidence is never
 * deleted by deleting something else. The timeline's triggers (append-only) are in migrations/0001.
 */
export * from './schema/estate.ts'
export * from './schema/people.ts'
export * from './schema/complaints.ts'
export * from './schema/inbox.ts'
export * from './schema/outbox.ts'
export * from './schema/running.ts'
