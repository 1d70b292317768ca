import { describe, expect, test } from 'vitest'
import { stepName } from '../../../workflows/phrases/cards.ts'
import { days, hours, minutes } from '../../../workflows/ids.ts'
import { deadlineOf } from '../../../workflows/sla.ts'
import { aCompany, at, mondayTen, Play, reach, staffId, trapped } from '../../support/builders.ts'

const nobody = aCompany({ staff: [], estates: aCompany().estates.map((e) => ({ ...e, staff: [] })) })
const assign = (play: Play) => deadlineOf(play.state, 'assign')

/** Nobody could be found, and nobody is looked for while the clock is watched. */
function unowned(part: Parameters<typeof reach>[1] = {}): Play {
  const { state, now } = reach('registered', part)
  return new Play({ state: { ...state, retryAt: now + days(30) }, now })
}

const ladder = (play: Play) =>
  play.turns.flatMap((t) =>
    ['chen', 'li', 'sun', 'wu', 'zhang'].flatMap((id) =>
      t.effects.flatMap((e) =>
        e.do === 'tell' &&
        e.whom.to === 'staff' &&
        e.whom.id === id &&
        e.event.type === 'notice' &&
        'step' in e.event.notice &&
        e.event.notice.step === 'assign'
          ? [`${String((t.at - mondayTen) / minutes(1))} ${id}`]
          : [],
      ),
    ),
  )

describe('the clock of assignment (domain.md 2.2)', () => {
  test('ends when somebody is asked', () => {
    expect(assign(reach('assigned'))).toBeNull()
    expect(stepName.assign).toBe('派单')
  })

  test('runs from T0 while nobody is found', () => {
    const play = new Play({ company: nobody }).registers({ receivedAt: mondayTen - minutes(20) })
    expect(assign(play)).toMatchObject({ from: mondayTen - minutes(20), due: mondayTen + minutes(40) })
  })

  test('the operator at 客服 is asked to assign it, then the ladder as for any step (2.4)', () => {
    // 200 % would be at noon, when the doors close: it waits for the afternoon.
    const play = unowned().until(at('2026-11-23 13:30'))
    expect(ladder(play)).toEqual(['30 chen', '48 chen', '48 li', '60 li', '90 sun', '210 wu'])
    expect(play.timeline().filter((e) => e.type === 'missed' && e.data.step === 'assign')).toHaveLength(1)
  })

  test('comes round again: what nobody has is never left to nobody', () => {
    const play = unowned().until(at('2026-11-23 13:30'))
    expect(assign(play)).toMatchObject({ from: play.now, fired: [] })
  })

  test('of an S2 within ten minutes: supervisor at half, manager at the end, company half as late again', () => {
    expect(ladder(unowned({ severity: 'S2' }).passes(minutes(15)))).toEqual(['5 li', '10 sun', '15 wu'])
  })

  test('starts anew when a case loses its owner and nobody is found', () => {
    const play = reach('verifying').passes(hours(1))
    play.company = nobody
    play.event({ type: 'staffGone', staff: staffId('zhang') })
    expect(play.state.unowned).toBe(true)
    expect(assign(play)).toMatchObject({ from: play.now })
    play.company = aCompany()
    play.passes(minutes(5))
    expect([play.state.owner, assign(play)]).toEqual(['wang', null])
  })

  test('客服 gives it to somebody; a handler of another post does not', () => {
    const gives = (by: string) => unowned().does(by, { type: 'reassign', to: staffId('wang'), reason: null })
    expect(gives('chen').state).toMatchObject({ owner: 'wang', status: 'assigned' })
    expect(gives('zhang').heard('zhang').at(-1)).toMatchObject({ type: 'refused', why: 'level' })
  })

  test('their card lets them', () => {
    expect(
      unowned()
        .passes(minutes(30))
        .card('chen')
        ?.buttons.map((b) => b.action),
    ).toEqual(['reassign'])
  })
})

describe('T0', () => {
  test('every clock runs from the first message it was recognisable in, not from registration', () => {
    const play = new Play().registers({ receivedAt: at('2026-11-23 09:40') })
    for (const d of play.state.deadlines)
      if (d.step !== 'accept') expect([d.step, d.from]).toEqual([d.step, at('2026-11-23 09:40')])
    // Accept anew at each move.
    expect(deadlineOf(play.state, 'accept')?.from).toBe(mondayTen)
  })
})

describe('an automatic reply is never human contact', () => {
  test('whatever the program tells the resident', () => {
    const play = new Play().registers({ danger: trapped, severity: 'S1', code: 'EL01' })
    play.event({ type: 'delivered', staff: staffId('zhang') }).event({ type: 'urged' })
    play.event({ type: 'supplement', text: '还在里面', media: [] }).passes(minutes(9))
    expect(play.resident().length).toBeGreaterThan(3)
    expect(play.state.marks.contacted).toBeNull()
    expect(deadlineOf(play.state, 'contact')).not.toBeNull()
    expect(play.state.promises.some((p) => p.what === 'contact' && p.kept !== null)).toBe(false)
  })

  test('接单 is none either; the first human word is', () => {
    const play = reach('verifying').event({ type: 'urged' })
    expect(play.state.marks.contacted).toBeNull()
    play.does('zhang', { type: 'progress', text: '在路上', media: [] })
    expect(play.state.marks.contacted).toBe(play.now)
  })
})
