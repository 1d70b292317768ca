import { describe, expect, it } from 'vitest'
import { readDemand } from '../../../workflows/understanding/demand.ts'
import { read } from '../../../workflows/understanding/normalise.ts'

const demand = (text: string) => readDemand(read(text))

describe('what the writer wants done, in the writer’s own words', () => {
  it.each([
    // A word of asking, at the beginning or in the middle of a clause.
    ['电梯又坏了，请安排师傅来看看，谢谢', '请安排师傅来看看'],
    ['以上几点恳请贵司核查', '以上几点恳请贵司核查'],
    ['夜里两点还在唱，全楼业主强烈要求取缔', '全楼业主强烈要求取缔'],
    ['这个月堵了三回了，建议换根粗的管子', '建议换根粗的管子'],
    // A question that names an action.
    ['水压小得可怜，能不能加个泵？', '能不能加个泵'],
    ['后门的灯坏了，有没有人来管一管', '有没有人来管一管'],
    // Bare instructions.
    ['地下室进水了，快派人来', '快派人来'],
    ['车堵在门口，给我拖走！', '给我拖走'],
    ['三天之内把栏杆焊好', '三天之内把栏杆焊好'],
    ['灯罩掉了 换一个吧', '换一个吧'],
    ['赶紧把违建拆了', '赶紧把违建拆了'],
  ])('%s', (text, wanted) => {
    expect(demand(text)).toBe(wanted)
  })
})

it('goes on over the clauses that say what else is to be done, and leaves off at what it is for', () => {
  expect(demand('望有关部门核查此事，责令物业退还多收的费用，还业主一个公道。')).toBe(
    '望有关部门核查此事，责令物业退还多收的费用',
  )
  expect(demand('请马上清走，不然我打12345')).toBe('请马上清走')
  expect(demand('请城管、交警部门加大处罚力度，谢谢！')).toBe('请城管、交警部门加大处罚力度')
})

describe('nothing is asked for', () => {
  it.each([
    '换了三回还是漏',
    '保安让我等半小时',
    '多次请求物业处理，至今没有结果',
    '医生建议静养，楼上天天跳绳',
    '请问物业费怎么交',
    '门口的喇叭循环播放“请您尽快取餐”，吵了一天',
    '这是他们收了钱的吧？',
    '叫都叫不应',
    '让你们贴通知，贴了张去年的',
    '搬家走货梯要不要交押金',
    '谢谢你们，修得真快',
  ])('%s', (text) => {
    expect(demand(text)).toBeNull()
  })
})
