import { buildings, floors, units } from './estate.ts'

/** What is wrong at home, as eight residents would say it. */
export const matters = [
  { what: '报修，厨房水龙头一直滴水', more: '从昨天晚上开始的，关不紧' },
  { what: '报修，卫生间马桶堵了', more: '今天早上发现的，想请师傅来看看' },
  { what: '报修，客厅天花板渗水', more: '前天下雨以后就这样了，越来越大' },
  { what: '报修，卧室开关坏了', more: '昨天晚上换过灯泡还是不亮' },
  { what: '报修，厨房水管漏水', more: '今天中午开始的，接头那里在滴' },
  { what: '报修，厨房下水道堵了', more: '从星期一开始的，水流得很慢' },
  { what: '报修，阳台地漏返水', more: '昨天下午开始的，拖干了又有' },
  { what: '报修，卫生间吊顶漏水', more: '今天早上开始的，一直在滴' },
]

/** Messages of one resident, from the first word to the confirmation. */
export const messagesEach = 8

/** The n-th resident's eight messages: each has a home and numbers of their own. */
export function intakeOf(n: number): readonly string[] {
  const matter = matters[n % matters.length] ?? matters[0]
  if (!matter) throw new Error('there is nothing to complain of')
  const building = String(1 + (n % buildings))
  const unit = String(1 + (Math.floor(n / buildings) % units))
  const floor = 1 + (Math.floor(n / (buildings * units)) % floors)
  const flat = 1 + (Math.floor(n / (buildings * units * floors)) % 90)
  const room = `${String(floor)}${String(flat).padStart(2, '0')}`
  const phone = (first: string) => `${first}${String(n % 1e8).padStart(8, '0')}`
  return [
    '你好',
    matter.what,
    matter.more,
    `${building}栋${unit}单元${room}`,
    '我姓王',
    phone('138'),
    `电话写错了，是${phone('139')}`,
    '对',
  ]
}

/** What the handler writes when it is repaired, and what the resident answers to it. */
export const repaired = '已经上门修好，试过没有问题'
export const solved = '1'
export const stars = '5'
