import { describe, expect, test } from 'vitest'
import { drawCard } from '../../../workflows/complaint/cards.ts'
import type { CardFace } from '../../../workflows/complaint/events.ts'
import { isOpen, statuses, type Complaint } from '../../../workflows/complaint/state.ts'
import { levelOf } from '../../../workflows/estate.ts'
import { aCompany, aComplaint, anEstate, mondayTen, photo, reach, staffId } from '../../support/builders.ts'

const estate = anEstate()
const setting = { estate, staff: [...estate.staff, ...aCompany().staff], away: [] }
const owned = (by: string, over: Parameters<typeof aComplaint>[0] = {}): Complaint =>
  aComplaint({
    ...over,
    owner: staffId(by),
    cards: [{ staff: staffId(by), role: 'owner' }],
  })
const actions = (c: Complaint, by: string, face: CardFace = 'task') =>
  drawCard(c, setting, staffId(by), 'owner', face).buttons.map((b) => b.action)
const primaries = (c: Complaint) =>
  drawCard(c, setting, staffId('zhang'), 'owner', 'task')
    .buttons.filter((b) => b.style === 'primary')
    .map((b) => b.action)

describe('what comes next stands out', () => {
  test('first something is found, then it is verified, then it is judged', () => {
    const c = owned('zhang')
    expect(primaries(c)).toEqual(['finding'])
    const found = { ...c, about: { ...c.about, findings: ['灯管坏了'] } }
    expect(primaries(found)).toEqual(['verified'])
    expect(primaries({ ...found, verified: mondayTen })).toEqual(['responsibility'])
  })
})

describe('a supervisor who has the case themselves', () => {
  test('finds what only they may do behind 更多', () => {
    const c = owned('li', { status: 'resolving' })
    expect(actions(c, 'li', 'more')).toContain('lead')
    expect(actions(c, 'li', 'lead')).toEqual(['reassign', 'extend', 'back'])
  })

  test('finds no extension of what was transferred, nor a third one', () => {
    const transferred = { who: '供电公司', at: mondayTen }
    for (const over of [{ transferred }, { extensions: 2 }])
      expect(actions(owned('li', { status: 'resolving', ...over }), 'li', 'lead')).toEqual([
        'reassign',
        'back',
      ])
  })

  test('a handler finds 转给别人 there, and no more', () => {
    const c = owned('zhang', { status: 'resolving' })
    expect(actions(c, 'zhang', 'more')).toContain('handOver')
    expect(actions(c, 'zhang', 'more')).not.toContain('lead')
    expect(actions(c, 'zhang', 'lead')).toEqual(actions(c, 'zhang', 'task'))
  })

  test('有异议办结 is there after a second failure, for a manager or the company', () => {
    const failed = (by: string) => owned(by, { status: 'resolving', failures: 2 })
    expect(actions(failed('wu'), 'wu', 'lead')).toContain('closeDisputed')
    expect(actions(failed('sun'), 'sun', 'lead')).toContain('closeDisputed')
    expect(actions(failed('li'), 'li', 'lead')).not.toContain('closeDisputed')
  })

  test('signs a grave case on the card itself', () => {
    const c = owned('li', { status: 'feedback', severity: 'S2', signed: null })
    expect(actions(c, 'li')).toContain('sign')
    expect(
      actions(owned('zhang', { status: 'feedback', severity: 'S2', signed: null }), 'zhang'),
    ).not.toContain('sign')
  })
})

describe('whoever only watches', () => {
  test('reads the area without rooms and numbers', () => {
    const c = aComplaint({
      about: { place: { building: '3', unit: '2', room: '1502', area: '1502室门口 13812345678 5号电梯' } },
    })
    const card = drawCard(c, setting, staffId('li'), 'watch', 'task')
    expect(card.rows).toContainEqual({ label: '区域', value: '3栋 ＊＊室门口 ＊＊ 5号电梯' })
    expect(JSON.stringify(card)).not.toMatch(/1502|138/u)
  })
})

test('录像已保全 is on every card until somebody has kept it', () => {
  const { state } = reach('verifying', { code: 'SE03' })
  const seen = (c: Complaint, by: string, role: 'owner' | 'watch') =>
    drawCard(c, setting, staffId(by), role, 'task').buttons.some((b) => b.action === 'footageKept')
  const owner = state.owner ?? ''
  expect([seen(state, owner, 'owner'), seen(state, 'chen', 'watch')]).toEqual([true, true])
  const kept = { ...state, footage: { by: mondayTen, kept: mondayTen } }
  expect([seen(kept, owner, 'owner'), seen(kept, 'chen', 'watch')]).toEqual([false, false])
})

test('an anonymous resident is called so', () => {
  const c = owned('zhang', { anonymous: true, about: { name: null } })
  const { rows } = drawCard(c, setting, staffId('zhang'), 'owner', 'task')
  expect(rows).toContainEqual({ label: '住户', value: '匿名住户' })
})

describe('a case whose category belongs to another post', () => {
  test('is offered to be handed over, on a new card, its people first', () => {
    const play = reach('verifying')
    const from = play.mark
    play.does('zhang', { type: 'recode', code: 'FS01' })
    expect(play.pushed('zhang', from)).toBe(1)
    expect(play.card('zhang')?.buttons.map((b) => b.action)).toEqual(['chooseHandOver', 'back'])
    expect(play.card('zhang')?.select?.options[0]?.id).toBe('zhao')
  })

  test('goes there by itself while nobody has accepted it', () => {
    const play = reach('assigned').does('li', { type: 'recode', code: 'FS01' })
    expect([play.state.owner, play.state.status]).toEqual(['zhao', 'assigned'])
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'movedAway', name: '赵刚' })
  })

  test('stays where it is while its post stays', () => {
    const play = reach('verifying')
    const from = play.mark
    play.does('zhang', { type: 'recode', code: 'RP01' })
    expect([play.pushed('zhang', from), play.state.owner]).toEqual([0, 'zhang'])
  })
})

test('no face of any card offers more than six buttons, two of the same, or a choice of nobody', () => {
  const faces: readonly CardFace[] = [
    'task',
    'more',
    'lead',
    'contact',
    'responsibility',
    'handOver',
    'reassign',
  ]
  for (const status of statuses.filter((s) => isOpen(s)))
    for (const person of setting.staff.filter((s) => s.active && levelOf(s.role) < 4))
      for (const face of faces) {
        const c = owned(person.id, { status, failures: 2, proof: 1, media: [photo()] })
        const card = drawCard(c, setting, person.id, 'owner', face)
        const keys = card.buttons.map((b) => b.action)
        expect(keys.length).toBeLessThanOrEqual(6)
        expect(new Set(keys).size).toBe(keys.length)
        expect(card.select?.options).not.toEqual([])
      }
})
