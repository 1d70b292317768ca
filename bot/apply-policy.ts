import { isDeepStrictEqual } from 'node:util'
import type { Store } from '../db/store.ts'
import { readStored } from '../db/stored.ts'
import { complaintSchema } from '../workflows/complaint/state.ts'
import { findEstate, type Company } from '../workflows/estate.ts'
import type { ComplaintId, EstateId } from '../workflows/ids.ts'
import { companyAt } from './companies.ts'
import { TurnFailed, type Inbox } from './inbox.ts'

export interface Applied {
  /** Open cases that follow other rules no more. */
  readonly changed: number
  /** Stored, but not decided yet: tried again by themselves, as any failed event is. */
  readonly waiting: number
}

/** So many turns are one commit; between two of them whatever else waits has its turn. */
const together = 25

/**
 * Open cases of an estate take its policy and calendar as the estate file has them now. Asked again, those that have them
 * are left alone; so are those for which the file changed nothing.
 */
export async function applyPolicy(
  { store, inbox }: { readonly store: Store; readonly inbox: Pick<Inbox, 'submit'> },
  company: Company,
  estate: EstateId,
): Promise<Applied> {
  const inForce = rulesOf(company, estate)
  const same = new Map<number, boolean>([[company.version, true]])
  const hasThem = (version: number): boolean => {
    const known = same.get(version)
    if (known !== undefined) return known
    const equal = isDeepStrictEqual(rulesOf(companyAt(store.companies, version), estate), inForce)
    same.set(version, equal)
    return equal
  }

  let changed = 0
  let waiting = 0
  for (let before: ComplaintId | null = null; ;) {
    const page = store.reads.list({ estate, open: true, before, limit: together })
    const behind = page.filter(({ id }) => {
      const version = versionOf(store, id)
      return version !== null && !hasThem(version)
    })
    const outcomes = await Promise.all(
      behind.map(({ id }) =>
        inbox.submit({ to: 'complaint', id }, { type: 'policyChanged', version: company.version }).then(
          () => 'changed' as const,
          (error: unknown) => {
            if (!(error instanceof TurnFailed)) throw error
            return 'waiting' as const
          },
        ),
      ),
    )
    changed += outcomes.filter((outcome) => outcome === 'changed').length
    waiting += outcomes.filter((outcome) => outcome === 'waiting').length
    const last = page.at(-1)
    if (!last || page.length < together) return { changed, waiting }
    before = last.id
  }
}

/** What a case takes from its version: the rest (people, names) is always as it is now. */
function rulesOf(company: Company, id: EstateId) {
  const estate = findEstate(company, id)
  return estate && { policy: estate.policy, calendar: estate.calendar }
}

function versionOf(store: Store, id: ComplaintId): number | null {
  const row = store.complaints.complaint(id)
  return row && readStored(complaintSchema, row.state, 'complaints', row.id).version
}
