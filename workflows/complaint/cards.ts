import { changesOf, staffOf } from '../estate.ts'
import type { StaffId } from '../ids.ts'
import type { Card, CardButton } from '../message.ts'
import {
  button,
  dangerWords,
  label,
  masked,
  maskedPhone,
  repeated,
  responsibilityName,
  select,
  stamp,
  stepName,
  text,
  title,
} from '../phrases/cards.ts'
import { placeWords } from '../phrases/places.ts'
import { isService, standsStill } from '../sla.ts'
import { taxonomy } from '../taxonomy.ts'
import type { Effect } from '../turn.ts'
import { canOwn, isAtWork } from '../duty.ts'
import {
  ageRow,
  clip,
  danger,
  footageButton,
  isAccepted,
  levelIn,
  plain,
  primary,
  signButton,
  standing,
  type Role,
  type Setting,
} from './card-parts.ts'
import { effectFace } from './effect.ts'
import type { CardFace, EventOf } from './events.ts'
import { decideButtons, leadButtons, leadRows, leadText, supervisorButtons } from './lead-cards.ts'
import { reportsOf } from './repeats.ts'
import { isOpen, isProgramsCode, responsibilityCodes, type Complaint } from './state.ts'
import { waitButtons, waitSelect } from './wait-cards.ts'
import { departmentFor } from './who.ts'
import type { Work } from './work.ts'

/** Another face for one reader's card: an old card was pressed, or a press opened a choice. */
export function showFace(w: Work, e: EventOf<'showCard'>): void {
  w.giveCard(e.staff, 'watch', e.anew)
  w.faces.set(e.staff, e.face)
}

/**
 * The cards that changed in this turn, one per complaint and person. A new card goes out only to who must act; the
 * others' cards take the new face where their code still allows it.
 */
export function changedCards(before: Complaint | null, w: Work): readonly Effect[] {
  const staff = staffOf(w.company, w.estate)
  const away = changesOf(w.company).flatMap((c) => (isAtWork(w.company, c.staff, w.now) ? [] : [c.staff]))
  const setting: Setting = { estate: w.policyEstate, staff, away }
  const faces = drawnIn(setting, w)
  const effects: Effect[] = []
  for (const { staff, role } of w.c.cards) {
    const face = w.faces.get(staff)
    const card = drawCard(w.c, setting, staff, role, face ?? 'task')
    const roleBefore = before?.cards.find((c) => c.staff === staff)?.role
    const text = face ? null : faces.keep(w.c, staff, role, card)
    const isAsBefore = text !== null && before && roleBefore && text === faces.of(before, staff, roleBefore)
    const push = w.push.has(staff)
    if (!push && isAsBefore) continue
    effects.push({ do: 'card', complaint: w.c.id, to: staff, card, push })
  }
  for (const staff of w.wiped)
    effects.push({ do: 'card', complaint: w.c.id, to: staff, card: wipedCard(w.c), push: false })
  return effects
}

/** The cards of a state as texts, in one setting. */
interface Drawn {
  readonly setting: readonly unknown[]
  readonly texts: Map<string, string>
}

/** What a turn draws of the state it leaves is what the next one compares with: most cards are drawn once. */
const drawn = new WeakMap<Complaint, Drawn>()

function drawnIn(setting: Setting, { company }: Work) {
  const here = [setting.estate, company.estates, company.staff, setting.away.join()]
  const textsOf = (c: Complaint): Map<string, string> => {
    const known = drawn.get(c)
    if (known?.setting.every((part, i) => part === here[i])) return known.texts
    const texts = new Map<string, string>()
    drawn.set(c, { setting: here, texts })
    return texts
  }
  const nameOf = (to: StaffId, role: Role): string => `${role} ${to}`
  return {
    keep(c: Complaint, to: StaffId, role: Role, card: Card): string {
      const text = JSON.stringify(card)
      textsOf(c).set(nameOf(to, role), text)
      return text
    },
    of: (c: Complaint, to: StaffId, role: Role): string =>
      textsOf(c).get(nameOf(to, role)) ?? JSON.stringify(drawCard(c, setting, to, role, 'task')),
  }
}

/** What is left on the card of somebody who may see no more of the case. */
const wipedCard = (c: Complaint): Card => ({
  title: text.over,
  subtitle: '',
  tone: 'plain',
  rows: [{ label: label.number, value: c.number }],
  text: text.gone,
  buttons: [],
  select: null,
})

/**
 * The card of a case as one reader may see it (domain.md 6.1): who handles it sees the household and a masked number, who
 * only watches sees number, category, area, severity and deadline, whoever it is about sees nothing.
 */
export function drawCard(c: Complaint, setting: Setting, to: StaffId, role: Role, wanted: CardFace): Card {
  const face = faceFor(c, setting, to, role, wanted)
  const holds = role === 'owner' || role === 'callback'
  const due = c.deadlines.filter((d) => !standsStill(c, d)).toSorted((a, b) => a.due - b.due)[0]
  const zone = setting.estate.calendar.timezone
  const handlerRows = [
    { label: label.number, value: c.number },
    { label: label.where, value: placeWords(c.about.place) },
    { label: label.who, value: who(c) },
    { label: label.status, value: standing(c, zone) },
    due && isOpen(c.status)
      ? { label: label.due, value: `${stepName[due.step]} ${stamp(due.due, zone)}前` }
      : null,
    ageRow(c, zone),
  ].filter((row) => row !== null)
  // Whoever is above reads what there is to decide; a question the card asks goes before.
  const watches = role === 'watch' || (role === 'alarm' && c.alarm === null)
  const leads = watches && face === 'task' && isOpen(c.status) && levelIn(setting, to) >= 1
  const rows = holds ? handlerRows : leadRows(c, setting)
  const buttons = isOpen(c.status) ? buttonsFor(c, setting, to, role, face) : []
  const look = effectFace(c, to)
  return {
    title: clip(look?.title ?? titleFor(c, role), 26),
    subtitle: clip(holds ? c.about.summary : taxonomy[c.code].name, 30),
    tone: toneFor(c),
    rows: rows.slice(0, 6).map((row) => ({ label: row.label, value: clip(row.value, 26) })),
    text: clip(look?.text ?? (leads ? leadText(c, setting, to) : textFor(c, role, face, zone)), 112),
    buttons: look?.buttons ?? atMostSix(buttons),
    select: isOpen(c.status) ? selectFor(c, setting, face) : null,
  }
}

/** Nobody has it, and this reader sits where it is given to somebody. */
const assigns = (c: Complaint, setting: Setting, to: StaffId): boolean =>
  c.status === 'registered' && (setting.staff.find((s) => s.id === to)?.departments.includes('客服') ?? false)

/** The platform's limit; the last one leads to what does not fit. */
function atMostSix(buttons: readonly CardButton[]): readonly CardButton[] {
  return buttons.length <= 6 ? buttons : [...buttons.slice(0, 5), ...buttons.slice(-1)]
}

/** The plain face for whoever may not open this one any more: a card lives longer than what it was drawn from. */
function faceFor(c: Complaint, setting: Setting, to: StaffId, role: Role, wanted: CardFace): CardFace {
  if (!isOpen(c.status)) return 'task'
  const owns = role === 'owner' && to === c.owner
  const movable = c.status !== 'confirming' && c.status !== 'feedback'
  switch (wanted) {
    case 'reassign':
      return movable && (levelIn(setting, to) >= 1 || assigns(c, setting, to)) ? wanted : 'task'
    case 'handOver':
      return movable && c.status !== 'registered' && owns ? wanted : 'task'
    case 'responsibility':
      return owns && !isService(c.kind) && (c.status === 'verifying' || c.status === 'resolving')
        ? wanted
        : 'task'
    case 'more':
    case 'wait':
      return isAccepted(c) && owns ? wanted : 'task'
    case 'lead':
      return movable && isAccepted(c) && owns && levelIn(setting, to) >= 1 ? wanted : 'task'
    case 'contact':
      return (isAccepted(c) && owns) || c.callback?.by === to || overseer(c, setting, to) ? wanted : 'task'
    case 'task':
      return wanted
  }
}

/** Somebody above to whom it was escalated: they may call the resident. */
const overseer = (c: Complaint, setting: Setting, to: StaffId): boolean =>
  c.escalated.includes(to) && levelIn(setting, to) >= 1

function toneFor(c: Complaint): Card['tone'] {
  if (!isOpen(c.status)) return 'good'
  if (c.danger) return 'danger'
  return c.severity === 'S1' || c.severity === 'S2' ? 'warning' : 'plain'
}

function titleFor(c: Complaint, role: Role): string {
  if (c.danger && isOpen(c.status)) {
    const what = dangerWords(c.danger)
    return c.danger.suspected ? title.suspected(what) : title.alarm(what)
  }
  if (role === 'callback') return c.callback?.why === 'asked' ? title.asked : title.callback
  if (role === 'owner') return title.task(taxonomy[c.code].name)
  return title.watch(taxonomy[c.code].name)
}

function who(c: Complaint): string {
  if (c.forgotten) return masked.forgotten
  if (c.anonymous) return masked.anonymous
  const name = c.about.name ?? masked.unnamed
  return c.about.phone ? `${name} ${maskedPhone(c.about.phone)}` : name
}

function textFor(c: Complaint, role: Role, face: CardFace, zone: string): string {
  if (!isOpen(c.status)) return text.closed
  const last = c.repeat?.cases.at(-1)?.number
  const task = c.untold !== null && role === 'owner' && face === 'task' ? text.untold : ''
  return (last === undefined ? '' : repeated.last(reportsOf(c), last)) + task + stageText(c, role, face, zone)
}

function stageText(c: Complaint, role: Role, face: CardFace, zone: string): string {
  if (face === 'responsibility') return text.chooseCode
  if (face === 'handOver' || face === 'reassign') return text.choosePerson
  if (face === 'contact') return text.contact
  if (face === 'wait') return text.wait
  if (role === 'alarm' && c.alarm === null) return text.over
  if (c.claim !== null && role === 'owner') return text.claim
  if (role === 'callback' && c.callback?.next) return text.callLater(stamp(c.callback.next, zone))
  if (role === 'callback' && c.callback) return c.callback.why === 'asked' ? text.wantsPerson : text.callback
  if (role === 'alarm') return text.alarm
  if (c.danger && c.status === 'assigned') return c.danger.suspected ? text.suspected : text.alarm
  switch (c.status) {
    case 'registered':
      return text.unowned
    case 'assigned':
      return c.wantsPerson ? text.wantsPerson : c.incomplete ? text.incomplete : text.accept
    case 'verifying':
      return c.verified === null ? text.verify : text.determine
    case 'resolving':
      return isService(c.kind) ? text.service : text.resolve
    case 'confirming':
      return text.confirming
    case 'feedback':
      return role === 'owner' ? text.feedback : text.sign
    default:
      return text.closed
  }
}

/** What this reader may press now. Everything here has a rule in `life.ts`; what is missing here may still be said in words. */
function buttonsFor(
  c: Complaint,
  setting: Setting,
  to: StaffId,
  role: Role,
  face: CardFace,
): readonly CardButton[] {
  if (face === 'responsibility')
    return [primary('chooseResponsibility', button.confirm), plain('back', button.back)]
  if (face === 'handOver') return [primary('chooseHandOver', button.confirm), plain('back', button.back)]
  if (face === 'reassign') return [primary('chooseReassign', button.confirm), plain('back', button.back)]
  if (face === 'contact') {
    return owesVisit(c, to)
      ? [...visitButtons(), plain('back', button.back)]
      : [...contactButtons(), plain('back', button.back)]
  }
  if (role === 'owner' && to === c.owner) {
    const undo = c.held?.by === to ? [danger('undo', button.undo)] : []
    const claim =
      c.claim !== null
        ? [primary('claim:right', button.claimRight), plain('claim:wrong', button.claimWrong)]
        : []
    if (face === 'lead') return leadButtons(c, setting, to)
    const leads = levelIn(setting, to) >= 1
    if (face === 'wait') return waitButtons(c)
    if (face === 'more') return [...undo, ...claim, ...moreButtons(c, leads)]
    return [...undo, ...claim, ...footageButton(c), ...ownerButtons(c, to, leads)]
  }
  if (role === 'callback' && c.callback?.by === to)
    return [
      ...decideButtons(c, setting, to),
      ...(c.about.phone === null ? [] : [plain('revealPhone', button.revealPhone)]),
      ...(owesVisit(c, to) ? visitButtons() : contactButtons()),
      ...signButton(c),
    ]
  if (role === 'alarm' && c.alarm !== null)
    return [danger('accept', button.acceptDanger), ...footageButton(c)]
  if (levelIn(setting, to) >= 1) return supervisorButtons(c, setting, to)
  return [...footageButton(c), ...(assigns(c, setting, to) ? [primary('reassign', button.reassign)] : [])]
}

/** A call about how it went; one that was asked for is only recorded as made. */
const owesVisit = (c: Complaint, to: StaffId): boolean => c.callback?.by === to && c.callback.why !== 'asked'

const contactButtons = (): readonly CardButton[] => [
  primary('contact:phone', button.contactPhone),
  plain('contact:met', button.contactMet),
  plain('contact:noAnswer', button.noAnswer),
]

const visitButtons = (): readonly CardButton[] => [
  primary('visit:solved', button.visitSolved),
  plain('visit:notSolved', button.visitNotSolved),
  plain('visit:noAnswer', button.noAnswer),
]

function ownerButtons(c: Complaint, to: StaffId, leads: boolean): readonly CardButton[] {
  if (!isAccepted(c)) {
    const urgent = c.danger !== null || c.severity === 'S1'
    return [
      urgent ? danger('accept', button.acceptDanger) : primary('accept', button.accept),
      plain('decline', button.decline),
      plain('handOver', button.handOver),
    ]
  }
  const reveal = reachButtons(c, to)
  const going = c.alarm === null ? [] : [danger('accept', button.acceptDanger)]
  if (c.status === 'confirming' || c.status === 'feedback')
    return [...(leads ? signButton(c) : []), plain('progress', button.progress), ...reveal]
  if (isService(c.kind))
    return [...going, primary('reply', button.reply), ...reveal, plain('more', button.more)]
  const safe = c.danger && !c.danger.suspected ? [danger('standDown', button.standDown)] : []
  const arrive = c.marks.arrived === null ? [plain('arrive', button.arrive)] : []
  if (c.kind === 'complaint' && c.responsibility === null) {
    return [...going, ...safe, ...reveal, ...arrive, ...verifyButtons(c), plain('more', button.more)]
  }
  return [
    ...going,
    ...safe,
    ...reveal,
    ...arrive,
    primary('plan', button.plan),
    primary('done', button.done),
    plain('more', button.more),
  ]
}

/** How the resident is reached: by phone, whose outcome is chosen once the number is shown; without one in writing. */
function reachButtons(c: Complaint, to: StaffId): readonly CardButton[] {
  if (c.about.phone !== null)
    return [c.untold ? primary('revealPhone', button.revealPhone) : plain('revealPhone', button.revealPhone)]
  if (c.untold) return [primary('contact:phone', button.contactPhone)]
  return owesVisit(c, to)
    ? [plain('visit:solved', button.visitSolved), plain('visit:notSolved', button.visitNotSolved)]
    : [plain('ask', button.ask)]
}

/** What comes next: first something is found, then it is all heard and seen, then it is judged. */
function verifyButtons(c: Complaint): readonly CardButton[] {
  if (c.about.findings.length === 0)
    return [primary('finding', button.finding), plain('verified', button.verified)]
  const finding = plain('finding', button.finding)
  return c.verified === null
    ? [finding, primary('verified', button.verified)]
    : [finding, primary('responsibility', button.responsibility)]
}

/** What does not fit on the first face, and seldom must. */
function moreButtons(c: Complaint, leads: boolean): readonly CardButton[] {
  const service = isService(c.kind)
  return [
    plain('ask', button.ask),
    ...(service ? [] : [plain('hear', button.hear)]),
    plain('progress', button.progress),
    plain('wait', button.wait),
    leads ? plain('lead', button.lead) : plain('handOver', button.handOver),
    plain('back', button.back),
  ]
}

const chosenByStaff = responsibilityCodes.filter((code) => !isProgramsCode(code))

function selectFor(c: Complaint, setting: Setting, face: CardFace): Card['select'] {
  if (face === 'responsibility') {
    return {
      key: 'code',
      title: select.code,
      options: chosenByStaff.map((id) => ({ id, label: responsibilityName[id] })),
    }
  }
  if (face === 'wait') return waitSelect(c)
  if (face !== 'handOver' && face !== 'reassign') return null
  const department = departmentFor(c)
  const others = setting.staff.filter(
    (s) => canOwn(s) && s.id !== c.owner && !c.subjects.includes(s.id) && !setting.away.includes(s.id),
  )
  const own = others.filter((s) => s.departments.includes(department))
  return {
    key: 'staff',
    title: select.person,
    options: [...new Set([...own, ...others])]
      .slice(0, 10)
      .map((s) => ({ id: s.id, label: clip(`${s.name} ${s.departments[0] ?? ''}`, 16) })),
  }
}
