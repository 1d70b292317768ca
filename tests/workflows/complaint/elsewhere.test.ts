import { describe, expect, test } from 'vitest'
import { localParts } from '../../../workflows/calendar.ts'
import type { Window } from '../../../workflows/estate.ts'
import { days, hours, minutes, seconds, type Instant } from '../../../workflows/ids.ts'
import { shiftEnd } from '../../../workflows/roster.ts'
import { aCompany, anEstate, photo, Play, staffId } from '../../support/builders.ts'

/** An estate in another time zone, whose night shift crosses midnight: all is counted on its own wall. */

const zone = 'Asia/Tokyo'
/** On the wall in Tokyo, an hour before Shanghai's. */
const tokyo = (wall: string): Instant => Date.parse(`${wall.replace(' ', 'T')}:00+09:00`)
const wall = (at: Instant): string => new Date(at + hours(9)).toISOString().slice(0, 16).replace('T', ' ')

function company(windows: readonly Window[] = anEstate().calendar.windows[1] ?? []) {
  const night = { start: '20:00', end: '08:00' }
  const shift = { department: '工程' as const, buildings: [], days: [1, 2, 3, 4, 5, 6, 7] }
  const week = { 1: windows, 2: windows, 3: windows, 4: windows, 5: windows }
  const calendar = { ...anEstate().calendar, timezone: zone, windows: week }
  return aCompany({
    estates: [anEstate({ calendar, duty: [{ ...shift, shift: night, staff: [staffId('wang')] }] })],
  })
}
const begins = (at: string, of = company()) => new Play({ now: tokyo(at), company: of })
const due = (play: Play, step: string) => wall(play.state.deadlines.find((d) => d.step === step)?.due ?? 0)

test('a report past its midnight has its own day’s number, whoever holds its night, and the hours of its morning', () => {
  const play = begins('2026-11-24 00:30').registers()
  expect(play.state).toMatchObject({ number: 'TS-20261124-0007', owner: 'wang' })
  expect([due(play, 'accept'), due(play, 'contact'), due(play, 'plan')]).toEqual([
    '2026-11-24 10:30',
    '2026-11-24 14:00',
    '2026-11-26 08:30',
  ])
  expect(wall(shiftEnd(play.company, staffId('wang'), play.now) ?? 0)).toBe('2026-11-24 08:00')
  const mark = play.mark
  play.until(tokyo('2026-11-24 08:29'))
  expect(play.turns.slice(mark)).toEqual([])
  play.event({ type: 'shiftOver', staff: staffId('wang') })
  expect(play.state.owner).toBe('zhang')
})

test('who sleeps is not asked for an S2 of the night while somebody holds it', () => {
  const play = begins('2026-11-24 02:00').registers({ severity: 'S2' })
  expect(play.state.owner).toBe('wang')
  play.passes(minutes(31))
  expect(play.state.owner).not.toBe('zhang')
})

describe('where service itself runs past midnight', () => {
  const late = company([{ start: '20:00', end: '04:00' }])

  test.each([
    ['Friday evening', '2026-11-27 19:00', '2026-11-28 00:00'],
    ['Friday’s night, already Saturday', '2026-11-28 03:30', '2026-11-30 23:30'],
    ['Saturday evening, when nobody works', '2026-11-28 21:00', '2026-12-01 00:00'],
  ])('%s: four hours of it', (_, from, to) => {
    expect(due(begins(from, late).registers(), 'contact')).toBe(to)
  })

  test('its people are reminded past midnight, the resident is asked by day', () => {
    const play = begins('2026-11-27 20:00', late).registers()
    play.until(tokyo('2026-11-28 00:00'))
    expect(play.timeline().some((e) => e.type === 'missed' && e.data.step === 'contact')).toBe(true)
    const owner = play.state.owner ?? ''
    play.does(owner, { type: 'accept' }).does(owner, { type: 'finding', text: '灯坏', media: [photo()] })
    play.does(owner, { type: 'verified' })
    play.does(owner, { type: 'responsibility', code: 'none', who: null, words: '灯管到寿命' })
    play
      .does(owner, { type: 'done', text: '换好了', media: [photo()] })
      .passes(seconds(61))
      .passes(days(6))
    const asked = play.state.survey?.asked.map((t) => localParts(zone, t).hour) ?? []
    expect(asked).toHaveLength(3)
    for (const hour of asked) expect(hour >= 9 && hour < 21, `asked at ${String(hour)}`).toBe(true)
  })
})

test('calls nobody answers are planned for days and hours of its own wall', () => {
  const play = begins('2026-11-23 10:00').registers({ severity: 'S2' })
  const owner = play.state.owner ?? ''
  play.does(owner, { type: 'accept' }).does(owner, { type: 'finding', text: '灯坏', media: [photo()] })
  play.does(owner, { type: 'verified' })
  play.does(owner, { type: 'responsibility', code: 'none', who: null, words: '灯管到寿命' })
  play.does(owner, { type: 'done', text: '换好了', media: [photo()] }).passes(seconds(61))
  const calls: Instant[] = []
  for (let n = 0; n < 3; n++) {
    calls.push(play.now)
    const by = play.state.callback?.by ?? ''
    play.does(by, { type: 'visit', outcome: 'noAnswer', stars: null, words: null })
    play.until(play.state.callback?.next ?? play.now)
  }
  const parts = calls.map((t) => localParts(zone, t))
  expect(new Set(parts.map((p) => p.day)).size).toBe(3)
  expect(new Set(parts.map((p) => p.hour)).size).toBe(3)
  for (const { hour } of parts) expect(hour >= 9 && hour < 21).toBe(true)
})
