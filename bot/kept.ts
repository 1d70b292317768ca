import type { PersonRow } from '../db/people.ts'
import type { Store } from '../db/store.ts'
import { readJson, readStored } from '../db/stored.ts'
import { complaintSchema, household as householdSchema } from '../workflows/complaint/state.ts'
import type { PersonId } from '../workflows/ids.ts'
import { intakeSchema, type IntakeEvent } from '../workflows/intake/index.ts'
import type { KeptMessage, KeptOfPerson } from '../workflows/kept.ts'
import type { PersonFacts } from '../workflows/turn.ts'

/** Everything that is kept of a person, read anew: for a copy they asked for, in the chat or in writing. */
export function keptOfPerson(
  { kept, complaints }: Pick<Store, 'kept' | 'complaints'>,
  person: PersonId,
): KeptOfPerson {
  const rows = kept(person)
  return {
    facts: factsOf(rows.person, person),
    chats: rows.chats.map(({ id, channel, shownName, state, createdAt }) => ({
      channel,
      shownName,
      since: createdAt,
      noticed: readStored(intakeSchema, state, 'conversations', id).noticed,
    })),
    messages: rows.messages.flatMap(({ id, groupId, event }): KeptMessage[] => {
      const heard = readJson(event, 'inbox', id) as Extract<IntakeEvent, { type: 'message' }>
      return [{ at: heard.at, inGroup: groupId !== null, content: heard.content }]
    }),
    cases: rows.cases.map(({ id, state }) => ({
      complaint: readStored(complaintSchema, state, 'complaints', id),
      timeline: complaints.timeline(id),
    })),
    files: rows.files.map(({ id, kind, state }) => ({ id, kind, kept: state === 'saved' })),
  }
}

/** What is remembered of a person, out of their row. */
export function factsOf(row: PersonRow, person: PersonId | null): PersonFacts {
  return {
    name: row.name,
    phone: row.phone,
    estate: row.estate,
    household:
      row.household === null ? null : readStored(householdSchema, row.household, 'persons', person ?? 0),
    minor: row.minor === 1,
    phoneRefused: row.phoneRefused === 1,
  }
}
