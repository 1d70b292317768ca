import type { Instant } from '../ids.ts'
import { familyOf, taxonomy, type Category, type Code } from '../taxonomy.ts'
import { readDanger } from './danger.ts'
import { readDemand } from './demand.ts'
import type { EmergencyType, Facts, Kind } from './facts.ts'
import { readHazard } from './hazard.ts'
import { readKind } from './kind.ts'
import { readMood } from './mood.ts'
import { read } from './normalise.ts'
import { readConcerned } from './person.ts'
import { readPlace, type Place } from './place.ts'
import { readTimes } from './time.ts'
import { readTopic } from './topic.ts'
import { isInLift, isSelfInvolved } from './victim.ts'

export {
  readChoice,
  readCommand,
  readCorrection,
  readStars,
  type Choice,
  type Command,
  type Correction,
  type Slots,
} from './answers.ts'

/** What is known about the estate a text comes from; empty lists where it is not known yet. */
export interface Context {
  /** IANA zone of the estate's clock. */
  readonly timezone: string
  /** Names of its buildings as `estate.yaml` writes them. */
  readonly buildings: readonly string[]
  /** Names of its staff, looked for first among the people a text names. */
  readonly staffNames: readonly string[]
}

/** The code a danger is registered under, from which the case later takes another family's code (domain.md 5.1 rule 15). */
const emergencyCodes: Readonly<Record<EmergencyType, Code>> = {
  trapped: 'EM09',
  gas: 'EM02',
  fire: 'EM01',
  electric: 'EM06',
  falling: 'EM05',
  flood: 'EM06',
  violence: 'EM04',
  medical: 'EM03',
  selfharm: 'EM08',
  collapse: 'EM07',
}

/** Kinds that 客服 answers, whatever they are about; their category is the message's own. */
const deskCodes: Readonly<Partial<Record<Kind, Code>>> = {
  suggestion: 'SG01',
  praise: 'SG02',
  enquiry: 'SG03',
}

/**
 * Reads what one text says, by rules alone. Words are verbatim parts of `text`; only its first 1,500 and last 500
 * characters are read. Never throws; takes well under a millisecond.
 */
export function understand(text: string, now: Instant, context: Context): Facts {
  const reading = read(text)
  const danger = readDanger(reading.text)
  const topic = readTopic(reading.text)
  const mood = readMood(reading.text)
  const place = withNamedBuilding(text, readPlace(reading), context.buildings)
  const concerned = readConcerned(reading, context.staffNames)
  const hasPlace = place.building.length + place.unit.length + place.room.length > 0
  const kind = readKind(reading.text, {
    topic: topic.strength,
    anger: mood.anger,
    repeat: mood.repeat,
    danger: danger.danger,
    hasPlace,
  })
  const lift = danger.type === 'trapped' && isInLift(reading.text)
  const { code, category } = classify(kind, topic, danger.danger >= 0.5 ? danger.type : null, lift)
  return {
    kind,
    code,
    category,
    building: [...place.building],
    unit: [...place.unit],
    room: [...place.room],
    area: [...place.area],
    household: place.household,
    time: readTimes(reading, now, context.timezone),
    demand: kind === 'other' ? null : readDemand(reading),
    safety: danger.danger >= 0.5 ? 'emergency' : readHazard(reading.text, danger) ? 'risk' : 'none',
    danger: danger.danger,
    emergencyType: danger.type,
    lift,
    selfInvolved: isSelfInvolved(reading.text, danger.type),
    anger: mood.anger,
    threat: mood.threat,
    repeat: mood.repeat,
    authority: mood.authority,
    vulnerable: concerned.vulnerable,
    reach: concerned.reach,
    effect: kind === 'suggestion' ? 'wish' : concerned.effect,
    minor: concerned.minor,
    phone: concerned.phone,
    people: concerned.people,
  }
}

function classify(
  kind: Kind,
  topic: { readonly code: Code | null; readonly category: Category | null },
  emergency: EmergencyType | null,
  lift: boolean,
): { code: Code | null; category: Category | null } {
  if (emergency) {
    const code = lift ? 'EL01' : emergencyCodes[emergency]
    return { code, category: taxonomy[code].category }
  }
  if (kind === 'other') return { code: null, category: null }
  const category = topic.category ?? 'service'
  const desk = deskCodes[kind]
  if (desk) return { code: desk, category }
  const code = topic.code ?? 'ST02'
  // An emergency's code is for emergencies; what only speaks of gas is a matter of utilities.
  return { code: familyOf(code) === 'EM' ? 'UT01' : code, category }
}

/**
 * Adds a building that only the estate's own list knows (`紫荆阁`): numbers and letters are read from the text alone,
 * names cannot be.
 */
function withNamedBuilding(text: string, place: Place, buildings: readonly string[]): Place {
  if (place.household.building !== null) return place
  const name = buildings.find((known) => known.length >= 2 && text.includes(known))
  if (name === undefined) return place
  return { ...place, building: [...place.building, name], household: { ...place.household, building: name } }
}
