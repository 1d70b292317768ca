import type { Place } from '../complaint/state.ts'

// Spots in words: which can be found by somebody who is sent there.

const inside = '家里?|我家|自家|屋里|房间|厨房|卫生间|厕所|浴室|客厅|卧室|阳台|天花板|窗户?'
const around =
  '楼道|楼梯间?|走廊|过道|电梯间?|轿厢|门口|家门口|单元门口?|门厅|大堂|大厅|楼下|楼上|隔壁|楼顶|顶楼|顶层|楼栋|管道井|水管井|配电箱|(?<![负下])(?:\\d{1,2}|[一二三四五六七八九十]{1,3})[楼层]'
const anywhere =
  '小区里?|院子里?|路灯|路|马路|人行道|绿化带?|草坪|树|墙|外墙|地面|井盖|消防通道|通道|栏杆|护栏|围墙|垃圾桶|车位|物业'

const filler = '的|那个|这个|里面?|上面?|旁边?|附近|处|边'
const only = (words: string): RegExp => new RegExp(`^(?:${words}|${filler}|[、，, ])+$`)

const home = only(`${inside}|${around}`)
const shared = only(around)
const vague = only(`${inside}|${around}|${anywhere}`)

/** 楼道, 厨房: said by somebody whose home is known, it needs no other place. */
export const isNearHome = (area: string): boolean => home.test(area)

/** 楼道, 电梯: of the building, not of one flat. */
export const isShared = (area: string | null): boolean => area !== null && shared.test(area)

export const isLiftAlone = (area: string | null): boolean => area !== null && /^电梯(?:间|里)?$/.test(area)

/** Somebody sent there finds it: a building or a room, or a spot that is one of a kind (南门, 地下车库B区). */
export const isFindable = (place: Place): boolean =>
  place.building !== null || place.room !== null || (place.area !== null && !vague.test(place.area))
