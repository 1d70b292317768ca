import { describe, expect, test } from 'vitest'
import { drawCard } from '../../../workflows/complaint/cards.ts'
import { statuses, isOpen, type Complaint } from '../../../workflows/complaint/state.ts'
import { hours } from '../../../workflows/ids.ts'
import type { Play } from '../../support/builders.ts'
import { aCompany, aComplaint, anEstate, at, mondayTen, reach, staffId } from '../../support/builders.ts'

const estate = anEstate()
const setting = { estate, staff: [...estate.staff, ...aCompany().staff], away: [] }
const li = staffId('li')

const card = (c: Complaint, by = 'li') => drawCard(c, setting, staffId(by), 'watch', 'task')
const row = (c: Complaint, label: string) => card(c).rows.find((r) => r.label === label)?.value
const actions = (c: Complaint, by = 'li') => card(c, by).buttons.map((b) => b.action)

/** Escalated to its supervisor: nobody had called the resident within the hour. */
const escalated = (): Play => reach('verifying', { severity: 'S2' }).until(at('2026-11-23 11:05'))

describe('the card of somebody above shows what there is to decide', () => {
  test('who has it since when, the step that is late, severity and state, and when it began', () => {
    const { state } = escalated()
    expect(card(state).rows).toEqual([
      { label: '编号', value: state.number },
      { label: '区域', value: '3栋 电梯厅' },
      { label: '经办', value: '张建国 11月23日 10:00起' },
      { label: '状态', value: '重大 · 核实中' },
      { label: '时限', value: '联系住户 11月23日 11:00前，已超时' },
      { label: '受理', value: '11月23日 10:00' },
    ])
  })

  test('whether the resident was spoken to, what they were promised and whether it was kept, and how often it was put off', () => {
    const play = escalated()
    expect(card(play.state).text).toBe('还没联系过住户；答应住户11月23日 11:00前联系住户，没做到。')
    play.does('zhang', { type: 'contact', outcome: 'phone', words: null })
    play.does('zhang', { type: 'progress', text: '等配件', media: [] })
    play.does('li', { type: 'extend', until: play.now + hours(72), reason: '等配件' })
    expect(card(play.state).text).toBe(
      '11月23日 11:05联系过住户；最近进展11月23日 11:05；答应住户11月26日 11:05前办结；已延期1次。',
    )
  })

  test('a deadline that is not over is no late one, and nobody is called 无人', () => {
    expect(row(reach('verifying').state, '时限')).not.toContain('超时')
    const { state } = reach('registered')
    expect([row(state, '经办'), card(state).text.startsWith('现在没有人接')]).toEqual(['无人', true])
  })

  test('nothing of the resident', () => {
    expect(JSON.stringify(card(escalated().state))).not.toMatch(/林女士|1381|5678|1502|2单元|楼道灯/u)
  })
})

describe('and lets them act', () => {
  test('urge, move, take over, call the resident, put off', () => {
    expect(actions(escalated().state)).toEqual(['urge', 'reassign', 'takeOver', 'revealPhone', 'extend'])
  })

  test('whom it was not escalated to may do everything but call', () => {
    const { state } = reach('verifying', { severity: 'S2' })
    expect(actions(state)).toEqual(['urge', 'reassign', 'takeOver', 'extend'])
    expect(actions({ ...state, escalated: [staffId('chen')] }, 'chen')).toEqual([])
  })

  test('where the resident left no number there is none to ask for', () => {
    const { state } = escalated()
    expect(actions({ ...state, about: { ...state.about, phone: null } })).not.toContain('revealPhone')
  })

  test('who waits for their word is not urged first', () => {
    const c = aComplaint({
      status: 'resolving',
      escalated: [li],
      pauseWanted: { by: staffId('zhang'), why: 'weather', words: '大雨', until: mondayTen + hours(24) },
    })
    expect(actions(c).slice(0, 2)).toEqual(['pauseAllow', 'pauseDeny'])
    expect(actions(c)).not.toContain('urge')
    expect(actions(c)).toHaveLength(6)
  })

  test('within the limits of the platform, in every state, with everything at once', () => {
    const length = (words: string) => [...words].length
    for (const status of statuses.filter((s) => isOpen(s)))
      for (const by of ['li', 'sun', 'wu', 'root', 'chen']) {
        const { state } = reach(status, { severity: 'S2', code: 'SE03' })
        const c: Complaint = {
          ...state,
          escalated: [staffId(by)],
          failures: 2,
          extensions: 2,
          marks: { ...state.marks, contacted: mondayTen, progressed: mondayTen },
          pauseWanted: { by: staffId('zhang'), why: 'thirdParty', words: '', until: mondayTen },
        }
        const drawn = card(c, by)
        expect(drawn.buttons.length, status).toBeLessThanOrEqual(6)
        expect(new Set(drawn.buttons.map((b) => b.action)).size).toBe(drawn.buttons.length)
        expect(drawn.rows.length).toBeLessThanOrEqual(6)
        for (const { label, value } of drawn.rows) {
          expect(length(label)).toBeLessThanOrEqual(5)
          expect(length(value)).toBeLessThanOrEqual(26)
          expect(value, `${label} is cut`).not.toContain('…')
        }
        expect(length(drawn.text)).toBeLessThanOrEqual(112)
      }
  })
})

describe('联系住户 by somebody above', () => {
  test('gives the number to them alone, logged with its purpose, and their call counts as contact', () => {
    const play = escalated()
    const from = play.mark
    play.does('li', { type: 'revealPhone' })
    expect(play.heard('li', from)).toMatchObject([{ type: 'phone', phone: '13812345678' }])
    expect(play.heard('sun', from)).toEqual([])
    expect(play.timeline(from)).toContainEqual(
      expect.objectContaining({
        type: 'phoneRevealed',
        by: { kind: 'staff', id: 'li' },
        data: { purpose: 'oversight' },
      }),
    )
    expect(play.card('li')?.buttons.map((b) => b.action)).toEqual([
      'contact:phone',
      'contact:met',
      'contact:noAnswer',
      'back',
    ])
    play.does('li', { type: 'contact', outcome: 'phone', words: '说好下午去' })
    expect(play.state.marks.contacted).toBe(play.now)
    expect(play.state.deadlines.some((d) => d.step === 'contact')).toBe(false)
    expect(play.state.owner).toBe('zhang')
  })

  test('before anybody accepted it as well', () => {
    const play = reach('assigned', { severity: 'S2' })
      .until(at('2026-11-23 10:29'))
      .does('li', { type: 'revealPhone' })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'phone' })
    // Whoever is only asked to take it needs no number yet.
    play.does('zhang', { type: 'revealPhone' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'refused', why: 'notYet' })
  })

  test.each(['sun', 'zhao', 'wang'])('%s, to whom it was not escalated, gets none', (by) => {
    const play = reach('verifying').does(by, { type: 'revealPhone' })
    expect(play.heard(by).at(-1)).toMatchObject({ type: 'refused', why: 'notYours' })
  })

  test('with the end of the case nobody may any more', () => {
    const play = escalated().event({ type: 'withdraw', text: null }).does('li', { type: 'revealPhone' })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'refused', why: 'closed' })
  })
})
