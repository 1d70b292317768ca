import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { differences, replay } from '../../bot/replay.ts'
import { openStore } from '../../db/store.ts'
import type { Company } from '../../workflows/estate.ts'
import { hours, minutes, type ComplaintId } from '../../workflows/ids.ts'
import { aCompany, staffId } from '../support/builders.ts'
import { desk } from '../support/engine.ts'
import { aStaffRoom, type StaffRoom } from '../support/staff-room.ts'

let room: StaffRoom
beforeEach(async () => {
  room = await aStaffRoom(aCompany())
})
afterEach(() => room.stop())

describe('请假', () => {
  test('is asked of the supervisor, agreed by a press, and takes hold when it begins', async () => {
    const soon = await room.registers()
    await room.accepts('zhang', soon)
    await room.says('zhang', '请假 今天下午2点到4点，家里有事')
    expect(room.heard('zhang')).toContain('请假今天14:00到16:00，已送李敏审批')
    const [asked] = room.cards('li')
    expect(asked).toMatchObject({ title: '请假申请', subtitle: '张建国', text: '家里有事' })
    expect(room.cards('sun')).toEqual([])
    await room.presses('li', '批准')
    expect(room.heard('zhang')).toContain('您的假李敏批了：今天14:00到16:00')
    expect(room.heard('li')).toContain('张建国请假今天14:00到16:00，李敏批了')
    expect(room.cards('li').at(-1)?.buttons).toEqual([])
    expect(room.complaint(soon).owner).toBe('zhang')

    await room.until('2026-11-23 14:00')
    expect(room.heard('zhang')).toMatch(/您的假开始了，到今天16:00。手上1件转给别人/)
    expect(room.complaint(soon)).toMatchObject({ owner: 'wang', status: 'assigned' })
    await room.accepts('wang', soon)
    const during = await room.registers('S2')
    expect(room.complaint(during).owner).not.toBe('zhang')

    await room.until('2026-11-23 16:00')
    expect(room.heard('zhang')).toContain('您的假到了，手上没有待办')
    expect(room.complaint(soon).owner).toBe('wang')
    expect(room.engine.store.duty.current()).toEqual([])
  })

  test('by words: 同意 counts only while something waits', async () => {
    await room.says('zhang', '请假')
    expect(room.heard('zhang')).toContain('从什么时候请到什么时候')
    await room.says('zhang', '11月25日到11月27日，回老家')
    expect(room.heard('zhang')).toContain('11月25日（周三）到11月27日（周五）全天')
    await room.says('li', '待办')
    expect(room.heard('li')).toContain('张建国 请假 11月25日（周三）到11月27日（周五）全天')
    await room.says('li', '同意')
    expect(room.heard('zhang')).toContain('您的假李敏批了')
    await room.says('li', '同意')
    expect(room.heard('li')).toContain('您手上没有这件事对应的单子')
  })

  test('not granted: nothing changes, and the second press is answered in words', async () => {
    await room.says('zhang', '请假 今天')
    await room.presses('li', '不批准')
    expect(room.heard('zhang')).toContain('您的假李敏没有批')
    room.heard('li')
    await room.pressesAgain('li')
    expect(room.heard('li')).toContain('已经处理过')
    expect(room.engine.store.duty.current()).toEqual([])
    expect(room.complaint(await room.registers()).owner).toBe('zhang')
  })

  test('two who may say it: the second hears who was first', async () => {
    await room.says('zhang', '请假 后天')
    await room.passes(hours(1))
    expect(room.heard('zhang')).toContain('您的假还没有人批，已再送孙洁')
    await room.presses('sun', '批准')
    await room.presses('li', '不批准').catch(() => undefined)
    expect(room.cards('li').at(-1)?.buttons).toEqual([])
    await room.says('li', '待办')
    expect(room.heard('li')).not.toContain('等您批的')
    expect(room.engine.store.duty.current().map((c) => [c.state, c.decidedBy])).toEqual([['agreed', 'sun']])
  })

  test('nobody ever answers: it is no leave, and that is said', async () => {
    await room.says('zhang', '请假 今天')
    await room.until('2026-11-24 00:00')
    expect(room.heard('zhang')).toContain('没有人批，不算请假')
    expect(room.engine.store.duty.current()).toEqual([])
    expect(room.complaint(await room.registers()).owner).toBe('zhang')
  })

  test('of a supervisor the manager is asked, of the highest nobody', async () => {
    await room.says('li', '请假 明天')
    expect(room.heard('li')).toContain('已送孙洁审批')
    await room.says('wu', '请假 明天')
    expect(room.heard('wu')).toContain('请假明天全天，已记录')
  })

  test.each([
    ['请假的师傅明天回来', /没有这件事对应的单子/],
    ['请假，以后再说', /没看懂时间/],
    ['昨天请假', /没有这件事对应的单子/],
  ])('“%s” is no request', async (line, answer) => {
    await room.says('zhang', line)
    expect(room.heard('zhang')).toMatch(answer)
    expect(room.engine.store.duty.current()).toEqual([])
  })
})

describe('ordered by somebody above', () => {
  test('王强请假 今天 holds at once, with a warning where nobody is left', async () => {
    const mine = await room.registers('S2')
    const owner = room.complaint(mine).owner ?? ''
    const [name, other] = owner === 'zhang' ? ['张建国', '王强'] : ['王强', '张建国']
    await room.accepts(owner, mine)
    await room.says('li', `${name}请假 今天`)
    expect(room.heard('li')).not.toContain('没有别的人在岗')
    expect(room.complaint(mine).owner).not.toBe(owner)
    await room.says('li', `${other}请假 今天`)
    expect(room.heard('li')).toContain('注意：今天10:00起工程没有别的人在岗')
    expect(room.complaint(mine).owner).toBe('li')
    await room.says('li', `${name}销假`)
    expect(room.heard('li')).toContain(`${name}销假了`)
    expect(room.complaint(await room.registers()).owner).toBe(owner)
  })

  test.each([
    ['zhang', '王强请假 明天', /不归您安排/],
    ['zhao', '王强请假 明天', /不归您安排/],
    ['li', '李敏请假 明天', /没有这件事对应的单子/],
    ['li', '王强请假的时候谁来', /没有这件事对应的单子/],
    ['feng', '王强请假 明天', /没有这件事对应的单子/],
  ])('not by %s: %s', async (who, line, answer) => {
    await room.says(who, line)
    expect(room.heard(who)).toMatch(answer)
    expect(room.engine.store.duty.current()).toEqual([])
  })
})

describe('销假', () => {
  test('ends a leave early, with the list of what is theirs', async () => {
    await room.says('zhang', '请假 今天')
    await room.presses('li', '批准')
    await room.passes(hours(2))
    await room.says('zhang', '销假')
    expect(room.heard('zhang')).toContain('已销假')
    expect(room.heard('li')).toContain('张建国销假了')
    expect(room.complaint(await room.registers()).owner).toBe('zhang')
    await room.says('zhang', '销假')
    expect(room.heard('zhang')).toContain('您没有请假')
  })

  test('takes a request back: whoever was asked has nothing to press any more', async () => {
    await room.says('zhang', '请假 明天')
    await room.says('zhang', '销假')
    expect(room.heard('zhang')).toContain('已撤回')
    expect(room.cards('li').at(-1)?.buttons).toEqual([])
  })
})

test('more cases than one turn can tell all go on', async () => {
  const ids = []
  for (let i = 0; i < 70; i++) ids.push(await room.registers())
  for (const id of ids) {
    const owner = room.complaint(id).owner ?? ''
    if (owner !== 'zhang')
      await room.engine.inbox.submit(
        { to: 'complaint', id },
        { type: 'reassign', by: 'li' as never, to: 'zhang' as never, reason: null },
      )
  }
  expect(room.engine.store.complaints.loads().get('zhang' as never)).toBe(70)
  await room.says('li', '张建国请假 3天')
  expect(room.heard('zhang')).toContain('手上70件转给别人')
  await room.passes(minutes(1))
  expect(room.engine.store.complaints.loads().get('zhang' as never) ?? 0).toBe(0)
}, 60_000)

test('holds over a restart, and a replay decides the same', async () => {
  const soon = await room.registers('S2')
  const owner = room.complaint(soon).owner ?? ''
  await room.says('li', `${owner === 'zhang' ? '张建国' : '王强'}请假 明天`)
  await room.restarts()
  await room.until('2026-11-24 00:10')
  expect(room.complaint(soon).owner).not.toBe(owner)
  await room.passes(hours(1))
  const into = openStore({ dataDir: ':memory:', holder: 'replay', now: 1 })
  await replay({ from: room.engine.store, into, steps: room.engine.steps, desk })
  expect(differences(room.engine.store, into)).toEqual([])
  into.close()
})

describe('whoever leaves the estate file leaves nothing without an owner', () => {
  const without = (...gone: string[]): Company => {
    const company = aCompany()
    return {
      ...company,
      estates: company.estates.map((e) => ({ ...e, staff: e.staff.filter((s) => !gone.includes(s.id)) })),
    }
  }
  const isHeld = (id: ComplaintId) => {
    const { owner, unowned } = room.complaint(id)
    expect(owner).not.toBeNull()
    expect(unowned).toBe(false)
    return owner
  }

  test('while on leave, with a case that was to wait for them', async () => {
    const id = await room.registers()
    await room.accepts('zhang', id)
    await room.says('li', '张建国请假 今天10:00到10:30')
    expect(room.heard('zhang')).toContain('1件在您回来前不到时限')
    await room.restarts(without('zhang'))
    expect(isHeld(id)).toBe('wang')
  })

  test('as the only one left while the others are on leave', async () => {
    const id = await room.registers()
    await room.accepts('zhang', id)
    await room.says('li', '王强请假 今天')
    await room.restarts(without('zhang'))
    expect(isHeld(id)).toBe('li')
  })

  test('as the one a leave waits for: another supervisor is asked, and may grant it', async () => {
    await room.says('zhang', '请假 明天')
    await room.restarts(without('li'))
    await room.passes(hours(1))
    await room.presses('zhao', '批准')
    expect(room.heard('zhang')).toContain('您的假赵刚批了')
  })

  test('as the one who was to stand in: the shift is whose it was', async () => {
    const night = (company: Company): Company => ({
      ...company,
      estates: company.estates.map((e) => ({
        ...e,
        duty: [
          {
            department: '工程' as const,
            buildings: [],
            days: [1, 2, 3, 4, 5, 6, 7],
            shift: { start: '18:00', end: '08:30' },
            staff: [staffId('wang')],
          },
        ],
      })),
    })
    await room.restarts(night(aCompany()))
    await room.says('wang', '换班 今晚和张建国')
    await room.presses('zhang', '同意换班')
    await room.restarts(night(without('zhang')))
    await room.until('2026-11-23 18:10')
    expect(isHeld(await room.registers('S2'))).toBe('wang')
  })

  test('with a call to the resident and an alarm that rings', async () => {
    const rings = await room.registers('S1')
    const low = await room.registers()
    await room.engine.inbox.submit(
      { to: 'complaint', id: low },
      { type: 'wantsPerson', text: null, level: 1 },
    )
    expect(room.complaint(low).callback?.by).toBe('li')
    await room.says('sun', '李敏请假 今天')
    expect(room.complaint(low).callback?.by).toBe('sun')
    await room.restarts(without('sun', 'zhang'))
    expect(room.complaint(low).callback?.by).toBe('wu')
    expect(isHeld(rings)).not.toBe('zhang')
    expect(room.complaint(rings).alarm?.circle ?? []).not.toContain('zhang')
  })
})
