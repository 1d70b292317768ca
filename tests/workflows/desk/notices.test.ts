import { noGrounds } from '../../../workflows/complaint/grounds.ts'
import { describe, expect, test } from 'vitest'
import { hours, seconds, type ComplaintId } from '../../../workflows/ids.ts'
import type { StaffNotice } from '../../../workflows/notice.ts'
import { mondayTen, photo } from '../../support/builders.ts'
import { AtDesk } from './at-desk.ts'

type Body = StaffNotice extends infer N
  ? N extends unknown
    ? Omit<N, 'complaint' | 'number'>
    : never
  : never

const read = (body: Body) => {
  const notice = { complaint: 7 as ComplaintId, number: 'TS-20261123-0007', ...body } as StaffNotice
  const desk = new AtDesk('zhang').hears(notice)
  if (desk.due !== null) desk.wakes()
  const [say] = desk.effects
  if (say?.do !== 'say') throw new Error('says nothing')
  return { ...say, focus: desk.state.focus }
}

const alarm = {
  type: 'alarm',
  danger: 'trapped',
  lift: true,
  round: 3,
  place: '3栋2单元',
  words: '有人困在电梯里',
  phone: '13812345678',
  dutyPhone: '0731-88881111',
  at: mondayTen,
  suspected: false,
} as const
const step = { step: 'contact', due: mondayTen, at: mondayTen } as const

describe('every notice has words', () => {
  test.each<[Body, RegExp]>([
    [{ ...alarm, danger: 'violence', lift: false, lost: true }, /【险情】有人走失 第3次/u],
    [{ type: 'refused', why: 'taken', status: 'verifying', holder: '王强' }, /王强已经接了/u],
    [{ type: 'refused', why: 'subject', status: 'verifying', holder: null }, /不能由您处理/u],
    [alarm, /电梯困人 第3次 10:00[\s\S]*3栋2单元[\s\S]*13812345678[\s\S]*0731-88881111/u],
    [{ ...alarm, danger: null, phone: null }, /紧急任务[\s\S]*未留/u],
    [{ type: 'alarmTaken', name: '王强' }, /王强已去处理/u],
    [{ type: 'supplemented', text: '还有一盏', media: [photo()] }, /还有一盏（1个附件）/u],
    [{ type: 'answered', text: '晚上在家', media: [] }, /回答：晚上在家/u],
    [{ type: 'residentUrged' }, /住户在催/u],
    [
      { type: 'urged', name: '李敏', step: 'plan', due: mondayTen },
      /李敏催办：请尽快告知方案，时限11月23日 10:00/u,
    ],
    [{ type: 'urged', name: '李敏', step: 'sign', due: null }, /签字/u],
    [{ type: 'withdrawn' }, /撤回/u],
    [
      { type: 'attempted', why: null, count: 1, next: mondayTen },
      /第1次没接通，记下了。下次请在11月23日 10:00打/u,
    ],
    [
      { type: 'attempted', why: 'hour', count: 1, next: mondayTen },
      /这个钟点前几天打过，不另算一次。下次请在11月23日/u,
    ],
    [{ type: 'attempted', why: 'day', count: 1, next: mondayTen }, /今天已经打过/u],
    [{ type: 'attempted', why: 'quiet', count: 0, next: mondayTen }, /不宜打扰/u],
    [{ type: 'attempted', why: null, count: 3, next: null }, /第3次没接通[\s\S]*不用再打/u],
    [{ type: 'effectWanted' }, /再点“有效”或“无效”/u],
    [{ type: 'attemptDue', attempt: 2 }, /请现在给住户打第2次电话/u],
    [{ type: 'reminder', percent: 80, ...step }, /已用80%/u],
    [{ type: 'reminder', percent: 100, ...step }, /已超时/u],
    [{ type: 'escalation', percent: 150, holder: null, late: false, ...step }, /经办无人/u],
    [{ type: 'escalation', percent: 200, holder: '王强', late: true, ...step }, /消息晚到/u],
    [{ type: 'phone', phone: '13812345678', name: null }, /13812345678/u],
    [{ type: 'movedAway', name: '王强' }, /已转给王强/u],
    [{ type: 'movedAway', name: null }, /已转走/u],
    [{ type: 'undone', act: 'plan' }, /没有告诉住户/u],
    [{ type: 'recorded', act: 'accept', undoUntil: null }, /已接单/u],
    [
      { type: 'recorded', act: 'plan', undoUntil: mondayTen + seconds(60) },
      /，一分钟内可以点“撤销上一步”，之后告诉住户/u,
    ],
    [{ type: 'recorded', act: 'plan', undoUntil: mondayTen + seconds(30) }, /，30秒内可以点/u],
    [{ type: 'recorded', act: 'plan', undoUntil: mondayTen + seconds(120) }, /，2分钟内可以点/u],
    [{ type: 'unanswered', text: '几点在家？' }, /还没回答：“几点在家？”[\s\S]*打电话问/u],
    [{ type: 'wantsPerson', text: null, level: 1 }, /已请上级联系住户/u],
    [{ type: 'notSolved', partly: true, text: '一半' }, /只解决了一部分：一半/u],
    [{ type: 'rated', stars: 5 }, /5星/u],
    [{ type: 'unreachable', phone: '13812345678' }, /电话告知/u],
    [
      { type: 'untold', lines: ['明天上午换灯'], by: mondayTen, phone: '13812345678' },
      /电话任务：微信没送到住户，请.*10:00前打电话告知：\n“明天上午换灯”\n号码点“联系住户”/u,
    ],
    [{ type: 'untold', lines: ['已办结'], by: null, phone: null }, /请打电话告知：\n“已办结”\n没有留电话/u],
    [{ type: 'wantsPerson', text: null, level: 0 }, /真人联系/u],
    [
      { type: 'wantsPerson', text: null, level: 0, doubt: true },
      /疑似险情，问了住户，没有回话。请现在打电话核实/u,
    ],
    [{ type: 'wantsPerson', text: '说的是灯', level: 0, doubt: true }, /没有说清：“说的是灯”/u],
    [
      {
        type: 'brief',
        words: '灯坏了',
        demand: '修好',
        happened: '昨晚',
        findings: ['灯管坏'],
        plan: '换灯管',
        result: '换好了',
        media: [],
        repeat: { reports: 3, numbers: ['TS-20261001-0001', 'TS-20261101-0002'] },
      },
      /第3次反映，前几次：TS-20261001-0001、TS-20261101-0002\n住户原话：灯坏了\n时间：昨晚\n诉求：修好\n已核实：灯管坏\n方案：换灯管\n办理结果：换好了/u,
    ],
    [
      {
        type: 'brief',
        words: '昨晚楼道灯不亮，我妈80了，再不修打12345',
        demand: '修好',
        happened: '昨晚',
        reading: {
          code: 'RP02',
          where: '3栋2单元 楼道',
          grounds: {
            ...noGrounds,
            inferred: ['place', 'demand'],
            readAs: 'RP02',
            code: ['楼道灯', '不亮'],
            when: { from: '2026-11-22T18:00:00', to: '2026-11-22T23:59:59' },
            authorities: ['12345'],
            vulnerable: true,
          },
        },
        findings: [],
        plan: null,
        result: null,
        media: [],
        repeat: null,
      },
      /时间：昨晚（推测：11月22日 18:00到23:59）\n地点：3栋2单元 楼道（推测，住户没明说）\n诉求：修好（推测）\n分类：公共设施（推测，依据“楼道灯”“不亮”）\n留意：住户提到12345；涉及老人、孩子、孕妇或病人$/u,
    ],
    [{ type: 'footage', place: '3栋南门', happened: null, by: mondayTen }, /10:00前保存录像：3栋南门/u],
    [{ type: 'claim' }, /是本人/u],
    [{ type: 'joined', households: 3 }, /共3户/u],
    [{ type: 'nobody' }, /没有人能接/u],
  ])('%o', (body, words) => {
    const say = read(body)
    expect(say.text).toMatch(words)
    expect(say.text).toContain('TS-20261123-0007')
    expect(say.complaint).toBe(7)
  })
})

test('a resident’s number is taken back within a day, and not shown where it is not needed', () => {
  expect(read({ type: 'phone', phone: '13812345678', name: '林女士' }).recallAfter).toBeLessThan(hours(24))
  expect(read(alarm).recallAfter).toBeLessThan(hours(24))
  expect(read({ type: 'unreachable', phone: '13812345678' }).text).not.toContain('13812345678')
})

test('an alarm counts as safety, and the next line is about its case', () => {
  expect(read(alarm)).toMatchObject({ weight: 'safety', focus: 7 })
})

test('photos of the resident go along', () => {
  expect(read({ type: 'supplemented', text: null, media: [photo()] }).media).toEqual([photo()])
})
