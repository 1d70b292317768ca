/** A moment, in milliseconds since 1970-01-01 UTC. Local time exists only in `calendar.ts`, with a time zone. */
export type Instant = number

/** A length of time in milliseconds. */
export type Millis = number

type Brand<T, Name extends string> = T & { readonly __brand: Name }

/** Our own number of a person, whatever the channels call them (design: People). */
export type PersonId = Brand<number, 'PersonId'>
/** The dialogue with one person on one channel account. */
export type ConversationId = Brand<number, 'ConversationId'>
/** The row of a complaint. What people say aloud is its number, `TS-20261123-0007`. */
export type ComplaintId = Brand<number, 'ComplaintId'>
/** A stored file, before and after its bytes arrive. */
export type MediaId = Brand<number, 'MediaId'>
/** A member of staff, as `estate.yaml` names them (`zhang`). */
export type StaffId = Brand<string, 'StaffId'>
/** An estate, as `estate.yaml` names it (`hefeng`). */
export type EstateId = Brand<string, 'EstateId'>

export const minutes = (n: number): Millis => n * 60_000
export const hours = (n: number): Millis => n * 3_600_000
export const days = (n: number): Millis => n * 86_400_000
export const seconds = (n: number): Millis => n * 1_000
