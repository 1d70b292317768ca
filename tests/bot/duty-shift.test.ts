import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { differences, replay } from '../../bot/replay.ts'
import { openStore } from '../../db/store.ts'
import type { Company, DutyShift } from '../../workflows/estate.ts'
import { minutes } from '../../workflows/ids.ts'
import { aCompany, anEstate, aStaff, staffId } from '../support/builders.ts'
import { desk } from '../support/engine.ts'
import { aStaffRoom, type StaffRoom } from '../support/staff-room.ts'

const shift = (staff: string[], start: string, end: string): DutyShift => ({
  department: '工程',
  buildings: [],
  days: [1, 2, 3, 4, 5, 6, 7],
  shift: { start, end },
  staff: staff.map(staffId),
})
/** zhang by day, and whoever by night. */
const company = (night: string[] = ['wang']): Company => {
  const estate = anEstate()
  const more = aStaff('he', { name: '何亮' })
  return aCompany({
    estates: [
      {
        ...estate,
        staff: [...estate.staff, more],
        duty: [
          shift(['zhang'], '08:30', '18:00'),
          ...(night.length > 0 ? [shift(night, '18:00', '08:30')] : []),
        ],
      },
    ],
  })
}

let room: StaffRoom
const begin = async (night?: string[], start = '2026-11-23 17:40') => {
  room = await aStaffRoom(company(night), start)
}
afterEach(() => room.stop())

describe('at the end of a shift', () => {
  beforeEach(() => begin())

  test('the list, one press for all of it, and a card each that must be accepted', async () => {
    const [one, two] = [await room.registers(), await room.registers()]
    for (const id of [one, two]) await room.accepts('zhang', id)
    room.heard('zhang')
    await room.until('2026-11-23 18:00')
    const list = room.heard('zhang')
    expect(list).toContain('您的班到18:00结束。手上还有2件')
    expect(list).toContain(room.complaint(one).number)
    expect(list).toContain('下一班：王强')
    expect(room.cards('zhang').at(-1)).toMatchObject({ title: '交班', subtitle: '您的班到18:00结束' })
    await room.presses('zhang', '全部交班')
    expect(room.heard('zhang')).toContain('2件已交给王强，等他接单')
    expect(room.heard('wang')).toContain('张建国交班给您2件')
    for (const id of [one, two])
      expect(room.complaint(id)).toMatchObject({ owner: 'wang', status: 'assigned' })
    expect(room.cards('zhang').at(-1)?.buttons).toEqual([])
    await room.pressesAgain('zhang')
    expect(room.heard('zhang')).toBe('您手上没有要交的事。')
    await room.passes(minutes(20))
    expect(room.heard('zhang')).toBe('')
  })

  test('what nobody accepted moves on by itself', async () => {
    const id = await room.registers('S2')
    expect(room.complaint(id).owner).toBe('zhang')
    await room.until('2026-11-23 18:00')
    expect(room.complaint(id)).toMatchObject({ owner: 'wang', status: 'assigned' })
    expect(room.heard('zhang')).toContain('没接的1件已转给下一班')
  })

  test('not handed over: asked once more, and of S1 and S2 a supervisor hears', async () => {
    const [grave, plain] = [await room.registers('S2'), await room.registers('S3')]
    for (const id of [grave, plain]) await room.accepts('zhang', id)
    await room.until('2026-11-23 18:14')
    room.heard('zhang')
    room.heard('li')
    await room.passes(minutes(1))
    expect(room.heard('zhang')).toContain('班已结束，还有2件没交')
    const heard = room.heard('li')
    expect(heard).toContain(`张建国已下班，这些重大紧急的事还没交班：${room.complaint(grave).number}，请安排`)
    expect(heard).not.toContain(room.complaint(plain).number)
    await room.passes(minutes(30))
    expect(room.heard('zhang')).not.toContain('还有2件没交')
    expect(room.complaint(plain).owner).toBe('zhang')
  })

  test('of somebody with nothing in hand nothing is said', async () => {
    await room.until('2026-11-23 18:30')
    expect(room.heard('zhang')).toBe('')
  })

  test('a program that was off over the end of the shift says it when it is back', async () => {
    const id = await room.registers()
    await room.accepts('zhang', id)
    await room.restarts()
    await room.until('2026-11-23 18:00')
    expect(room.heard('zhang')).toContain('您的班到18:00结束')
    const into = openStore({ dataDir: ':memory:', holder: 'replay', now: 1 })
    await replay({ from: room.engine.store, into, steps: room.engine.steps, desk })
    expect(differences(room.engine.store, into)).toEqual([])
    into.close()
  })

  test('an estate file that ends the shift earlier counts from the next start', async () => {
    const id = await room.registers()
    await room.accepts('zhang', id)
    const { estates, ...rest } = company()
    const earlier = estates.map((e) => ({
      ...e,
      duty: [shift(['zhang'], '08:30', '17:50'), shift(['wang'], '17:50', '08:30')],
    }))
    await room.restarts({ ...rest, estates: earlier })
    await room.until('2026-11-23 17:50')
    expect(room.heard('zhang')).toContain('您的班到17:50结束')
  })
})

test('whoever the estate file takes off the roster meanwhile has no shift that ends', async () => {
  await begin()
  const id = await room.registers()
  await room.accepts('zhang', id)
  const { estates, ...rest } = company()
  await room.restarts({ ...rest, estates: estates.map((e) => ({ ...e, duty: e.duty.slice(1) })) })
  await room.until('2026-11-23 18:20')
  expect(room.heard('zhang')).not.toMatch(/结束/)
})

test('with nobody on the next shift the work stays, and that is said', async () => {
  await begin([])
  const [accepted, asked] = [await room.registers(), await room.registers()]
  await room.accepts('zhang', accepted)
  await room.until('2026-11-23 18:00')
  expect(room.heard('zhang')).toContain('下一班没有人，事情还在您手上')
  expect(room.cards('zhang')).toEqual([])
  expect(room.complaint(accepted).owner).toBe('zhang')
  expect(room.complaint(asked).owner).toBe('zhang')
})

describe('交班', () => {
  test('with several on the next shift it asks who; the name, or a choice on the card, answers', async () => {
    await begin(['wang', 'he'])
    const one = await room.registers()
    await room.accepts('zhang', one)
    await room.says('zhang', '交班')
    expect(room.heard('zhang')).toContain('交给谁？回名字：王强、何亮')
    await room.says('zhang', '何亮')
    expect(room.complaint(one).owner).toBe('he')
    const two = await room.registers()
    await room.accepts('zhang', two)
    await room.says('zhang', '交班')
    await room.presses('zhang', '全部交班', { staff: ['wang'] })
    expect(room.complaint(two).owner).toBe('wang')
  })

  test('交班给王强; nobody is handed to who is on leave, and done work stays', async () => {
    await begin()
    const id = await room.registers()
    await room.accepts('zhang', id)
    await room.says('li', '王强请假 今天')
    await room.says('zhang', '交班给王强')
    expect(room.heard('zhang')).toContain('王强在请假或不能接单')
    await room.says('zhang', '交班给何亮')
    expect(room.complaint(id).owner).toBe('he')
    await room.says('zhang', '交班')
    expect(room.heard('zhang')).toContain('您手上没有要交的事')
  })

  test('a supervisor has it done: both hear, and the timeline says who', async () => {
    await begin()
    const id = await room.registers()
    await room.accepts('zhang', id)
    await room.says('li', '张建国交班给王强')
    expect(room.heard('li')).toContain('张建国手上1件已交给王强')
    expect(room.heard('zhang')).toContain('1件已交给王强')
    const entry = room.engine.store.complaints.timeline(id).find((e) => e.type === 'handedOver')
    expect(entry).toMatchObject({ by: 'staff', staff: 'li', data: { to: 'wang' } })
    await room.says('zhao', '张建国交班给王强')
    expect(room.heard('zhao')).toContain('不归您安排')
  })

  test('whom a case is about is not handed it: it stays, and is named', async () => {
    await begin()
    const id = await room.registers()
    await room.accepts('zhang', id)
    const state = { ...room.complaint(id), subjects: ['wang'] }
    room.engine.store.database.sqlite
      .prepare('update complaints set state = ? where id = ?')
      .run(JSON.stringify(state), id)
    await room.says('zhang', '交班给王强')
    expect(room.heard('zhang')).toContain('都不能交给王强')
    expect(room.complaint(id).owner).toBe('zhang')
  })

  test('to somebody nobody knows: said, and no resident reads it as news', async () => {
    await begin()
    const id = await room.registers()
    await room.accepts('zhang', id)
    await room.says('zhang', '交班给老王')
    expect(room.heard('zhang')).toContain('没找到叫“老王”的同事')
    expect(room.complaint(id)).toMatchObject({ owner: 'zhang', about: { findings: [] } })
  })

  test.each(['交班时发现水泵还在响', '交班记录已签', '换班的时候没人跟我说', '换好了，晚上再看'])(
    '“%s” is news of the case',
    async (line) => {
      await begin()
      const id = await room.registers()
      await room.accepts('zhang', id)
      await room.says('zhang', line)
      expect(room.complaint(id).about.findings).toContain(line)
    },
  )
})

describe('换班', () => {
  test('the colleague agrees by a press: the night’s tasks are theirs, and the supervisor knows', async () => {
    await begin(['wang'], '2026-11-23 10:00')
    await room.says('wang', '换班 今晚和何亮')
    expect(room.heard('wang')).toContain('已问何亮：今天18:00到明天08:30的班由他值')
    expect(room.cards('he').at(-1)).toMatchObject({ title: '换班申请', subtitle: '王强' })
    await room.presses('he', '同意换班')
    expect(room.heard('wang')).toContain('何亮同意了')
    expect(room.heard('li')).toContain('换班：今天18:00到明天08:30 王强的班由何亮值')
    await room.says('li', '值班')
    expect(room.heard('li')).toContain('工程：张建国，到今天18:00，下一班何亮')
    await room.until('2026-11-23 18:10')
    expect(room.complaint(await room.registers('S2')).owner).toBe('he')
  })

  test('in return for one of theirs', async () => {
    await begin(['wang'], '2026-11-23 10:00')
    await room.says('wang', '换班 今晚和张建国周三')
    expect(room.heard('wang')).toContain('11月25日（周三）08:30到18:00的班您替他值')
    await room.says('zhang', '同意')
    await room.until('2026-11-23 18:10')
    const night = await room.registers()
    expect(room.complaint(night).owner).toBe('zhang')
    await room.engine.inbox.submit({ to: 'complaint', id: night }, { type: 'withdraw', text: null })
    await room.until('2026-11-25 09:00')
    expect(room.complaint(await room.registers()).owner).toBe('wang')
  })

  test('no by a word, no answer before the shift, and 取消换班: it is still theirs', async () => {
    await begin(['wang'], '2026-11-23 10:00')
    await room.says('wang', '换班 今晚和何亮')
    await room.says('he', '不换')
    expect(room.heard('wang')).toContain('何亮不换')
    await room.says('wang', '换班 今晚和何亮')
    await room.until('2026-11-23 18:00')
    expect(room.heard('wang')).toContain('何亮没有回话')
    expect(room.cards('he').at(-1)?.buttons).toEqual([])
    await room.says('wang', '换班 明晚和何亮')
    await room.presses('he', '同意换班')
    await room.says('wang', '取消换班')
    expect(room.heard('he')).toContain('换班取消')
    expect(room.engine.store.duty.current()).toEqual([])
  })

  test.each([
    ['换班', /请写成“换班 明晚和王强”/],
    ['换班 明天上午和何亮', /您那段时间没有排班/],
    ['换班 今晚和张建国周日晚上', /张建国那段时间没有排班/],
    ['换班的时候没人在', /没有这件事对应的单子/],
    ['换班 明晚', /请写成“换班 明晚和王强”/],
  ])('“%s”', async (line, answer) => {
    await begin(['wang'], '2026-11-23 10:00')
    await room.says('wang', line)
    expect(room.heard('wang')).toMatch(answer)
    expect(room.engine.store.duty.current()).toEqual([])
  })

  test('not with who has a shift then themselves', async () => {
    await begin(['wang', 'he'], '2026-11-23 10:00')
    await room.says('wang', '换班 今晚和何亮')
    expect(room.heard('wang')).toContain('自己有班或请了假')
  })
})
