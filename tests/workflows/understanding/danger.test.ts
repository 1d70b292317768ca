import { describe, expect, it } from 'vitest'
import { nowhere, understand } from '../../../workflows/understanding/index.ts'

const now = Date.parse('2026-11-23T10:00:00+08:00')
const read = (text: string) => understand(text, now, nowhere)

describe('a danger that is named is an emergency of its type', () => {
  it.each([
    ['trapped', '我被困在电梯里了，快来人'],
    ['trapped', '6栋电梯困人，里面有老人'],
    ['trapped', '孩子反锁在屋里了，哭得厉害'],
    ['gas', '家里好大的煤气味，快来看看'],
    ['gas', '燃气泄漏了！楼道里全是味'],
    ['fire', '8栋着火了！'],
    ['fire', '楼道里全是浓烟，有人快来救火'],
    ['electric', '有人触电了，倒在配电箱旁边'],
    ['electric', '电线掉在水里冒火花，旁边有小孩'],
    ['falling', '楼上正在往下扔砖头，下面有孩子'],
    ['falling', '外墙玻璃往下掉，差点砸到人'],
    ['flood', '水管爆了，水已经没过膝盖，还在往上涨'],
    ['flood', '车库被水淹了，水到车轮一半了，里面有人'],
    ['violence', '有人拿着刀在楼下追人'],
    ['violence', '有人在撬我家的门，我一个人在家不敢出声'],
    ['medical', '有人晕倒了，没有呼吸'],
    ['medical', '老人心梗，快叫救护车'],
    ['selfharm', '我不想活了'],
    ['selfharm', '有人要跳楼，站在天台边上'],
    ['collapse', '围墙塌了，有人被压在下面'],
    ['collapse', '天花板塌下来了，砸到人了'],
  ])('%s: %s', (type, text) => {
    const facts = read(text)
    expect(facts.emergencyType).toBe(type)
    expect(facts.danger).toBeGreaterThanOrEqual(0.5)
    expect(facts.safety).toBe('emergency')
  })
})

describe('a danger that is only told by its signs is found too', () => {
  it.each([
    ['trapped', '轿厢停在半空不动了，按什么都没反应，灯也黑了'],
    ['trapped', '我的手指卡在栏杆缝里抽不出来'],
    ['gas', '厨房有股臭鸡蛋味，熏得头晕想吐'],
    ['gas', '管子呲呲往外冒气，味道越来越重'],
    ['fire', '隔壁门缝里往外冒黑烟，门把手烫手'],
    ['fire', '充电的电瓶砰一声，现在往外喷白烟'],
    ['electric', '摸一下水龙头整个人弹开，手到现在还麻着'],
    ['electric', '电箱进水了，滋滋冒火星'],
    ['falling', '空调外机就剩一颗螺丝吊着，风一吹就晃，底下是人行道'],
    ['falling', '一个花盆砸在我脚边，上面还有好几个摇摇晃晃'],
    ['flood', '水从门口往屋里灌，拖鞋都漂起来了'],
    ['flood', '地库像瀑布一样，水还在涨，推不开车门'],
    ['violence', '猫眼看出去一个男的在拧我家的门锁，我不敢出声'],
    ['violence', '他掐着我妈的脖子，我躲在衣柜里'],
    ['medical', '孩子吃果冻噎住了，脸发紫'],
    ['medical', '老伴突然嘴歪了，话说不清，手抬不起来'],
    ['selfharm', '楼顶站着个姑娘往下看，半个身子在外面'],
    ['selfharm', '她把一整瓶安眠药都吃了，留了封信说对不起'],
    ['collapse', '墙上那条缝越来越宽，里面咯吱咯吱响，一直掉灰'],
    ['collapse', '路面突然陷下去一个大坑，车轮掉进去了'],
  ])('%s: %s', (type, text) => {
    const facts = read(text)
    expect(facts.emergencyType).toBe(type)
    expect(facts.danger).toBeGreaterThanOrEqual(0.5)
  })
})

describe('a bare cry for help counts, and sends the person to where others are', () => {
  it.each(['紧急', '救命', '救命啊！', 'SOS', 'help', '快来人！！'])('%s', (text) => {
    expect(read(text)).toMatchObject({ safety: 'emergency', emergencyType: 'violence' })
  })
})

describe('what may be one is asked about first', () => {
  it.each(['好像有人被打', '走廊有股塑料烧焦的味道', '楼上有人在往下扔东西'])('%s', (text) => {
    const { danger, emergencyType } = read(text)
    expect(danger).toBeGreaterThanOrEqual(0.1)
    expect(emergencyType).not.toBeNull()
  })
})

describe('what only sounds like danger is none', () => {
  it.each([
    // figures of speech
    '气得我要爆炸',
    '我真的要气死了，你们什么时候上班',
    '热死了，大堂空调能开吗',
    '客服电话打爆了都没人接',
    '群里又炸锅了',
    '排队排得累死人',
    '看到账单我心态崩了',
    '服务质量断崖式下跌',
    '楼下喇叭一直喊跳楼价',
    '困死了，楼上还在跳绳',
    '这笑话笑死我了',
    '慢到死的电梯',
    '加班加得人要疯了',
    '冻死个人了，暖气怎么还不热',
    '臭死了，垃圾房能不能清一下',
    // names of things
    '煤气费怎么交',
    '燃气表换电池找谁',
    '天然气什么时候能开通',
    '楼下新开的火锅店油烟大',
    '火龙果团购到货没',
    '灭火器是不是该年检了',
    '消防通道能停车吗',
    '剧本杀店太吵了',
    '电影里的爆炸声太大了，音量小一点',
    '打火机掉在大堂了，谁捡到了',
    // over
    '上周电梯困人的事一直没给说法',
    '去年车库进水那次，赔偿怎么办',
    '已经出来了，谢谢',
    '误报，不用来了',
    '虚惊一场，大家散了吧',
    '昨天水管爆了，你们修得真快，点个赞',
    '火早就灭了，谢谢保安大哥',
    '昨晚那个晕倒的老人已经送医院了，谢谢你们',
    '上个月高空抛物的案子查到了，感谢',
    '前天打架的两个人已经和解了',
    '师傅把我妈从电梯里接出来了，谢谢',
    '多亏你们救了孩子一命，送锦旗',
    '刚才那声尖叫是我看见蟑螂了',
    // asked, supposed, practised, dreamt
    '请问家里着火了应该走楼梯吗',
    '如果电梯困人该打哪个电话',
    '万一煤气泄漏怎么办，能讲讲吗',
    '明天的消防演习几点开始',
    '周末有急救培训吗，想学心肺复苏',
    '昨晚梦见电梯往下掉',
    '我们摄影社想上天台拍日落，要办什么手续',
    '听说12栋昨晚着火，没人受伤吧',
    '视频里那个着火的是外地的',
    '玩具枪丢在沙坑了',
    '孩子班上学地震要躲哪',
    // ordinary faults and nuisances
    '水龙头滴答滴答关不紧',
    '卫生间顶上有点渗水，明天来看看就行',
    '感应灯坏了，麻烦换一个',
    '楼上天天半夜跳绳',
    '物业费涨价凭什么',
    '路灯不亮，请修一下',
    '门禁卡刷不开',
    '阳台地漏堵了，安排人来通一下',
    '电梯又坏了',
    '遛狗不牵绳，没人管',
    '车位被占了，帮忙联系车主挪一下',
    '快递柜打不开',
    '建议每部电梯放个折叠凳',
    '楼道里堆满杂物，都几个月了',
    '水压小，洗澡水忽冷忽热',
    '装修砸墙吵得睡不着',
    '请问停水到几点',
    '管家很负责，表扬一下',
    '今天天气真好',
    '垃圾桶满了两天没人清',
  ])('%s', (text) => {
    const { danger, emergencyType, safety } = read(text)
    expect(danger).toBeLessThan(0.1)
    expect(emergencyType).toBeNull()
    expect(safety).not.toBe('emergency')
  })
})

describe('danger at the end of a long polite message counts', () => {
  it('is found behind questions about an invoice', () => {
    const text =
      '您好，打扰了。我想问一下上个月的停车费发票什么时候能开，抬头是公司的。' +
      '另外我现在被困在12栋的电梯里，按铃没人理，灯也灭了，麻烦来人。'
    expect(read(text)).toMatchObject({
      safety: 'emergency',
      emergencyType: 'trapped',
      lift: true,
      selfInvolved: true,
    })
  })

  it('is found in the last sentence of a letter of five thousand characters', () => {
    const text = `${'物业服务需要改进。'.repeat(600)}救命，我家着火了，浓烟往屋里灌！`
    expect(read(text)).toMatchObject({ safety: 'emergency', emergencyType: 'fire' })
  })
})

describe('who is in it', () => {
  it.each([
    ['我被困在电梯里', true, true],
    ['3栋困人！', true, false],
    ['孩子反锁在卫生间里出不来', false, false],
    ['我被反锁在阳台了，外面零下十度，出不来', false, true],
  ])('%s: lift %s, self %s', (text, lift, self) => {
    expect(read(text)).toMatchObject({ emergencyType: 'trapped', lift, selfInvolved: self })
  })

  it.each([
    ['我胸口疼得厉害，喘不上气', true],
    ['南门有人晕倒', false],
    ['我不想活了', true],
    ['有人站在天台边上要跳楼', false],
    ['厨房着火了', true],
    ['对面楼着火了', false],
    ['有人在撬我家门', true],
  ])('%s: self %s', (text, self) => {
    expect(read(text).selfInvolved).toBe(self)
  })
})

it('a hazard nobody is in this minute is a risk, not an emergency', () => {
  for (const text of [
    '消防通道被堵了好几个月',
    '楼道护栏松了，怕孩子摔',
    '井盖破了没人换',
    '外墙瓷砖空鼓，拉着警戒线',
  ]) {
    expect(read(text).safety, text).toBe('risk')
  }
})
