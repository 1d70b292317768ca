import { seconds, type ComplaintId } from '../ids.ts'
import type { StaffNotice } from '../notice.ts'
import { digest, mostLines, type DigestLine } from '../phrases/digest.ts'
import { clockWords } from '../phrases/times.ts'
import type { Desk } from './desk.ts'
import { tellNotice, zoneOf } from './notices.ts'

/** Notices that come in crowds: at opening, after a holiday, after the program was off. */
export type Gathered = Extract<StaffNotice, { type: 'reminder' | 'escalation' | 'nobody' }>

export const isGathered = (notice: StaffNotice): notice is Gathered =>
  notice.type === 'reminder' || notice.type === 'escalation' || notice.type === 'nobody'

/** What becomes due together is told within moments of each other: so long is waited for the rest of it. */
const gatherFor = seconds(5)

/** So many are said one by one; more become one list. */
const mostSingly = 2

export function gather(d: Desk, notice: Gathered): void {
  d.change({ gathered: [...d.state.gathered, notice], tellAt: d.state.tellAt ?? d.now + gatherFor })
}

/** The wait is over. A digest brings no cards: its numbers do. */
export function tellGathered(d: Desk): void {
  const { gathered } = d.state
  d.change({ gathered: [], tellAt: null })
  if (gathered.length > mostSingly) {
    tellDigest(d, gathered)
    return
  }
  const shown = new Set<ComplaintId>()
  for (const notice of gathered) {
    tellNotice(d, notice)
    if (notice.type === 'reminder' || shown.has(notice.complaint)) continue
    shown.add(notice.complaint)
    const staff = d.loaded.staff
    d.tell(notice.complaint, { type: 'showCard', staff, face: 'task', anew: true, unasked: true })
  }
}

function tellDigest(d: Desk, gathered: readonly Gathered[]): void {
  const cases = [...new Set(gathered.map((notice) => notice.complaint))]
  const lines = cases.map((id) => ({
    id,
    line: lineOf(gathered.filter((n) => n.complaint === id)),
  }))
  lines.sort((a, b) => urgency(b.line) - urgency(a.line))
  const ids = lines.map(({ id }) => id)
  const { wanting, choosing } = d.state
  // What was asked for, or waits for its case, is answered first.
  const free = wanting === null && (choosing?.text ?? null) === null && (choosing?.media.length ?? 0) === 0
  if (free) d.change({ choosing: { among: ids.slice(0, mostLines), text: null, media: [], since: d.now } })
  d.change({ digest: ids })
  const time = clockWords(d.now, zoneOf(d))
  d.say(
    digest(
      lines.map(({ line }) => line),
      time,
      free,
    ),
    { weight: 'promise' },
  )
}

function lineOf(notices: readonly Gathered[]): DigestLine {
  const steps = notices
    .flatMap((n) => (n.type === 'nobody' ? [] : [{ step: n.step, late: n.at - n.due }]))
    .toSorted((a, b) => b.late - a.late)
  const escalation = notices.find((n) => n.type === 'escalation')
  return {
    number: notices[0]?.number ?? '',
    nobody: notices.some((n) => n.type === 'nobody'),
    // Whoever has it may hear of a step as its holder and as a supervisor.
    steps: steps.filter((s, i) => steps.findIndex((other) => other.step === s.step) === i),
    holder: escalation?.holder,
  }
}

/** Nobody at all first, then the longest overdue. */
const urgency = ({ nobody, steps }: DigestLine): number =>
  nobody ? Number.MAX_SAFE_INTEGER : (steps[0]?.late ?? 0)
