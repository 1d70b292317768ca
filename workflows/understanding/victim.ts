import type { EmergencyType } from './facts.ts'
import { groups } from './lexicon/groups.ts'
import { pattern } from './patterns.ts'

const lift = pattern(
  '{lift}|铁盒子|(按|摁)(哪|什么|啥)?层|楼层(数字|显示)|数字~(停|不动)|不上也?不下|五方|轿门|层(与|和|跟)?~层之间|楼(跟|和|与)~楼之间|撂半道',
  groups,
)
const otherRoom = pattern(
  '厕所|卫生间|阳台|浴室|卧室|车门|车里|后座|天台|卷帘门|旋转门|防盗门|入户门|储藏室|仓库|工具间|井盖|栏杆',
)
const insideLift = pattern('(里|在|困|被)~{lift}|{lift}(里|门|停|间)', groups)

/** Whether somebody is shut in a lift rather than anywhere else; 困人 without a place is said of lifts. */
export function isInLift(text: string): boolean {
  if (insideLift.test(text)) return true
  if (otherRoom.test(text)) return false
  return lift.test(text) || /困人/.test(text)
}

const me = '(?:我|俺|咱|阿拉|老子|本人|\\bi\\b|\\bme\\b)'
/** `我` as the one it happens to: not 我爸, 我看见, 我想问. */
const own = new RegExp(
  `${me}(?!爸|妈|爹|娘|儿|女|老公|老婆|孩子|娃|哥|姐|弟|妹|爷|奶|先生|太太|朋友|邻居|同事|室友|隔壁|对面|楼上|婆|听说|想问|刚看|反映|看到|看见|听到|听见)`,
)
/** Done to the writer, or at the writer's own door. */
const done = pattern(
  '(打|踹|追|跟着|抡|抢|撬|砸|掐|堵|蹲|拧|踢|砍|威胁|尾随|拦|推|拽|踩|盯)(着|住|了|开|在)?(我|俺|我们)|(我|俺|咱)(们)?(家|卧室|门|房间|屋|店|一个人|躲|不敢|被)|猫眼|钱包手机|不敢(出声|开门|出去)|躲(在|哪)|妈妈脖子|小声说',
)
const myBody = pattern(
  '(我|俺|自己)(的)?(现在|突然|好像|有点|刚|也|的|快)?(胸|心|头|肚|腿|手|脚|呼吸|喘|站不|动不|起不|流血|摔|晕|要生|羊水|被咬|被烫|中毒|过敏)|就我自己|家里就我|我自己一个|我一个人~(疼|痛|晕|血|动)|羊水破了',
)
const myLife = pattern(
  '(我|俺)(也|就|真|是|现在|已经|都|再){0,4}(不想活|想死|要跳|想跳|活不|撑不|走了|累了|解脱|不如死|吃了)|替我|不用上来|说(声|句)再见|窗户我打开|对不起(大家|你们)|^(不想活|想死|活着)',
)
const somebody = pattern('{somebody}|有人|孩子', groups)
/** Where things burn, leak or fall without reaching whoever writes. */
const elsewhere = pattern(
  '对面|垃圾桶|棵树|树上|花坛|草坪|马路|路边|路面|路灯|井盖|泵房|机房|配电|变电|泳池|游泳馆|广场|操场|公交站|围墙|车棚|工地|门口那|健身|底商|店|岗亭|弄堂口|北门|南门|东门|西门|后门|充电桩|人工湖|停车场|基坑|河|隔壁|有个|有人|那辆|车着',
)
const atHome = pattern(
  '(我|咱|俺|阿拉|我们)(们)?(家|屋|这里|这边|这层|这栋|楼)|家里|屋里|厨房|客厅|卧室|全家|灶台|热水器|插座|往屋|满屋',
)

/**
 * Whether the writer is in the danger (true) or only sees it (false); it chooses the first words (domain.md 5.1 rule 15).
 * Gas, smoke, water, current and a falling house reach whoever writes unless it is plainly elsewhere; an illness, a leap
 * or a fight is another's unless the writer says so. A type that is not known yet: false.
 */
export function isSelfInvolved(text: string, type: EmergencyType | null): boolean {
  switch (type) {
    case null:
      return false
    case 'medical':
      return myBody.test(text) || (own.test(text) && !somebody.test(text))
    case 'selfharm':
      return myLife.test(text) && !/她说|他说|老公说|老婆说|室友|打电话说/.test(text)
    case 'violence':
      return done.test(text) || (own.test(text) && !somebody.test(text)) || !/[一-鿿]{6}/.test(text)
    case 'trapped':
      return (own.test(text) || text.includes('stuck')) && !/我听着|里(?:面|头)(?:有|还有)人|困人/.test(text)
    case 'gas':
    case 'fire':
    case 'electric':
    case 'flood':
    case 'collapse':
      return atHome.test(text) || (own.test(text) && !elsewhere.test(text)) || !elsewhere.test(text)
    case 'falling':
      return atHome.test(text) || /擦着|脚边|头顶|砸(?:到|中|了|在)?我|我头|我脚/.test(text)
  }
}
