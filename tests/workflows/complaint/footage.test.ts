import { describe, expect, test } from 'vitest'
import { hours, minutes } from '../../../workflows/ids.ts'
import { aCompany, anEstate, aStaff, at, mondayTen, Play, reach, staffId } from '../../support/builders.ts'

const stolen = { code: 'SE03', severity: 'S2', happened: '昨晚十点' } as const

/** 和风苑 with two guards, men by day and xun by night. */
function guarded(now = mondayTen): Play {
  const shift = (staff: string, start: string, end: string) => ({
    department: '秩序' as const,
    buildings: [],
    days: [1, 2, 3, 4, 5, 6, 7],
    shift: { start, end },
    staff: [staffId(staff)],
  })
  const estate = anEstate()
  const guards = ['men', 'xun'].map((id) => aStaff(id, { departments: ['秩序'] }))
  const duty = [shift('men', '08:00', '20:00'), shift('xun', '20:00', '08:00')]
  return new Play({
    now,
    company: aCompany({ estates: [{ ...estate, staff: [...estate.staff, ...guards], duty }] }),
  })
}
const asked = (play: Play, staff: string) => play.heard(staff).filter((n) => n.type === 'footage')

describe('footage that may be overwritten', () => {
  test.each(['SE03', 'PK03', 'NS05', 'EM04', 'EM05'] as const)(
    'of %s is asked for within the hour, of whoever has the case and the guard on duty',
    (code) => {
      const play = guarded().registers({ ...stolen, code })
      expect(play.state.footage).toEqual({ by: mondayTen + hours(1), kept: null })
      for (const id of new Set([play.state.owner ?? '', 'men']))
        expect(asked(play, id), id).toMatchObject([{ by: mondayTen + hours(1), happened: '昨晚十点' }])
      expect(asked(play, 'xun')).toEqual([])
      expect(play.timeline().map((e) => e.type)).toContain('footageWanted')
    },
  )

  test('at night of the guard of the night; the unit and room are nobody’s business', () => {
    const play = guarded(at('2026-11-23 23:00')).registers({ ...stolen, severity: 'S3', code: 'EM05' })
    expect(asked(play, 'xun')).toMatchObject([{ place: '3栋 电梯厅' }])
    expect(asked(play, 'men')).toEqual([])
  })

  test('is not asked for where no camera can help', () => {
    expect(reach('assigned').state.footage).toBeNull()
  })

  test('is asked for once the category says so', () => {
    const play = reach('verifying').does('zhang', { type: 'recode', code: 'NS05' })
    expect(play.state.footage).toMatchObject({ kept: null })
  })

  test('kept, says anybody who was told: on record, and nobody hears of it again', () => {
    const play = guarded().registers(stolen).passes(minutes(20))
    play.does('zhang', { type: 'footageKept' })
    expect(play.heard('zhang').at(-1)).toMatchObject({ type: 'refused', why: 'notYours' })
    play.does('men', { type: 'footageKept' })
    expect(play.state.footage?.kept).toBe(play.now)
    expect(play.timeline().at(-1)).toMatchObject({ type: 'footageKept', by: { kind: 'staff', id: 'men' } })
    expect(play.heard('men').at(-1)).toMatchObject({ type: 'recorded', act: 'footageKept' })
    play.does('li', { type: 'footageKept' })
    expect(play.heard('li').at(-1)).toMatchObject({ type: 'refused', why: 'alreadyDone' })
    const from = play.mark
    play.passes(hours(2))
    expect(play.heard('zhao', from).filter((n) => n.type === 'escalation' && n.step === 'footage')).toEqual(
      [],
    )
  })

  test('not kept within the hour: the supervisor hears, once', () => {
    const play = guarded()
      .registers(stolen)
      .passes(hours(1) - minutes(1))
    const escalated = () => play.heard('zhao').filter((n) => n.type === 'escalation' && n.step === 'footage')
    expect(escalated()).toEqual([])
    play.passes(hours(5))
    expect(escalated()).toMatchObject([{ percent: 100 }])
    expect(play.timeline().filter((e) => e.type === 'missed' && e.data.step === 'footage')).toHaveLength(1)
    // Late is better than never.
    play.does('men', { type: 'footageKept' })
    expect(play.state.footage?.kept).toBe(play.now)
  })
})
