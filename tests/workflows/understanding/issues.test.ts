import { describe, expect, it } from 'vitest'
import { nowhere, understand } from '../../../workflows/understanding/index.ts'
import { noFacts, type Facts } from '../../../workflows/understanding/facts.ts'
import { splitIssues } from '../../../workflows/understanding/issues.ts'

const read = (text: string): Facts => understand(text, 0, nowhere)
const codesOf = (text: string) => splitIssues(text, read).issues.map((issue) => issue.facts.code)

describe('several troubles in one message', () => {
  it.each([
    ['电梯坏了，还有楼道灯不亮', ['EL02', 'RP02']],
    ['3栋电梯坏了 另外楼道灯不亮', ['EL02', 'RP02']],
    ['电梯停了，楼道灯也不亮', ['EL02', 'RP02']],
    ['3栋电梯和楼道灯都坏了', ['EL02', 'RP02']],
    ['1、电梯坏了；2、楼道灯不亮', ['EL02', 'RP02']],
    ['1.电梯坏了2.楼道灯不亮', ['EL02', 'RP02']],
    ['①电梯坏了②楼道灯不亮', ['EL02', 'RP02']],
    ['一是电梯坏了，二是楼道灯不亮', ['EL02', 'RP02']],
    ['第一，电梯坏了。第二，楼道灯不亮', ['EL02', 'RP02']],
    ['电梯坏了，另外问一下物业费怎么交', ['EL02', 'SG03']],
  ])('%s', (text, codes) => {
    expect(codesOf(text)).toEqual(codes)
  })

  it('gives each what the message says for all of them', () => {
    const { issues } = splitIssues('我住3栋2单元1201，电梯坏了，还有5栋的楼道灯不亮，电话13800000001', read)
    expect(issues.map(({ facts }) => facts.household.building)).toEqual(['3', '5'])
    const [lift, lamp] = splitIssues('3栋2单元，电梯坏了，还有楼道灯不亮', read).issues
    expect(lift?.facts.household).toMatchObject({ building: '3', unit: '2' })
    expect(lamp?.facts.household).toMatchObject({ building: '3', unit: '2' })
  })

  it('adds to what was told before only what says that it is added', () => {
    const before = [read('电梯坏了')]
    expect(splitIssues('还有楼道灯不亮', read, before)).toMatchObject({
      rest: '',
      issues: [{ facts: { code: 'RP02' } }],
    })
    expect(splitIssues('3栋2单元，还有楼道灯不亮', read, before)).toMatchObject({
      rest: '3栋2单元',
      issues: [{ facts: { code: 'RP02' } }],
    })
    expect(splitIssues('楼道灯不亮', read, before).issues).toEqual([])
    expect(splitIssues('还有电梯里灯不亮', read, [noFacts]).issues).toEqual([])
  })
})

describe('one trouble', () => {
  it.each([
    '电梯坏了',
    '电梯坏了，还有老人下不去',
    '我住3栋，电梯坏了，请派人来修',
    '楼上漏水漏到我家，还有天花板都泡坏了',
    '消防通道被车堵了，还有乱停车没人管',
    '电梯坏了修了又坏，还有打电话没人接',
    '周一、周二电梯都坏着',
    '1、2号楼的电梯都坏了',
    '1栋和2栋的电梯都坏了',
    '楼道灯和路灯都坏了',
    '我和邻居都没人管',
    '3.5吨的车压坏了路，1.2米宽的坑',
    '关于电梯坏了的事：1、上月报过修；2、楼道灯不亮时来过人',
    '电梯里还有人抽烟，楼道里也有',
    '请问物业费怎么交，另外停车费能一起交吗',
    '出口只开一个道，另外一个锁着当摆设，车堵半小时',
    '楼上半夜吵，另外我孩子要高考',
    '',
  ])('%s', (text) => {
    expect(splitIssues(text, read)).toEqual({ rest: text, issues: [] })
  })

  it('a long letter that does not number what it lists', () => {
    const letter = `电梯坏了，${'物业从来不管这些事情，业主们都很有意见。'.repeat(8)}还有楼道灯不亮`
    expect(splitIssues(letter, read).issues).toEqual([])
  })
})
