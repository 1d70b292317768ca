import { copyOf } from '../copy.ts'
import type { Refusal } from '../notice.ts'
import type { ComplaintLoaded, Context, Turn } from '../turn.ts'
import { answerAlert } from './alert.ts'
import { changedCards } from './cards.ts'
import { recordMissed } from './clocks.ts'
import { settle } from './closing.ts'
import { nextDue } from './due.ts'
import type { ComplaintEvent } from './events.ts'
import { confirmHeld } from './holding.ts'
import { relieve } from './leaving.ts'
import { life } from './life.ts'
import { settlePauses } from './pausing.ts'
import { keepInSight, recordPromises } from './promising.ts'
import { register } from './register.ts'
import type { Rule } from './rules.ts'
import type { Complaint } from './state.ts'
import { Work } from './work.ts'

export { complaintSchema, type Complaint, type ComplaintBrief } from './state.ts'
export { briefOf } from './brief.ts'
export type { ComplaintEvent, Registration } from './events.ts'

/**
 * One turn of a complaint. `state` is null only for `register`. Pure: the same state, event, loaded rows and `now` give
 * the same turn. Throws where the event cannot be meant for this state at all (a bug, never a user's doing).
 */
export function stepComplaint(
  state: Complaint | null,
  event: ComplaintEvent,
  loaded: ComplaintLoaded,
  context: Context,
): Turn<Complaint> {
  if (state === null) {
    if (event.type !== 'register')
      throw new Error(`complaint ${loaded.id}: ${event.type} before it was registered`)
    return finish(null, register(event, loaded, context))
  }
  const w = new Work(copyOf(state), loaded, context)
  answerAlert(w, event)
  happen(w, event)
  return finish(state, w)
}

/** Takes the first rule of the table that holds. */
function happen(w: Work, event: ComplaintEvent): void {
  const rule = ruleFor(w, event)
  if (!rule) throw new Error(`complaint ${w.c.id}: no rule for ${event.type} while ${w.c.status}`)
  if ('refuse' in rule) {
    refuse(w, event, rule.refuse)
    return
  }
  const { held, status, owner } = w.c
  for (const act of rule.do) act(w, event)
  if (rule.to) w.c.status = rule.to
  if (held && w.c.held === held && (w.c.status !== status || w.c.owner !== owner)) confirmHeld(w)
  // Said only now that it is recorded (domain.md 5.1 rule 11); what can be undone says so itself (`hold`).
  const apart = 'all' in event || saidWithNext(w, event)
  if ('by' in event && rule.do.length > 0 && !tellsItself.has(event.type) && !apart) {
    w.tellStaff(event.by, { type: 'recorded', act: event.type, undoUntil: null })
  }
}

/** What the presser sees anyway, or hears in other words. */
const tellsItself: ReadonlySet<ComplaintEvent['type']> = new Set([
  'revealPhone',
  'undo',
  'pause',
  'seen',
  'plan',
  'done',
  'responsibility',
])

/** A call that is owed and nobody answered: said with when the next one is. */
const saidWithNext = (w: Work, event: ComplaintEvent): boolean =>
  'outcome' in event && event.outcome === 'noAnswer' && w.c.visits.at(-1)?.at === w.now

/** What this event would be refused for, without doing it: a press that needs words asks before they are written. */
export function refusalOf(c: Complaint, event: ComplaintEvent, context: Context): Refusal | null {
  const rule = ruleFor(new Work(c, nothingLoaded(c), context), event)
  return rule && 'refuse' in rule ? rule.refuse : null
}

const nothingLoaded = (c: Complaint): ComplaintLoaded => ({
  counter: 0,
  checkCode: '',
  load: new Map(),
  earlier: [],
  id: c.id,
})

/** The rule of the table that this event meets in this state. */
export function ruleFor(w: Work, event: ComplaintEvent): Rule<ComplaintEvent> | undefined {
  // The column's rules take exactly the events of their own type; the table's types see to that.
  const rules = life[w.c.status][event.type] as readonly Rule<ComplaintEvent>[]
  return rules.find((rule) => rule.when === undefined || rule.when(w, event))
}

/** A refusal changes nothing and is said politely to whoever asked. */
function refuse(w: Work, event: ComplaintEvent, why: Refusal): void {
  if ('by' in event) {
    // Whom it is about, or who does not belong, hears the refusal and nothing else.
    const outside = why === 'subject' || !w.isColleague(event.by)
    const notice = {
      complaint: w.c.id,
      number: w.c.number,
      type: 'refused',
      why,
      status: w.c.status,
      holder: outside ? null : w.nameOf(w.c.owner),
    } as const
    w.effects.push({ do: 'tell', whom: { to: 'staff', id: event.by }, event: { type: 'notice', notice } })
    if (w.c.cards.some((card) => card.staff === event.by)) w.faces.set(event.by, 'task')
    return
  }
  if (event.type !== 'register') w.tellResident({ type: 'refused', why, status: w.c.status })
}

function finish(before: Complaint | null, w: Work): Turn<Complaint> {
  settle(w)
  relieve(w)
  settlePauses(w)
  recordMissed(before, w)
  keepInSight(w)
  recordPromises(before, w)
  const cards = changedCards(before, w)
  return { state: w.c, effects: [...w.effects, ...cards], due: nextDue(w) }
}
