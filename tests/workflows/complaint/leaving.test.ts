import { describe, expect, test } from 'vitest'
import type { DutyChange } from '../../../workflows/duty-changes.ts'
import type { DutyShift } from '../../../workflows/estate.ts'
import { days, hours, minutes } from '../../../workflows/ids.ts'
import { aCompany, aLeave, anEstate, at, Play, reach, staffId, trapped } from '../../support/builders.ts'

const zhang = staffId('zhang')
/** Their leave as the desk tells it, and as everybody sees it from then on. */
function leaves(play: Play, until: number, staff = 'zhang'): Play {
  const change: DutyChange = {
    ...aLeave(staff, '2026-11-23 00:00', '2026-11-24 00:00'),
    from: play.now,
    until,
    state: 'begun',
  }
  play.company = { ...play.company, changes: [...(play.company.changes ?? []), change] }
  return play.event({ type: 'away', staff: staffId(staff), from: play.now, until })
}

describe('when somebody goes on leave', () => {
  test('a task they had not accepted is asked of the next', () => {
    const play = leaves(reach('assigned'), at('2026-11-24 00:00'))
    expect(play.state).toMatchObject({ status: 'assigned', owner: 'wang' })
    expect(play.pushed('wang')).toBe(1)
    expect(play.last.effects.filter((e) => e.do === 'tell' && e.whom.to === 'conversation')).toEqual([])
  })

  test.each(['S1', 'S2'] as const)('an accepted %s goes on at once, however short the leave', (severity) => {
    const play = leaves(reach('verifying', { severity }), reach('verifying').now + minutes(10))
    expect(play.state).toMatchObject({ status: 'assigned', owner: 'wang' })
    const before = play.mark
    play.does('wang', { type: 'accept' })
    expect(play.resident(before).map((n) => n.type === 'accepted' && n.name)).toEqual(['王强'])
  })

  test('an accepted S3 waits for them while nothing is due or promised before they are back', () => {
    const calm = reach('resolving')
    calm.does('zhang', { type: 'plan', text: '换灯', promise: calm.now + days(3), gap: null }).passes(61_000)
    const first = Math.min(...calm.state.deadlines.map((d) => d.due))
    expect(leaves(calm, first).state.owner).toBe('zhang')
    expect(calm.timeline(calm.mark - 1)).toEqual([])

    const due = reach('resolving')
    expect(leaves(due, Math.min(...due.state.deadlines.map((d) => d.due)) + 1).state.owner).toBe('wang')
  })

  test('an accepted S3 with a time promised before they are back goes on', () => {
    const play = reach('resolving')
    play.does('zhang', { type: 'plan', text: '换灯', promise: play.now + hours(3), gap: null }).passes(61_000)
    expect(leaves(play, play.now + hours(4)).state.owner).toBe('wang')
    expect(play.timeline(play.mark - 1).map((e) => e.type)).toEqual(['away', 'assigned'])
  })

  test('what waited goes on as soon as it cannot wait: danger in it rings the next one, not who is away', () => {
    const play = reach('resolving')
    play.does('zhang', { type: 'plan', text: '换灯', promise: play.now + days(3), gap: null }).passes(61_000)
    leaves(play, Math.min(...play.state.deadlines.map((d) => d.due)))
    expect(play.state.owner).toBe('zhang')
    play.event({ type: 'danger', danger: trapped, text: '有人困在电梯里' })
    expect(play.state.owner).toBe('wang')
    play.passes(minutes(3))
    expect(play.heard('wang').some((n) => n.type === 'alarm')).toBe(true)
    expect(play.heard('zhang').filter((n) => n.type === 'alarm')).toEqual([])
  })

  test('an alarm that rings passes them over, also on every later widening of the circle', () => {
    const play = new Play().registers({ severity: 'S1', danger: trapped, code: 'EL01' })
    const first = play.state.owner ?? ''
    leaves(play, play.now + days(1), first)
    leaves(play, play.now + days(1), 'sun')
    const mark = play.mark
    play.passes(minutes(20))
    expect(play.heard(first, mark)).toEqual([])
    expect(play.heard('sun', mark)).toEqual([])
    expect(play.heard('wu', mark).some((n) => n.type === 'alarm')).toBe(true)
    expect(play.state.alarm?.circle).not.toContain(first)
  })

  test('a call they owe is owed by somebody else', () => {
    const play = reach('feedback').event({ type: 'rate', stars: 1 })
    expect(play.state.callback?.by).toBe('li')
    leaves(play, play.now + days(3), 'li')
    expect(play.state.callback?.by).toBe('sun')
  })

  test('whoever accepts although they are away keeps it', () => {
    const play = reach('assigned')
    leaves(play, play.now + days(1))
    play.passes(minutes(1)).does('zhang', { type: 'accept' }).passes(hours(3))
    expect(play.state).toMatchObject({ owner: 'zhang', status: 'verifying' })
  })

  test('with everybody on leave nobody has it, somebody is looked for, and whoever is back first gets it', () => {
    const play = reach('assigned')
    for (const id of ['wang', 'chen', 'li', 'zhao', 'sun', 'wu']) leaves(play, play.now + hours(5), id)
    leaves(play, play.now + hours(2))
    expect(play.state).toMatchObject({ owner: null, unowned: true, status: 'registered' })
    play.passes(hours(2) + minutes(6))
    expect(play.state.owner).toBe('zhang')
  })

  test('what is done already gets somebody who answers for it', () => {
    const play = reach('confirming', { severity: 'S2' })
    leaves(play, play.now + days(2))
    expect(play.state.status).toBe('confirming')
    expect(play.state.owner).toBe('sun')
  })

  test('nobody hands anything to who is away', () => {
    const play = reach('verifying')
    leaves(play, play.now + days(1), 'wang')
    play.does('zhang', { type: 'handOver', to: staffId('wang'), reason: null })
    expect(play.state.owner).toBe('zhang')
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'refused', why: 'unknownPerson' })
  })

  test('the card offers nobody who is away', () => {
    const offered = (play: Play) =>
      play
        .event({ type: 'showCard', staff: zhang, face: 'handOver', anew: false })
        .card('zhang')
        ?.select?.options.map((o) => o.id)
    const play = reach('verifying')
    expect(offered(play)).toContain('wang')
    leaves(play, play.now + days(1), 'wang')
    expect(offered(play)).not.toContain('wang')
  })

  test('once back they are asked again like anybody', () => {
    const play = leaves(reach('assigned'), reach('assigned').now + hours(1))
    play.passes(hours(1) + 1)
    play.does('wang', { type: 'decline', reason: '走不开' })
    play.does('li', { type: 'reassign', to: zhang, reason: null })
    expect(play.state.owner).toBe('zhang')
  })
})

describe('on leave while the case is paused', () => {
  const paused = (length: number) => {
    const play = reach('verifying').does('zhang', { type: 'arrive' }).passes(minutes(10))
    return play.does('li', { type: 'pause', why: 'weather', words: '暴雨', until: play.now + length })
  }
  const toldResumed = (play: Play, from: number) =>
    ['zhang', 'wang', 'li'].filter((id) => play.heard(id, from).some((n) => n.type === 'resumed'))

  test('over its last day: somebody else has it then, and hears with whoever allowed it that it goes on', () => {
    const play = paused(days(2))
    leaves(play, play.now + days(4))
    expect(play.state).toMatchObject({ owner: 'wang', status: 'assigned' })
    play.does('wang', { type: 'accept' })
    const from = play.mark
    play.passes(days(2) + minutes(1))
    expect(toldResumed(play, from)).toEqual(['wang', 'li'])
    expect(play.resident(from).map((n) => n.type)).toEqual(['resumed'])
    expect(play.pushed('zhang', from)).toBe(0)
  })

  test('nobody accepted meanwhile: whoever is asked then hears it', () => {
    const play = paused(days(2) + hours(1))
    leaves(play, play.now + days(4))
    const from = play.mark
    play.until(play.state.pauses[0]?.until ?? 0)
    const asked = play.state.owner ?? ''
    expect(asked).not.toBe('zhang')
    expect(play.heard(asked, from).map((n) => n.type)).toContain('resumed')
    expect(play.heard('zhang', from).map((n) => n.type)).not.toContain('resumed')
  })

  test('ended early while they are away: theirs still, where nothing is due or told before they are back', () => {
    const play = paused(days(6))
    leaves(play, play.now + days(1))
    expect(play.state.owner).toBe('zhang')
    play.passes(hours(2)).does('li', { type: 'resume' })
    expect(play.state).toMatchObject({ owner: 'zhang', status: 'verifying' })
    const back = play.now + hours(22)
    for (const p of play.state.promises.filter((p) => p.kept === null && p.replaced === null))
      expect(p.at).toBeGreaterThan(back)
  })
})

describe('when a shift ends', () => {
  const night: DutyShift = {
    department: '工程',
    buildings: [],
    days: [1, 2, 3, 4, 5, 6, 7],
    shift: { start: '18:00', end: '08:30' },
    staff: [staffId('wang')],
  }
  const company = aCompany({ estates: [anEstate({ duty: [night] })] })

  test('what nobody accepted is asked of the next shift', () => {
    const play = new Play({ company, now: at('2026-11-23 17:59') }).registers({ severity: 'S2' })
    expect(play.state.owner).toBe('zhang')
    play.sleeps(minutes(1)).event({ type: 'shiftOver', staff: zhang })
    expect(play.state.owner).toBe('wang')
    expect(play.pushed('wang')).toBe(1)
  })

  test('and of the first shift again when it is back: nobody was passed over', () => {
    const play = new Play({ company, now: at('2026-11-23 17:59') }).registers({ severity: 'S4' })
    play.sleeps(minutes(1)).event({ type: 'shiftOver', staff: zhang })
    play.sleeps(hours(14.5)).event({ type: 'shiftOver', staff: staffId('wang') })
    expect(play.state.owner).toBe('zhang')
  })

  test('what was accepted meanwhile stays', () => {
    const play = reach('verifying').event({ type: 'shiftOver', staff: zhang })
    expect(play.state.owner).toBe('zhang')
  })
})
