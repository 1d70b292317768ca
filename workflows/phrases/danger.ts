import type { EmergencyType } from '../understanding/facts.ts'

/**
 * First words in danger, one row a case (domain.md 5.1 rule 15): what to do now to the person in it and to somebody
 * who sees it, what is on its way, and the question for the place where it is not known. Nothing in it claims an act
 * that has not happened (rule 11).
 */
export interface FirstWords {
  readonly self: string
  readonly bystander: string
  /** Follows the safety words; `where` is the place in words. */
  readonly coming: (where: string | null) => string
  /** Asks for the place; never outdoors for a photo, never back in. */
  readonly place: string
  /** One short question when danger is only suspected (≤ 60 characters). */
  readonly doubt: string
  /** What the duty is told it is. */
  readonly label: string
}

export type DangerCase = EmergencyType | 'lift' | 'lost' | 'unclear'

const towards = (where: string | null): string => (where === null ? '' : `去${where}`)

export interface Hotlines {
  readonly gas: string | null
}

export function firstWords(danger: DangerCase, hotlines: Hotlines): FirstWords {
  if (danger !== 'gas') return rows[danger]
  const gas = hotlines.gas === null ? '燃气公司抢险电话' : `燃气抢险${hotlines.gas}`
  return {
    ...rows.gas,
    self: `请马上出门到楼外！顺手能关阀开窗就做，别碰开关、别点火、屋里别打电话。到外面拨${gas}或119。`,
    bystander: `请离开那里到楼外，叫上旁边的人，别碰开关、别点火、楼里别打电话。到外面拨${gas}或119。`,
  }
}

const rows: Readonly<Record<DangerCase, FirstWords>> = {
  lift: {
    self: '按轿厢警铃，待在里面等，别扒门、别跳。',
    bystander: '请告诉里面的人：按警铃，待在里面等，别扒门。您在外面也别撬门。',
    coming: (where) => `正在通知救援${towards(where)}。`,
    place: '是哪栋哪单元的电梯，停在几层？',
    doubt: '先别扒门。现在电梯里有人出不来吗？有回1，没有回2。',
    label: '电梯困人',
  },
  trapped: {
    self: '待在安全处，别翻窗；有烟或受伤拨119、120。',
    bystander: '请隔着门安抚里面的人，别翻窗、别硬撬；有烟或有人受伤拨119、120。',
    coming: (where) => `正在通知值班${towards(where)}。`,
    place: '您在哪栋几层？',
    doubt: '请先待在安全处。现在有人被困出不来吗？有回1，没有回2。',
    label: '人员被困',
  },
  gas: {
    self: '',
    bystander: '',
    coming: (where) => `正在通知值班${towards(where)}。`,
    place: '到楼外以后告诉我：哪栋几单元几楼？',
    doubt: '先别开关电器、别点火，开窗到门外。现在还闻得到燃气味吗？是回1，不是回2。',
    label: '燃气泄漏',
  },
  fire: {
    self: '先出去，走楼梯不坐电梯，随手关门，到安全处拨119。',
    bystander: '请离开着火处，别坐电梯、别进去，到安全处拨119，喊邻居走楼梯。',
    coming: (where) => `正在通知值班${towards(where)}。`,
    place: '到安全处后告诉我：哪栋几层？',
    doubt: '请先离远一点。现在看得到火或烟吗？有回1，没有回2。',
    label: '火情冒烟',
  },
  electric: {
    self: '别碰水和电器，先离开那片地方，等工程同事断电；有人触电别用手拉，拨120。',
    bystander: '别靠近、别用手拉触电的人，拨120，拦住别人过去。',
    coming: (where) => `正在通知工程值班${towards(where)}断电。`,
    place: '在哪栋哪层，或旁边有什么标志？',
    doubt: '请先别碰。现在有人会碰到漏电的地方，或还在打火花吗？有回1，没有回2。',
    label: '触电漏电',
  },
  flood: {
    self: '别碰水和电器，先到高处干燥的地方，别进地下车库，等工程同事断电。',
    bystander: '别蹚水、别碰电器，请旁边的人也离开那片地方，别进地下车库。',
    coming: (where) => `正在通知工程值班${towards(where)}。`,
    place: '在哪栋哪层，或哪个出入口？',
    doubt: '请先别碰水里的电器。水还在快涨、已经碰到电了吗？是回1，不是回2。',
    label: '水淹',
  },
  medical: {
    self: '请先拨120，说清从哪个门进；坐下或躺平，把家门打开。',
    bystander: '请先拨120，说清从哪个门进，别随便挪动病人，陪着他。',
    coming: (where) => `正在通知保安到门口接车${where === null ? '' : `，带去${where}`}。`,
    place: '人在哪栋几层，或旁边有什么标志？',
    doubt: '有人不舒服请先拨120。现在有人受伤或病得厉害吗？有回1，没有回2。',
    label: '人员伤病',
  },
  falling: {
    self: '请离开墙边，别在楼下停留拍照；有人被砸到先拨120。',
    bystander: '请退到远处，提醒别人绕开，别在楼下停留拍照；有人被砸到先拨120。',
    coming: (where) => `正在通知值班${towards(where)}拉警戒线。`,
    place: '是哪栋的哪一面，或旁边有什么标志？',
    doubt: '请先离开墙边。现在还有东西往下掉，或楼下有人经过吗？有回1，没有回2。',
    label: '坠物险情',
  },
  violence: {
    self: '先到有人有灯的地方，锁好门，拨110；不便出声可发短信到12110。',
    bystander: '请别上前，退到安全处拨110，记下人的样子和去向。',
    coming: (where) => `正在通知保安${towards(where)}。`,
    place: '在哪里？楼栋或旁边的标志都行。',
    doubt: '请先离开现场。现在还有人动手或在威胁您吗？有回1，没有回2。',
    label: '治安冲突',
  },
  lost: {
    self: '待在有灯有人的地方别走开，找穿制服的保安，拨110。',
    bystander: '请马上拨110，不用等24小时：说清年纪、衣着、最后在哪儿见到。那里和家里都留人等。',
    coming: (where) => `正在通知保安守住各出入口、查看录像${where === null ? '' : `，先到${where}找`}。`,
    place: '最后在哪儿见到的？年纪、衣着也一起说。',
    doubt: '孩子或老人现在还没找到吗？没找到回1，找到了回2。',
    label: '有人走失',
  },
  collapse: {
    self: '马上离开开裂掉落的地方到空旷处，别回去拿东西，拨119。',
    bystander: '请退到空旷处，别靠近、别进去，拨119，喊附近的人一起离开。',
    coming: (where) => `正在通知值班${towards(where)}。`,
    place: '到空旷处后告诉我：是哪栋哪个位置？',
    doubt: '请先离开那里。裂缝还在变大，或还在往下掉吗？是回1，不是回2。',
    label: '坍塌开裂',
  },
  selfharm: {
    self: '听您这么说我很担心。先待在安全的地方，身边有人就请他陪着您；也可拨110、120或12356。',
    bystander: '请拨110和120，别围观、别拿话激他，能说上话就陪他慢慢聊，离边缘远一点。也可拨12356求助。',
    coming: (where) => `正在请同事${where === null ? '联系' : `去${where}`}。`,
    place: '现在在哪里？我请同事过去。',
    doubt: '听您这么说我很担心，您也可拨12356聊聊。您现在有伤害自己的念头吗？有回1，没有回2。',
    label: '轻生',
  },
  unclear: {
    self: '先到安全的地方：着火拨119，有人伤病拨120，有人伤害您拨110，闻到燃气先出门。',
    bystander: '先到安全的地方：着火拨119，有人伤病拨120，有人伤害您拨110，闻到燃气先出门。',
    coming: (where) => `正在通知值班${towards(where)}。`,
    place: '到安全处后告诉我：在哪里，出了什么事？',
    doubt: '请先到安全的地方。现在有人有危险吗？有回1，没有回2。',
    label: '紧急求助',
  },
}

/** domain.md line 57: the number to ring if nobody came. */
export function dutyNumber(phone: string, by: string, gas: boolean): string {
  return `${by}前没人联系您，请直接拨值班电话${phone}${gas ? '，到室外再打' : ''}。`
}

/** Line 10, self-harm: by when somebody speaks to them. */
export const someoneSpeaksBy = (by: string, phone: string): string =>
  `${by}前同事联系您；没等到就拨值班电话${phone}，有人陪您说。`

/** Several estates, and which one is not known: asked right after the safety words. */
export function askEstate(type: EmergencyType, question: string): string {
  if (type === 'gas') return `到了楼外再回我：${question}`
  return type === 'fire' || type === 'collapse' ? `到安全处再回我：${question}` : question
}
export const dutyOf = (estate: string, phone: string): string => `${estate}的值班电话是${phone}。`
/** In a group, where nobody is asked for a home or a number. */
export const tellInPrivate = '在哪栋哪层、拨哪个号码能找到您，请私聊发给我，别发群里。'
export const askPlaceAgain = '还差个地方：在哪栋几层，或旁边有什么标志？'
export const askBackNumber = (gas: boolean): string =>
  gas ? '到了楼外再回我：拨哪个号码能找到您？' : '拨哪个号码能找到您？'
export const askNumberGently = '同事打哪个号码，能和您说说话？'
export const askAdultsNumber = '身边大人的电话是多少？没有就回“没有”。'
export const numberTaken = '电话写进去了。'
export const takenAsDanger = '没有等到您的回音，先按有危险处理。'
export const takenAsDangerByAnswer = '先按有危险处理。'
export const dangerOver = '没人有危险就好。这件事已按要紧的记，同事来查看。'
export const stillThere = (phone: string): string =>
  `这句也正在转给值班。没人到就直接拨值班电话${phone}；人先待在安全处。`
export const childToAdult = '先到身边的大人那儿去。'

export const alarmDelivered = (phone: string): string => `已通知值班，值班电话${phone}。`
export const alarmTaken = (name: string, phone: string | null): string =>
  `${name}已收到，正在处理${phone === null ? '' : `，电话${phone}`}。`
export const alarmUntaken = (phone: string): string =>
  `值班还没有回应，请直接拨值班电话${phone}；还在接着通知其他人。`
export const stoodDown = (words: string): string => `现场看过，没有危险了：${words}。再有异样直接回“紧急”。`
export const numberInDanger = (number: string): string => `编号${number}，有变化直接发给我。`
