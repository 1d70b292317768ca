import { describe, expect, it } from 'vitest'
import type { Company, Policy } from '../../../workflows/estate.ts'
import type { ComplaintId, EstateId } from '../../../workflows/ids.ts'
import { intakeNeeds, newIntake, registrationByHand, stepIntake } from '../../../workflows/intake/index.ts'
import type { IntakeEvent, IntakeState } from '../../../workflows/intake/index.ts'
import type { Notice } from '../../../workflows/notice.ts'
import type { Effect, IntakeLoaded } from '../../../workflows/turn.ts'
import { emergencyTypes, noFacts, type Facts } from '../../../workflows/understanding/facts.ts'
import { nowhere, understand } from '../../../workflows/understanding/index.ts'
import { aBrief, aCompany, aContext, aLoaded, unknownPerson } from './world.ts'

const ten = Date.parse('2026-11-24T10:00:00+08:00')
const company = aCompany()
const id = 41 as ComplaintId

/** One turn after another, the understanding given, so that a better one changes nothing here. */
class Talk {
  readonly company: Company
  constructor(policy: Partial<Policy> = {}) {
    const estates = company.estates.map((estate) => ({ ...estate, policy: { ...estate.policy, ...policy } }))
    this.company = { ...company, estates }
  }
  state: IntakeState = newIntake
  now = ten
  due: number | null = null
  loaded: Partial<IntakeLoaded> = {}
  effects: readonly Effect[] = []

  step(event: IntakeEvent): this {
    const turn = stepIntake(this.state, event, aLoaded(this.loaded), aContext(this.now, this.company))
    this.state = turn.state
    this.due = turn.due
    this.effects = turn.effects
    return this
  }
  write(text: string, facts: Partial<Facts> = {}, more: { at?: number } = {}): this {
    const read = { ...noFacts, ...facts }
    return this.step({
      type: 'message',
      at: more.at ?? this.now,
      content: { type: 'text', text },
      facts: read,
      group: null,
    })
  }
  at(ms: number): this {
    this.now = ten + ms
    return this
  }
  notice(notice: Record<string, unknown>): this {
    return this.step({
      type: 'notice',
      notice: { complaint: id, number: 'TS-20261124-0001', ...notice } as Notice,
    })
  }
  registered(danger: string | null): this {
    return this.notice({
      type: 'registered',
      kind: 'complaint',
      code: 'EM01',
      severity: 'S1',
      post: '秩序',
      promise: ten + 600_000,
      checkCode: null,
      incomplete: false,
      wantsPerson: false,
      danger,
      joined: null,
    })
  }
  get said(): string {
    return this.effects.flatMap((e) => (e.do === 'say' ? [e.text] : [])).join('\n')
  }
  get told() {
    return this.effects.flatMap((e) => (e.do === 'tell' ? [e.event] : []))
  }
}

const suspected = {
  danger: 0.3,
  emergencyType: 'gas',
  kind: 'complaint',
  code: 'UT01',
  selfInvolved: true,
} as const

describe('danger that is only suspected', () => {
  it.each(emergencyTypes)(
    '%s: one short question with its own safety line, registered as suspected',
    (type) => {
      const talk = new Talk().write('有点味道', {
        ...suspected,
        emergencyType: type,
        lift: type === 'trapped',
      })
      expect(talk.state.asking?.topic).toBe('inDanger')
      expect(talk.said.split('\n')).toHaveLength(1)
      expect([...talk.said].length).toBeLessThanOrEqual(60)
      expect(talk.told).toMatchObject([
        {
          type: 'register',
          registration: { severity: 'S2', suspected: true, code: 'UT01', danger: { type } },
        },
      ])
      expect(talk.due).toBe(ten + 60_000)
    },
  )

  it.each(emergencyTypes)(
    '%s: a clear no ends it, other answers and silence make it an emergency',
    (type) => {
      const asked = () =>
        new Talk()
          .write('有点味道', { ...suspected, emergencyType: type, lift: type === 'trapped' })
          .registered(type)
          .at(20_000)
      for (const text of ['没有', '莫得', '没有了，谢谢', '冇喇，唔该']) {
        const talk = asked().write(text)
        expect(talk.told, text).toMatchObject([{ type: 'noDanger' }])
        expect(talk.said, text).toContain('没人有危险就好')
      }
      for (const text of ['是', '有', '係', '不知道', '晕了', '快不行了', '没有吧', '3栋', '搞不醒豁']) {
        const talk = asked().write(text)
        expect(talk.told, text).toContainEqual(expect.objectContaining({ type: 'danger' }))
        expect(talk.said, text).toMatch(/^先按有危险处理/)
      }
      const silent = asked().at(59_999).step({ type: 'due' })
      expect(silent.told).toEqual([])
      expect(silent.at(60_000).step({ type: 'due' }).told).toMatchObject([
        { type: 'danger', danger: { type, lift: type === 'trapped' } },
      ])
      expect(silent.said).toContain('0731-88881111')
    },
  )

  it('a clear no ends it, and only then the rest is asked', () => {
    const talk = new Talk().write('有点味道', suspected).registered('gas').at(20_000).write('没有')
    expect(talk.told).toMatchObject([{ type: 'noDanger' }])
    expect(talk.state.asking?.topic).toBe('dangerPlace')
    expect(talk.said).toContain('具体在哪儿')
    expect(talk.state.noticed).not.toBeNull()
  })

  it.each(['是', '1', '好像还有吧我也说不好'])('“%s” is no clear no: danger', (text) => {
    const talk = new Talk().write('有点味道', suspected).registered('gas').at(20_000).write(text)
    expect(talk.told[0]).toMatchObject({ type: 'danger', danger: { type: 'gas' } })
    expect(talk.said).toContain('出门到楼外')
  })

  it('no answer within 60 s is a yes', () => {
    const talk = new Talk().write('有点味道', suspected).registered('gas').at(60_000).step({ type: 'due' })
    expect(talk.told[0]).toMatchObject({ type: 'danger' })
    expect(talk.said).toMatch(/^没有等到您的回音/)
  })
})

describe('danger', () => {
  const fire = {
    danger: 0.9,
    emergencyType: 'fire',
    kind: 'complaint',
    code: 'EM01',
    selfInvolved: true,
  } as const

  it('keeps what was told before the case had its row, and hands it on', () => {
    const talk = new Talk()
      .write('着火了', fire)
      .write('5栋', { building: ['5栋'], household: { building: '5', unit: null, room: null } })
    expect(talk.told).toEqual([])
    talk.registered('fire')
    expect(talk.told).toMatchObject([{ type: 'amend', place: { building: '5' } }])
  })

  it('adds to the place as it comes, never loses what is known', () => {
    const talk = new Talk()
      .write('5栋着火了', {
        ...fire,
        building: ['5栋'],
        household: { building: '5', unit: null, room: null },
      })
      .registered('fire')
      .write('2单元1201', { household: { building: null, unit: '2', room: '1201' } })
    expect(talk.told).toMatchObject([{ type: 'amend', place: { building: '5', unit: '2', room: '1201' } }])
  })

  it('remembers nobody before the notice was queued in an earlier turn', () => {
    const talk = new Talk().write('着火了，13800000001', { ...fire, phone: '13800000001' }).registered('fire')
    expect(talk.effects.some((e) => e.do === 'remember')).toBe(false)
    talk.write('5栋二楼', { household: { building: '5', unit: null, room: null } })
    expect(talk.said).toContain('个人信息说明')
    expect(talk.effects.some((e) => e.do === 'remember')).toBe(false)
    talk.write('好的')
    expect(talk.effects).toContainEqual({
      do: 'remember',
      person: { phone: '13800000001', estate: 'hefeng' },
    })
  })

  it('is registered without estate where the company has several and none is known', () => {
    const several = aCompany(2)
    const turn = stepIntake(
      newIntake,
      {
        type: 'message',
        at: ten,
        content: { type: 'text', text: '着火了' },
        facts: { ...noFacts, ...fire },
        group: null,
      },
      aLoaded(),
      aContext(ten, several),
    )
    expect(turn.effects).toContainEqual(
      expect.objectContaining({
        do: 'tell',
        event: expect.objectContaining({
          registration: expect.objectContaining({ estate: null }) as unknown,
        }) as unknown,
      }),
    )
    expect(JSON.stringify(turn.effects)).toContain('0731-88880000')
  })
})

describe('what is not understood', () => {
  it('is asked for; a second time a person is offered', () => {
    const talk = new Talk().write('那个东西又那样子了呢')
    expect(talk.said).toContain('再说说是什么、在哪儿')
    expect(talk.told).toEqual([])
    talk.at(60_000).write('就是上面那个嘛还是那样')
    expect(talk.state.asking?.topic).toBe('person')
  })

  it.each([
    '对，快点',
    '我住1201',
    '3栋门口',
    '好的谢谢',
    '2',
    '13800000001',
    '3-2-1201',
    'TS-20261120-9999 怎么样了',
  ])('a doubt about “%s” is none: it says nothing that could be dangerous', (text) => {
    const { building, unit, room, area, phone } = understand(text, ten, nowhere)
    const told = { building, unit, room, area, phone, danger: 0.3, emergencyType: 'selfharm' } as const
    const talk = new Talk().write('楼道灯不亮', { kind: 'repair', code: 'RP02' }).at(5_000)
    talk.write(text, told)
    expect(talk.state.danger).toBeNull()
    expect(talk.at(10_000).write('3栋着火', { ...told, danger: 0.3 }).state.danger).not.toBeNull()
  })
})

describe('a burst', () => {
  const leak = { kind: 'repair', code: 'RP01' } as const
  it('waits 4 s after each message and 12 s in all', () => {
    const talk = new Talk().write('水管坏了', leak)
    expect(talk.said).toBe('')
    expect(talk.due).toBe(ten + 4_000)
    talk.at(3_000).write('一直滴', {})
    expect(talk.due).toBe(ten + 7_000)
    talk.at(6_000).write('越来越大', {}).at(9_500).write('地上都是', {})
    expect(talk.due).toBe(ten + 12_000)
    talk.at(12_000).step({ type: 'due' })
    expect(talk.said).toContain('您住几栋')
    expect(talk.state.draft?.words).toHaveLength(4)
  })

  it('is not waited for where the estate wants none', () => {
    const talk = new Talk({ burstWait: 0 }).write('水管坏了', leak)
    expect(talk.said).toContain('您住几栋')
    expect(talk.state.replyAt).toBeNull()
  })

  it('an answer older than its question is not taken for it', () => {
    const talk = new Talk().notice({ type: 'done', text: '好', media: [], again: 0 })
    talk.at(5_000).write('1', {}, { at: ten - 3_000 })
    expect(talk.told).toEqual([])
    talk.write('1')
    expect(talk.told).toEqual([{ type: 'solved' }])
  })
})

describe('what a turn asks to be loaded', () => {
  it('a number, and a code of ours', () => {
    const of = (text: string) =>
      intakeNeeds({
        type: 'message',
        at: ten,
        content: { type: 'text', text },
        facts: noFacts,
        group: null,
      })
    expect(of('ts20261120-0003怎么样了').number).toBe('TS-20261120-0003')
    expect(of('绑定码 482913').bindCode).toBe('482913')
    expect(of('13800000001').bindCode).toBeNull()
  })

  it('similar cases of public places only, once nothing else is to be asked', () => {
    const lookedFor = (facts: Partial<Facts>) => {
      const asked: string[] = []
      const talk = new Talk({ burstWait: 0 })
      talk.loaded = {
        facts: {
          ...unknownPerson,
          phone: '13800000001',
          household: { building: '3', unit: '2', room: '1201' },
        },
        similar: (estate, code) => {
          asked.push(`${estate} ${code}`)
          return []
        },
      }
      talk.write('有件事', facts)
      return asked
    }
    expect(lookedFor({ kind: 'repair', code: 'RP02', area: ['南门'] })).toEqual(['hefeng RP02'])
    expect(lookedFor({ kind: 'repair', code: 'RP02' }), 'where it is must be asked first').toEqual([])
    expect(lookedFor({ kind: 'complaint', code: 'NS01', area: ['南门'], demand: '安静' })).toEqual([])
  })
})

describe('a code of ours', () => {
  it('makes a new identity known', () => {
    const talk = new Talk()
    talk.loaded = { bound: 99 as never }
    talk.write('绑定码482913')
    expect(talk.effects).toContainEqual({ do: 'join', person: 99 })
  })

  it.each([99, null])('swallows nothing that is told beside it (the code is of %s)', (bound) => {
    const talk = new Talk()
    talk.loaded = { bound: bound as never }
    talk.write('3栋1单元902可视门铃坏了，请来修。绑定码482913', { kind: 'repair', code: 'RP02' })
    expect(talk.state.draft?.words).toEqual(['3栋1单元902可视门铃坏了，请来修。绑定码482913'])
  })
})

describe('a number of no case', () => {
  const text = '3栋1单元902可视门铃坏了，工单TS-20261120-9999'
  it('swallows nothing that is told beside it', () => {
    const talk = new Talk()
    talk.write(text, { kind: 'repair', code: 'RP02' })
    expect(talk.state.draft?.words).toEqual([text])
  })
})

describe('a case registered by hand', () => {
  const given = {
    estate: 'hefeng' as EstateId,
    household: { building: '3栋', unit: '2单元', room: '1201室' },
    phone: '13800000001',
    reportedAt: ten - 3_600_000,
  }
  it('has the same registration, with its own time', () => {
    expect(registrationByHand({ ...given, text: '厨房水龙头坏了' }, aContext(ten, company))).toMatchObject({
      channel: 'api',
      phone: '13800000001',
      household: { building: '3', unit: '2', room: '1201' },
      receivedAt: ten - 3_600_000,
      danger: null,
      incomplete: false,
    })
  })
  it('knows danger', () => {
    const registration = registrationByHand(
      { ...given, text: '3栋2单元电梯里有人被困' },
      aContext(ten, company),
    )
    expect(registration).toMatchObject({
      severity: 'S1',
      code: 'EL01',
      danger: { type: 'trapped', lift: true },
    })
  })
})

describe('the state given', () => {
  it('is read only: a turn returns another', () => {
    const frozen = Object.freeze({ ...newIntake })
    const turn = stepIntake(
      frozen,
      { type: 'due' },
      aLoaded({ facts: unknownPerson, mine: [aBrief()] }),
      aContext(ten, company),
    )
    expect(turn).toMatchObject({ effects: [], due: null })
  })
})
