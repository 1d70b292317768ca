import { noWords, staffOf, type Company, type Estate, type Words } from '../estate.ts'
import type { Instant } from '../ids.ts'
import { codes, familyOf, taxonomy, type Category, type Code } from '../taxonomy.ts'
import { readDemand } from './demand.ts'
import type { EmergencyType, Facts, Kind } from './facts.ts'
import { readLost } from './lost.ts'
import { best, expected, leaning, readerBy, shareOfBest, type Scores } from './model/model.ts'
import { unpack } from './model/packed.ts'
import { weights } from './model/weights.ts'
import { readConcerned } from './person.ts'
import type { Place } from './place.ts'
import { readByRules } from './rules.ts'
import { categoryOf, isMatter, isRisk, judgeDanger, urgentKind } from './weigh.ts'
import { readTimes } from './time.ts'
import { strongest, type Topic } from './topic.ts'
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
  /** What people there call things, by code. */
  readonly words: Words
}

const contexts = new WeakMap<Company, Map<Estate | null, Context>>()

/** What is known of one estate, or of all of a company's where it is not known which. */
export function contextOf(company: Company, estate: Estate | null): Context {
  const known = contexts.get(company) ?? new Map<Estate | null, Context>()
  contexts.set(company, known)
  const context = known.get(estate) ?? newContext(company, estate === null ? company.estates : [estate])
  known.set(estate, context)
  return context
}

const newContext = (company: Company, estates: readonly Estate[]): Context => ({
  timezone: estates[0]?.calendar.timezone ?? 'Asia/Shanghai',
  buildings: [...new Set(estates.flatMap((e) => e.buildings.map((b) => b.name)))],
  staffNames: [...new Set(estates.flatMap((e) => staffOf(company, e).map((s) => s.name)))],
  words: estates.length === 1 ? (estates[0]?.words ?? noWords) : togetherOf(estates),
})

function togetherOf(estates: readonly Estate[]): Words {
  const all = codes.map((code) => [code, estates.flatMap((e) => e.words[code] ?? [])] as const)
  return Object.fromEntries(all.filter(([, words]) => words.length > 0))
}

/** A text of which nobody knows where it comes from. */
export const nowhere: Context = {
  timezone: 'Asia/Shanghai',
  buildings: [],
  staffNames: [],
  words: noWords,
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

/** The code of a category where no word says which of its codes it is. */
const usualCodes: Readonly<Record<Category, Code>> = {
  leak: 'RP01',
  facility: 'RP02',
  elevator: 'EL03',
  utility: 'UT01',
  noise: 'NS01',
  pollution: 'PO01',
  sanitation: 'CL01',
  greenery: 'GR01',
  security: 'SE02',
  parking: 'PK01',
  fee: 'FE01',
  service: 'ST02',
  governance: 'FE04',
  neighbour: 'NS05',
  fire: 'FS01',
  construction: 'RN01',
  pet: 'NS04',
  delivery: 'SE04',
  developer: 'RP06',
  other: 'OT01',
}

/** Codes of another category that may be meant: a street lamp is a utility to residents, a facility to who repairs it. */
const alsoCodes: Readonly<Partial<Record<Category, readonly Code[]>>> = { utility: ['RP02'], leak: ['UT01'] }

const readScores = readerBy(unpack(weights))

/** Kinds that 客服 answers, whatever they are about; their category is the message's own. */
const deskCodes: Readonly<Partial<Record<Kind, Code>>> = {
  suggestion: 'SG01',
  praise: 'SG02',
  enquiry: 'SG03',
}

/**
 * Reads what one text says, by rules and a small model that was trained on written messages. Words are verbatim parts of
 * `text`; only its first 1,500 and last 500 characters are read. Never throws; takes well under a millisecond.
 */
export function understand(text: string, now: Instant, context: Context): Facts {
  const rules = readByRules(text, context.words)
  const { reading, mood, topic } = rules
  const scores = readScores(rules.features)
  const place = withNamedBuilding(text, rules.place, context.buildings)
  const concerned = readConcerned(reading, context.staffNames)
  const danger = judgeDanger(rules, scores)
  const isEmergency = danger.danger >= 0.5
  // A threat with no word of a trouble is about one that was told before.
  const onlyThreatens = mood.threat && topic.strength < 1
  const kind = isEmergency ? urgentKind(scores) : onlyThreatens ? 'other' : best(scores, 'kind')
  const lift = danger.type === 'trapped' && isInLift(reading.text)
  const category = kind === 'other' || !isMatter(rules, scores) ? null : categoryOf(topic, scores)
  const classified =
    isEmergency && danger.type ? emergencyClass(danger.type, lift) : classify(kind, category, topic, scores)
  return {
    kind,
    ...classified,
    building: [...place.building],
    unit: [...place.unit],
    room: [...place.room],
    area: [...place.area],
    household: place.household,
    time: readTimes(reading, now, context.timezone),
    demand: kind === 'other' ? null : readDemand(reading),
    safety: isEmergency ? 'emergency' : danger.danger >= 0.1 || isRisk(rules, scores) ? 'risk' : 'none',
    danger: danger.danger,
    emergencyType: danger.type,
    lift,
    // What plainly tells of a danger is that danger; where the model alone thinks of one, it is this.
    lost: rules.danger.danger < 0.5 && danger.type !== 'selfharm' && readLost(reading.text),
    selfInvolved: isSelfInvolved(reading.text, danger.type),
    anger: mood.threat ? 3 : Math.round(0.6 * expected(scores, 'anger') + 0.4 * mood.anger),
    threat: mood.threat,
    repeat: mood.repeat || leaning(scores, 'repeat') > 0,
    authority: mood.authority,
    vulnerable: concerned.vulnerable,
    reach: concerned.reach,
    effect: kind === 'suggestion' ? 'wish' : concerned.effect,
    minor: concerned.minor,
    phone: concerned.phone,
    people: concerned.people,
  }
}

const emergencyClass = (type: EmergencyType, lift: boolean): { code: Code; category: Category } => {
  const code = lift ? 'EL01' : emergencyCodes[type]
  return { code, category: taxonomy[code].category }
}

function classify(
  kind: Kind,
  category: Category | null,
  topic: Topic,
  scores: Scores,
): { code: Code | null; category: Category | null } {
  if (category === null) return { code: null, category: null }
  const desk = deskCodes[kind]
  if (desk) return { code: desk, category }
  const code = strongest(topic.codes, category, alsoCodes[category])
  // An emergency's code is for emergencies; what only speaks of gas is a matter of utilities.
  if (code && familyOf(code) !== 'EM') return { code, category }
  // No word says which: a person looks, where the model is of two minds.
  const isSure = shareOfBest(scores, 'category') >= 0.5
  return { code: isSure ? usualCodes[category] : 'OT01', category }
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

/**
 * Reads a few texts for nothing. A pattern is compiled when it is first used, which takes all of them together some tens of
 * milliseconds: that must not be the first resident's message.
 */
export function warmUp(): void {
  const texts = [
    '您好，3栋2单元1201厨房昨晚十点开始漏水，说了三次没人管，希望今天派人来修，电话13800000000，谢谢！',
    '有人被困电梯里了，快来人！楼道里有烟，闻到煤气味，老人晕倒了，玻璃往下掉，水还在涨',
    '请问物业费多少？建议装个灯。感谢张师傅，上周三下午、每天晚上、从上个月开始、11月9号到12号、半小时前',
  ]
  for (const text of texts) for (let round = 0; round < 3; round++) understand(text, 0, nowhere)
}
