import { describe, expect, test } from 'vitest'
import type { Estate, Level, Limit, Policy } from '../../../workflows/estate.ts'
import { days, hours, minutes, seconds } from '../../../workflows/ids.ts'
import { defaultPolicy } from '../../../workflows/policy.ts'
import type { Severity } from '../../../workflows/severity.ts'
import { aCompany, anEstate, at, mondayTen, photo, Play, reach } from '../../support/builders.ts'

type Rows = Partial<Record<keyof Policy['steps'], Partial<Record<Severity, Limit>>>>

const clock = (amount: number, unit: Limit['unit']): Limit => ({ amount, unit, working: false })
const service = (amount: number, unit: Limit['unit']): Limit => ({ amount, unit, working: true })

/** The company once its file was changed: another version. */
function changed(rows: Rows, policy: Partial<Policy> = {}, estate: Partial<Estate> = {}) {
  const steps = Object.fromEntries(
    Object.entries(defaultPolicy.steps).map(([step, row]) => [step, { ...row, ...rows[step as keyof Rows] }]),
  ) as unknown as Policy['steps']
  return aCompany({
    version: 2,
    estates: [anEstate({ ...estate, policy: { ...defaultPolicy, steps, ...policy } })],
  })
}

/** The program was restarted with this file. */
function restart(play: Play, company: ReturnType<typeof changed>): Play {
  play.company = company
  return play
}

const asked = (play: Play): Play => play.event({ type: 'policyChanged', version: 2 })
const deadline = (play: Play, step: string) => play.state.deadlines.find((d) => d.step === step)
const missed = (play: Play, from = 0) =>
  play
    .timeline(from)
    .filter((e) => e.type === 'missed')
    .map((e) => e.data.step)

/** Everything staff were told of a step, or of all. */
const alerts = (play: Play, from = 0, step = ''): readonly string[] =>
  play.turns.slice(from).flatMap((t) =>
    t.effects.flatMap((e) => {
      if (e.do !== 'tell' || e.whom.to !== 'staff' || e.event.type !== 'notice') return []
      const n = e.event.notice
      const passedOn = n.type === 'escalation' && n.unanswered
      return (n.type === 'reminder' || n.type === 'escalation') && !passedOn && n.step.startsWith(step)
        ? [`${n.step} ${n.percent}% ${e.whom.id}`]
        : []
    }),
  )

describe('a changed policy', () => {
  test('applies to new cases, and to open ones not by itself', () => {
    const twoHours = changed({ contact: { S2: clock(2, 'h') } })
    const open = restart(reach('verifying', { severity: 'S2' }), twoHours).passes(minutes(35))
    expect(open.state.version).toBe(1)
    expect(deadline(open, 'contact')?.due).toBe(mondayTen + hours(1))
    expect(alerts(open)).toEqual(['contact 50% zhang'])
    const fresh = new Play({ company: twoHours }).registers({ severity: 'S2' })
    expect(deadline(fresh, 'contact')?.due).toBe(mondayTen + hours(2))
  })

  test('is taken by an open one when asked: running clocks take it from their own beginning', () => {
    const play = reach('verifying', { severity: 'S2' }).passes(minutes(20))
    asked(restart(play, changed({ contact: { S2: clock(2, 'h') }, plan: { S2: clock(30, 'h') } })))
    expect(play.state.version).toBe(2)
    expect(deadline(play, 'contact')).toMatchObject({ from: mondayTen, due: mondayTen + hours(2) })
    expect(deadline(play, 'plan')).toMatchObject({ from: mondayTen, due: mondayTen + hours(30) })
    expect(play.timeline().at(-1)).toMatchObject({
      type: 'policyChanged',
      by: { kind: 'program' },
      data: { from: 1, to: 2 },
    })
    expect(play.due).toBe(mondayTen + hours(1))
  })

  test('fires no point again that lies behind on the new limit, too', () => {
    const play = reach('verifying', { severity: 'S2' }).passes(minutes(50))
    expect(alerts(play)).toEqual(['contact 50% zhang', 'contact 80% zhang', 'contact 80% li'])
    const from = play.mark
    asked(restart(play, changed({ contact: { S2: clock(80, 'm') } }))).until(mondayTen + minutes(80))
    expect(alerts(play, from, 'contact')).toEqual([
      'contact 80% zhang',
      'contact 80% li',
      'contact 100% li',
      'contact 100% sun',
    ])
  })

  test('takes the new calendar as well: a day off is one', () => {
    const play = reach('verifying').passes(minutes(5))
    expect(deadline(play, 'plan')?.due).toBe(at('2026-11-25 10:00'))
    const closed = { calendar: { ...anEstate().calendar, closed: ['2026-11-24'] } }
    asked(restart(play, changed({}, {}, closed)))
    expect(deadline(play, 'plan')?.due).toBe(at('2026-11-26 10:00'))
  })

  test('leaves a time a supervisor extended as it was told, and every promise', () => {
    const play = reach('resolving', { severity: 'S2' })
    const until = play.now + hours(30)
    play.does('li', { type: 'extend', until, reason: '等配件' })
    const told = play.state.promises
    const family = { ...defaultPolicy.byFamily.resolve, RP: { S2: clock(1, 'd') } }
    asked(restart(play, changed({}, { byFamily: { ...defaultPolicy.byFamily, resolve: family } })))
    expect(deadline(play, 'resolve')?.due).toBe(until)
    expect(play.state.promises).toEqual(told)
  })

  test('starts a step that had no limit before, from when it would have begun', () => {
    const { byFamily } = defaultPolicy
    const onSite = { ...byFamily.onSite, CL: { ...byFamily.onSite.CL, S4: clock(3, 'h') } }
    const limited = () => changed({}, { byFamily: { ...byFamily, onSite } })
    const play = reach('verifying', { severity: 'S4', code: 'CL01' }).passes(hours(1))
    expect(deadline(play, 'onSite')).toBeUndefined()
    const from = play.mark
    asked(restart(play, limited()))
    expect(deadline(play, 'onSite')).toMatchObject({ from: mondayTen, due: mondayTen + hours(3) })
    play.until(mondayTen + hours(4))
    expect(alerts(play, from, 'onSite')).toContain('onSite 100% li')
    const there = reach('verifying', { severity: 'S4', code: 'CL01' })
    there.does(there.state.owner ?? '', { type: 'arrive' })
    expect(deadline(asked(restart(there, limited())), 'onSite')).toBeUndefined()
  })

  test('holds for the clock of a press that is taken back as well', () => {
    const play = reach('resolving', { severity: 'S2' }).passes(hours(1))
    play.does('zhang', { type: 'done', text: '换好了', media: [photo()] }).passes(seconds(20))
    const family = { ...defaultPolicy.byFamily.resolve, RP: { S2: clock(4, 'h') } }
    asked(restart(play, changed({}, { byFamily: { ...defaultPolicy.byFamily, resolve: family } })))
    play.passes(seconds(20)).does('zhang', { type: 'undo' })
    expect(play.state).toMatchObject({ status: 'resolving', version: 2 })
    expect(deadline(play, 'resolve')).toMatchObject({ from: mondayTen, due: mondayTen + hours(4) })
  })

  test('and counts a pause which that press ended once', () => {
    const play = reach('resolving', { severity: 'S2' }).passes(hours(1))
    play.does('zhang', { type: 'ask', text: '几点在家？' }).passes(hours(5))
    play.does('zhang', { type: 'done', text: '换好了', media: [photo()] })
    const family = { ...defaultPolicy.byFamily.resolve, RP: { S2: clock(1, 'd') } }
    asked(restart(play, changed({}, { byFamily: { ...defaultPolicy.byFamily, resolve: family } })))
    play.does('zhang', { type: 'undo' })
    expect(play.state.pauses.at(-1)).toMatchObject({ why: 'question', to: null })
    play.event({ type: 'answer', question: 1, text: '晚上七点', media: [] })
    expect(deadline(play, 'resolve')?.due).toBe(mondayTen + days(1) + hours(5))
  })

  test('what is overdue when such a press is taken back is one alert', () => {
    const play = reach('resolving', { severity: 'S2' }).passes(hours(1))
    play.does('zhang', { type: 'done', text: '换好了', media: [photo()] })
    asked(restart(play, changed({ plan: { S2: clock(10, 'm') }, progress: { S2: clock(6, 'm') } })))
    const from = play.mark
    play.does('zhang', { type: 'undo' }).passes(0)
    expect(new Set(alerts(play, from).map((line) => line.split(' ')[0])).size).toBe(1)
  })

  test('asked for twice, or where the case has it already, does nothing', () => {
    const play = asked(restart(reach('verifying'), changed({ contact: { S3: service(6, 'h') } })))
    const { state } = play
    const from = play.mark
    asked(play)
    expect(play.state).toEqual(state)
    expect(play.timeline(from)).toEqual([])
  })

  describe('GLPI #6902: an open case does not lose the pauses it has had', () => {
    const ask = (play: Play) => play.does('zhang', { type: 'ask', text: '几点在家？' })
    const answer = (play: Play) => play.event({ type: 'answer', question: 1, text: '晚上七点', media: [] })
    /** Repairs of S2, three days by the built-in policy. */
    const resolveIn = (amount: number, unit: Limit['unit']) => {
      const { byFamily } = defaultPolicy
      const RP = { ...byFamily.resolve.RP, S2: clock(amount, unit) }
      return changed({}, { byFamily: { ...byFamily, resolve: { ...byFamily.resolve, RP } } })
    }

    test('five hours waited for an answer are five hours more of the new limit, too', () => {
      const play = answer(ask(reach('verifying', { severity: 'S2' }).passes(hours(1))).passes(hours(5)))
      expect(deadline(play, 'resolve')?.due).toBe(mondayTen + days(3) + hours(5))
      const { pauses } = play.state
      asked(restart(play, resolveIn(2, 'd')))
      expect(deadline(play, 'resolve')?.due).toBe(mondayTen + days(2) + hours(5))
      expect(play.state.pauses).toEqual(pauses)
    })

    test('one that runs goes on, and counts whole when it ends', () => {
      const play = ask(reach('verifying', { severity: 'S2' }).passes(hours(1))).passes(hours(2))
      const { pauses } = play.state
      asked(restart(play, resolveIn(2, 'd')))
      expect(play.state.pauses).toEqual(pauses)
      answer(play.passes(hours(3)))
      expect(deadline(play, 'resolve')?.due).toBe(mondayTen + days(2) + hours(5))
    })

    test('nothing is overdue by a change while its clock stands still', () => {
      const play = ask(reach('verifying', { severity: 'S2' }).passes(minutes(30))).passes(hours(2))
      const from = play.mark
      asked(restart(play, resolveIn(1, 'h'))).passes(hours(1))
      expect(alerts(play, from, 'resolve')).toEqual([])
      // Half of the hour is used: half of it is left when the answer comes.
      answer(play)
      expect(deadline(play, 'resolve')?.due).toBe(play.now + minutes(30))
      expect(missed(play, from)).not.toContain('resolve')
    })

    test('a supervisor’s pause, allowed till a day of review, likewise', () => {
      const play = reach('verifying', { severity: 'S2' }).passes(hours(1))
      play.does('zhang', { type: 'pause', why: 'weather', words: '暴雨', until: play.now + days(1) })
      play.does('li', { type: 'decidePause', allow: true, words: null })
      play.passes(hours(6)).does('zhang', { type: 'resume' })
      asked(restart(play, resolveIn(4, 'd')))
      expect(deadline(play, 'resolve')?.due).toBe(mondayTen + days(4) + hours(6))
    })
  })
})

describe('what is overdue by the change alone', () => {
  /** Everything that runs is far beyond its new limit at once. */
  const strict: Rows = {
    contact: { S2: clock(5, 'm'), S3: service(5, 'm') },
    plan: { S2: clock(10, 'm'), S3: service(10, 'm') },
    answer: { S2: clock(15, 'm'), S3: service(15, 'm') },
    progress: { S2: clock(6, 'm'), S3: service(6, 'm') },
    accept: { S2: clock(7, 'm'), S3: service(7, 'm') },
  }

  test('is one alert, of the step furthest beyond its limit, at its highest point', () => {
    const play = reach('verifying', { severity: 'S2' }).passes(minutes(20))
    expect(alerts(play)).toEqual([])
    const from = play.mark
    asked(restart(play, changed(strict))).passes(0)
    expect(alerts(play, from)).toEqual(['contact 200% wu'])
    expect(missed(play, from).toSorted()).toEqual(['answer', 'contact', 'plan', 'progress'])
  })

  test('still stands on the timeline, step by step, and what is owed again and again goes on', () => {
    const play = reach('verifying', { severity: 'S2' }).passes(minutes(20))
    asked(restart(play, changed(strict))).passes(0)
    const from = play.mark
    expect(deadline(play, 'progress')).toMatchObject({
      from: play.now,
      due: play.now + minutes(6),
      fired: [],
    })
    play.passes(minutes(6))
    expect(alerts(play, from)).toContain('progress 100% li')
  })

  test('of acceptance moves the task on, as any missed acceptance does', () => {
    const play = reach('assigned', { severity: 'S2' }).passes(minutes(12))
    const from = play.mark
    asked(restart(play, changed(strict))).passes(0)
    expect(play.state.owner).toBe('wang')
    expect(alerts(play, from)).toEqual(['accept 150% sun'])
    expect(deadline(play, 'accept')).toMatchObject({ from: play.now, due: play.now + minutes(7) })
  })

  test('wakes nobody at night at S3 and S4', () => {
    const play = reach('verifying').until(at('2026-11-23 23:00'))
    play.does('zhang', { type: 'contact', outcome: 'phone', words: null })
    const from = play.mark
    asked(restart(play, changed(strict))).until(at('2026-11-24 08:29'))
    expect(alerts(play, from)).toEqual([])
    play.until(at('2026-11-24 08:30'))
    expect(alerts(play, from)).toEqual(['plan 200% wu'])
  })

  test('and nothing where limits grew: what was missed stays missed, and its new time is told once, from the start', () => {
    const play = reach('verifying', { severity: 'S2' }).passes(minutes(65))
    expect(missed(play)).toEqual(['contact'])
    const from = play.mark
    asked(restart(play, changed({ contact: { S2: clock(10, 'h') } }))).passes(hours(3))
    expect(play.state.alert?.about.map((a) => a.step) ?? []).not.toContain('contact')
    expect(alerts(play, from, 'contact')).toEqual([])
    expect(missed(play, from)).not.toContain('contact')
    play.until(mondayTen + hours(15))
    expect(alerts(play, from, 'contact')).toEqual([
      'contact 50% zhang',
      'contact 80% zhang',
      'contact 80% li',
      'contact 100% li',
      'contact 100% sun',
      'contact 150% sun',
    ])
    expect(missed(play, from).filter((step) => step === 'contact')).toHaveLength(1)
  })

  test('a round that was told for a day later stays where it was told', () => {
    const play = reach('feedback', { severity: 'S2' }).event({ type: 'rate', stars: 1 }).passes(hours(6))
    const round = deadline(play, 'callback')
    expect(round).toMatchObject({ fired: [], round: true })
    asked(restart(play, changed({})))
    expect(deadline(play, 'callback')).toEqual(round)
  })

  test('a point the new ladder puts between those that fired is nothing new', () => {
    const point = (percent: number, ...levels: Level[]) => ({ percent, levels })
    const ladder = { ...defaultPolicy.ladder, S2: [point(50, 0), point(70, 2), point(100, 1)] }
    const play = reach('verifying', { severity: 'S2' }).passes(minutes(50))
    const from = play.mark
    asked(restart(play, changed({}, { ladder }))).passes(0)
    expect(alerts(play, from, 'contact')).toEqual([])
    play.passes(minutes(10))
    expect(alerts(play, from, 'contact')).toEqual(['contact 100% li'])
  })

  test('a case that ended is not touched', () => {
    const play = reach('closed')
    const { state } = play
    asked(restart(play, changed(strict))).passes(days(2))
    expect(play.state).toEqual(state)
  })
})
