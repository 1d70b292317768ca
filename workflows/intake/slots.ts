import type { Code, Family } from '../taxonomy.ts'
import { familyOf } from '../taxonomy.ts'
import type { Kind } from '../understanding/facts.ts'

/** What a case of this sort needs to be known before it can be handed to somebody; the fewer, the better. */
export interface Needs {
  readonly place: boolean
  /** The resident's own home says where: their lift, their tap, the noise above them. */
  readonly placeFromHome: boolean
  readonly who: boolean
  readonly time: boolean
  readonly demand: boolean
  readonly household: boolean
  readonly phone: boolean
}

const nothing: Needs = {
  place: false,
  placeFromHome: false,
  who: false,
  time: false,
  demand: false,
  household: false,
  phone: false,
}

const nowhere: ReadonlySet<Family> = new Set(['FE', 'ST', 'CM', 'PV', 'SG'])
const atHome: ReadonlySet<Code> = new Set<Code>([
  'EL01',
  'EL02',
  'EL03',
  'UT01',
  'UT02',
  'UT03',
  'UT04',
  'RP01',
  'RP03',
  'RP04',
  'RP05',
  'RP06',
  'NS01',
  'NS06',
])
const nowherePlaces: ReadonlySet<Code> = new Set<Code>(['PK02', 'PK05', 'SE04', 'RP05'])
const whenMatters: ReadonlySet<Code> = new Set<Code>([
  'SE03',
  'ST01',
  'ST03',
  'PK03',
  'NS01',
  'NS02',
  'NS03',
  'NS05',
  'PV01',
])
const wishUnclear: ReadonlySet<Family> = new Set(['ST', 'FE', 'PV', 'CM', 'OT'])
const wishUnclearCodes: ReadonlySet<Code> = new Set<Code>(['SE03', 'PK02', 'PK03', 'PK05'])

/** Time and place of theft, damage and falling things decide which footage is kept (domain.md 1.4 rule 6). */
export const footageCodes: ReadonlySet<Code> = new Set<Code>(['SE03', 'PK03', 'NS05'])

/** Rooms named in these are the neighbour's as often as the writer's. */
export const aboutNeighbours: ReadonlySet<Family> = new Set(['NS', 'RN', 'PK'])

/** Enquiry, suggestion and praise get an answer here; nobody has to come (rule 17). */
export const isServedHere = (kind: Kind): boolean =>
  kind === 'enquiry' || kind === 'suggestion' || kind === 'praise'

export function needsOf(kind: Kind, code: Code | null): Needs {
  if (isServedHere(kind)) return nothing
  if (code === null) return { ...nothing, place: true, household: true, phone: true }
  const family = familyOf(code)
  return {
    place: !nowhere.has(family) && !nowherePlaces.has(code),
    placeFromHome: atHome.has(code),
    who: family === 'ST',
    time: kind === 'complaint' && whenMatters.has(code),
    demand: kind === 'complaint' && (wishUnclear.has(family) || wishUnclearCodes.has(code)),
    household: true,
    phone: true,
  }
}
