import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOpen as isServiceTime, quietUntil } from '../../../workflows/calendar.ts'
import { stepComplaint } from '../../../workflows/complaint/index.ts'
import { complaintSchema, type Complaint } from '../../../workflows/complaint/state.ts'
import { days, hours, type ComplaintId, type Instant } from '../../../workflows/ids.ts'
import { defaultPolicy } from '../../../workflows/policy.ts'
import {
  aCompany,
  aComplaint,
  aLoaded,
  anEstate,
  at,
  mondayTen,
  noticesTo,
  photo,
  Play,
  reach,
  staffId,
} from '../../support/builders.ts'

const again = { type: 'reopen', text: '又坏了', media: [] } as const
const withCheck = (effectCheck: number | null, version = 1) =>
  aCompany({
    version,
    estates: aCompany().estates.map((e) => ({ ...e, policy: { ...e.policy, effectCheck } })),
  })
const types = (play: Play, from = 0) => play.timeline(from).map((e) => e.type)
const told = (play: Play, from = 0) => play.resident(from).map((n) => n.type)

/** Closed after it had been reopened once: what came back. */
function cameBackAndClosed(play: Play = reach('closed')): Play {
  play.passes(days(2)).event(again)
  play.does('li', { type: 'accept' }).does('li', { type: 'finding', text: '灯座坏', media: [photo(601)] })
  play.does('li', { type: 'verified' })
  play.does('li', { type: 'responsibility', code: 'full', who: null, words: null })
  play.does('li', { type: 'done', text: '换了灯座', media: [photo(602)] }).passes(61_000)
  play.event({ type: 'solved' }).event({ type: 'rate', stars: 5 })
  const visitor = play.state.callback?.by ?? ''
  play.does(visitor, { type: 'visit', outcome: 'solved', stars: null, words: null })
  play.does('sun', { type: 'sign' })
  expect(play.state.status).toBe('closed')
  return play
}

describe('whether it lasted is asked', () => {
  test('45 days after the end of what came back, in service time', () => {
    const play = cameBackAndClosed()
    const closed = play.state.marks.closed ?? 0
    expect(play.due).toBeGreaterThanOrEqual(closed + days(45))
    expect(play.due).toBeLessThan(closed + days(49))
    expect(isServiceTime(anEstate().calendar, play.due ?? 0)).toBe(true)
    expect(play.timeline().at(-1)).toMatchObject({ type: 'effectPlanned', data: { at: play.due } })
    const from = play.mark
    play.until(play.due ?? 0)
    expect(play.resident(from)).toMatchObject([
      { type: 'effectCheck', summary: '3栋2单元15楼楼道灯坏了', again: false },
    ])
    expect(play.state.status).toBe('closed')
  })

  test.each<[string, () => Play, boolean]>([
    ['solved at the first go', () => reach('closed'), false],
    ['reopened', () => cameBackAndClosed(), true],
    [
      'not solved at first',
      () => {
        const play = reach('confirming').event({ type: 'notSolved', partly: false, text: '没好', media: [] })
        play.does('li', { type: 'done', text: '换灯', media: [photo(603)] }).passes(61_000)
        play.event({ type: 'solved' }).event({ type: 'rate', stars: 5 })
        play.does(play.state.callback?.by ?? '', {
          type: 'visit',
          outcome: 'solved',
          stars: null,
          words: null,
        })
        return play.does('sun', { type: 'sign' })
      },
      true,
    ],
    ['an enquiry', () => reach('closed', { kind: 'enquiry', code: 'SG03' }), false],
    ['forgotten on the way', () => cameBackAndClosed(reach('closed')).event({ type: 'forget' }), false],
  ])('%s', (_, play, checked) => {
    const { state, due } = play()
    expect(state.status).toBe('closed')
    expect(state.effect !== null).toBe(checked)
    expect(due !== null).toBe(checked)
  })

  test('of a repeat, though it was solved at the first go', () => {
    const before = { ...aComplaint({ status: 'closed' }), id: 90 as ComplaintId }
    const play = new Play({ loaded: { earlier: [before] } }).registers()
    play.does('zhang', { type: 'accept' }).does('zhang', { type: 'finding', text: '灯', media: [photo()] })
    play.does('zhang', { type: 'verified' })
    play.does('zhang', { type: 'responsibility', code: 'full', who: null, words: null })
    play.does('zhang', { type: 'done', text: '换了', media: [photo()] }).passes(61_000)
    play.event({ type: 'solved' }).event({ type: 'rate', stars: 5 })
    const caller = play.state.callback?.by
    if (caller) play.does(caller, { type: 'visit', outcome: 'solved', stars: null, words: null })
    if (play.state.status !== 'closed') play.does('li', { type: 'sign' })
    expect(play.state).toMatchObject({ status: 'closed', effect: { asked: [], by: null } })
    // The earlier one hears that it came back.
    const events = play.effects.flatMap((e) =>
      e.do === 'tell' && e.whom.to === 'complaint' ? [[e.whom.id, e.event]] : [],
    )
    expect(events).toEqual([[90, { type: 'cameBack', complaint: 1 }]])
  })
})

describe('the resident', () => {
  const asked = () => {
    const play = cameBackAndClosed()
    return play.until(play.due ?? 0)
  }

  test('says it holds: on the timeline, thanked, and nothing fires any more', () => {
    const play = asked()
    const from = play.mark
    play.event({ type: 'lasted' })
    expect(play.timeline(from)).toMatchObject([
      { type: 'effect', by: { kind: 'resident' }, data: { good: true } },
    ])
    expect(told(play, from)).toEqual(['effective'])
    expect([play.due, play.state.effect, play.state.status]).toEqual([null, null, 'closed'])
    play.event({ type: 'lasted' })
    expect(play.resident().at(-1)).toMatchObject({ type: 'refused', why: 'alreadyDone' })
  })

  test('says it came back: open again a level up, and recorded as not lasting', () => {
    const play = asked()
    const from = play.mark
    play.event(again)
    expect(types(play, from).slice(0, 2)).toEqual(['effect', 'reopened'])
    expect(play.timeline(from)[0]).toMatchObject({ data: { good: false } })
    expect(play.state).toMatchObject({ status: 'assigned', owner: 'sun', effect: null, reopened: 2 })
  })

  test('opens it again long before it was to be asked: that counts as well', () => {
    const play = cameBackAndClosed().passes(days(5))
    const from = play.mark
    play.event(again)
    expect(play.timeline(from)[0]).toMatchObject({ type: 'effect', data: { good: false } })
  })

  test('says nothing: asked once more after three days, then somebody who had no part in it looks', () => {
    const play = asked()
    const from = play.mark
    const first = play.now
    play.until(play.due ?? 0)
    expect(play.now - first).toBeGreaterThanOrEqual(days(3))
    expect(play.resident(from)).toMatchObject([{ type: 'effectCheck', again: true }])
    play.until(play.due ?? 0)
    expect(play.state.effect?.by).toBe('wu')
    expect(play.state.handlers).not.toContain('wu')
    expect(play.pushed('wu', from)).toBe(1)
    expect(play.heard('wu', from).map((n) => n.type)).toEqual(['effectWanted', 'brief'])
    expect(play.card('wu')?.buttons.map((b) => b.action)).toEqual([
      'revealPhone',
      'effect:good',
      'effect:bad',
    ])
    expect(told(play, from)).toEqual(['effectCheck'])
  })

  test('has no chat: somebody looks at once', () => {
    const state = { ...cameBackAndClosed().state, channel: 'api' }
    const play = new Play({ state, now: (state.effect?.next ?? 0) + 1 })
    play.event({ type: 'due' })
    expect(told(play)).toEqual([])
    expect(play.state.effect?.by).toBe('wu')
  })
})

describe('whoever looks', () => {
  const looking = () => {
    const play = cameBackAndClosed()
    for (let n = 0; n < 3; n++) play.until(play.due ?? 0)
    expect(play.state.effect?.by).toBe('wu')
    return play
  }

  test('says it holds', () => {
    const play = looking()
    const from = play.mark
    play.does('wu', { type: 'judge', good: true, words: null })
    expect(play.timeline(from)).toMatchObject([
      { type: 'effect', by: { kind: 'staff', id: 'wu' }, data: { good: true } },
    ])
    expect([play.due, play.state.status, told(play, from)]).toEqual([null, 'closed', []])
    expect(play.card('wu')?.buttons).toEqual([])
  })

  test('says it does not: open again, by their word', () => {
    const play = looking()
    const from = play.mark
    play.does('wu', { type: 'judge', good: false, words: '又黑了' })
    expect(play.timeline(from).slice(0, 2)).toMatchObject([
      { type: 'effect', by: { kind: 'staff', id: 'wu' }, words: '又黑了', data: { good: false } },
      { type: 'reopened', by: { kind: 'staff', id: 'wu' } },
    ])
    expect(play.state.status).toBe('assigned')
    expect(told(play, from)).toEqual(['reopened'])
  })

  test('is never whoever handled it, also not by word; the resident may still answer', () => {
    const play = looking()
    play.does('li', { type: 'judge', good: true, words: null })
    expect(play.heard('li').at(-1)).toMatchObject({ why: 'handlerVisits' })
    play.does('li', { type: 'revealPhone' })
    expect(play.heard('li').at(-1)).toMatchObject({ why: 'closed' })
    play.does('wu', { type: 'revealPhone' })
    expect(play.heard('wu').at(-1)).toMatchObject({ type: 'phone', phone: '13812345678' })
    play.event({ type: 'lasted' })
    expect(play.state.effect).toBeNull()
  })

  test('left: the next one looks', () => {
    const play = looking().event({ type: 'staffGone', staff: staffId('wu') })
    expect(play.state.effect?.by).not.toBe('wu')
    expect(play.state.handlers).not.toContain(play.state.effect?.by)
  })

  test('is sent the card once more, and then it stands as unknown: it ends by itself', () => {
    const play = looking()
    const from = play.mark
    play.passes(days(30))
    expect(play.pushed('wu', from)).toBe(1)
    expect(types(play, from)).toEqual(['effectWanted', 'effectUnknown'])
    expect([play.due, play.state.effect, play.state.status]).toEqual([null, null, 'closed'])
  })
})

test('reported again as a case of its own: nobody is asked about the earlier one any more', () => {
  const play = cameBackAndClosed()
  const from = play.mark
  play.event({ type: 'cameBack', complaint: 7 as ComplaintId })
  expect(play.timeline(from)).toMatchObject([
    { type: 'cameBack', data: { complaint: 7 } },
    { type: 'effect', by: { kind: 'program' }, data: { good: false } },
  ])
  expect(play.due).toBeNull()
  // An end that nobody asks about hears it without a word.
  expect(reach('closed').event({ type: 'cameBack', complaint: 7 as ComplaintId }).last.effects).toEqual([])
})

describe('fazer-ai PR #37: turning follow-ups on does not fire at old cases', () => {
  test('what closed without them stays closed for good, whatever the estate file says later', () => {
    const play = cameBackAndClosed(
      (() => {
        const before = reach('closed')
        before.company = withCheck(null)
        return before
      })(),
    )
    expect([play.state.effect, play.due]).toEqual([null, null])
    play.company = withCheck(days(30), 2)
    const from = play.mark
    play.passes(days(80)).event({ type: 'due' })
    expect([play.last.effects, types(play, from), play.due]).toEqual([[], [], null])
  })

  test('what was registered without them and closes after they are on is not asked either: its own policy counts', () => {
    const play = reach('feedback').passes(0)
    const state: Complaint = { ...play.state, failures: 1, severity: 'S3', ratingUntil: play.now + days(1) }
    const versions = [withCheck(null, 1), withCheck(days(45), 2)] as const
    const closes = (version: 1 | 2) =>
      stepComplaint({ ...state, version }, { type: 'rate', stars: 5 }, aLoaded(), {
        now: play.now,
        company: versions[1],
        companyAt: (n) => versions[n === 1 ? 0 : 1],
      })
    expect(closes(1)).toMatchObject({ state: { status: 'closed', effect: null }, due: null })
    expect(closes(2).state).toMatchObject({ status: 'closed', effect: { asked: [] } })
  })

  test('a row that closed before there were any still reads, and nothing of it is due', () => {
    const { effect: _effect, ...old } = cameBackAndClosed().state
    const state = complaintSchema.parse(old)
    expect(new Play({ state, now: mondayTen + days(70) }).event({ type: 'due' }).due).toBeNull()
  })
})

describe('Zammad #904: nothing else of an ended case ever fires', () => {
  test('whenever it closed, in whatever calendar: asked at most twice, looked at most twice, only in service time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 120 * 24 }),
        fc.constantFrom(null, { start: '21:00', end: '09:00' }, { start: '12:00', end: '15:00' }),
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 }),
        (later, quietHours, offs) => {
          const estate = anEstate({ policy: { ...defaultPolicy, quietHours } })
          const company = aCompany({ estates: [estate] })
          const closed = mondayTen + hours(later)
          const state: Complaint = {
            ...aComplaint({ status: 'feedback' }),
            failures: 1,
            ratingUntil: closed + days(1),
          }
          const play = new Play({ state, now: closed, company })
          play.event({ type: 'rate', stars: 5 })
          expect(play.state.status).toBe('closed')
          const from = play.mark
          // Off for a while now and then; whatever is due meanwhile waits.
          for (const off of offs) play.sleeps(hours(off)).passes(days(12))
          play.passes(days(90))
          const spoken: Instant[] = play.turns
            .slice(from)
            .filter((t) => t.effects.length > 0)
            .map((t) => t.at)
          for (const t of spoken) {
            expect(isServiceTime(estate.calendar, t)).toBe(true)
            expect(quietUntil(quietHours, 'Asia/Shanghai', t)).toBeNull()
          }
          expect(types(play, from)).toEqual([
            'effectAsked',
            'effectAsked',
            'effectWanted',
            'effectWanted',
            'effectUnknown',
          ])
          expect(new Set(told(play, from))).toEqual(new Set(['effectCheck']))
          expect([play.due, play.state.status]).toEqual([null, 'closed'])
        },
      ),
      { numRuns: 150 },
    )
  })
})

test('nobody at all who could look: it is unknown, and the case stays closed', () => {
  const play = cameBackAndClosed()
  for (let n = 0; n < 2; n++) play.until(play.due ?? 0)
  const { company } = play
  play.company = { ...company, staff: [], estates: company.estates.map((e) => ({ ...e, staff: [] })) }
  const from = play.mark
  play.until(play.due ?? 0)
  expect(types(play, from)).toEqual(['effectUnknown'])
  expect(play.due).toBeNull()
  expect(noticesTo(play.last.effects, 'conversation', null)).toEqual([])
  expect(play.now).toBeGreaterThan(at('2027-01-01 00:00'))
})
