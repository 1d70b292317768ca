import type { EmergencyType } from '../facts.ts'
import { signsOfPeople } from './danger-people.ts'
import { signsOfThings } from './danger-things.ts'
import type { Sign } from './groups.ts'

/** Every sign, by the danger it speaks for. */
export const signs: Readonly<Record<EmergencyType, readonly Sign[]>> = { ...signsOfThings, ...signsOfPeople }

/** Calls for help now: no danger alone, but they strengthen one that is there. */
export const urgency =
  '快来人|来人啊|来人呀|来人哪|快来|救命|救人|快救|快点|快些|快快|赶紧|赶快|马上来|快啊|快!|立即|立刻|即刻|快拦|急!|急急|十万火急|pls|help|sos|我怎么弄|点算|求求|求你|求你们|吓煞|好怕|害怕|吓人|!!|别出来|喊不开|喊也喊|躲哪|往哪边走|疏散|撤离|出人命|要出人命|人命'

/** Somebody is in it. */
export const victims =
  '(里面|里头|底下|下面|边上|屋里|车里|旁边|跟前|门口)(还|就|好像|正)?(有|是|坐|站)(个|几个|好多|好几个)?({somebody}|人)|我(家)?(一个人|自己一个)|家里(就|只有|没别人)|几个({child}|{old})|{child}~(哭|怕|还在)|(我|还)在(里面|里头|屋里|家里)|一家(三|四|五|六|老)'
