import type { SimulatedMember, Simulator } from '../adapters/simulator/index.ts'
import { HUMAN_PACE, type Pace } from '../adapters/wechaty/index.ts'
import { nextOpening, localParts } from '../workflows/calendar.ts'
import type { WechatyConfig, WecomConfig } from './config.ts'
import { levelOf, type Company } from '../workflows/estate.ts'
import { hours, minutes, type Instant } from '../workflows/ids.ts'
import { instantOf, localDayNumber, sinceMidnight } from '../workflows/local-time.ts'

/** Who sits before the simulator's phones: residents of the sample estate, and everybody of the estate file. */
export const demoResidents = [
  { id: 'resident-lin', name: '林女士', note: '3栋' },
  { id: 'resident-wang', name: '王先生', note: '5栋' },
  { id: 'resident-zhou', name: '周奶奶', note: '7栋' },
] as const

export function demoMembers(company: Company): readonly SimulatedMember[] {
  return [...company.estates.flatMap((estate) => estate.staff), ...company.staff]
    .filter((staff) => staff.active && staff.wecom !== null && staff.role !== 'admin')
    .map((staff) => ({
      userid: staff.wecom ?? '',
      name: staff.name,
      phone: levelOf(staff.role) === 0 ? ('staff' as const) : ('supervisor' as const),
      note: staff.departments.join('、'),
    }))
}

/** The demo's day starts at ten on a working day: the next such moment that has not passed. */
export function demoMorning(company: Company, now: Instant): Instant {
  const calendar = company.estates[0]?.calendar
  if (!calendar) return now
  let at = now
  for (let day = 0; day < 30; day++) {
    const ten = instantOf(calendar.timezone, localDayNumber(calendar.timezone, at), hours(10))
    const weekday = localParts(calendar.timezone, ten).weekday
    if (ten >= now && weekday <= 5 && nextOpening(calendar, ten) === ten) return ten
    at = at - sinceMidnight(calendar.timezone, at) + hours(24) + minutes(1)
  }
  return now
}

/** The demo answers at a pace one can wait for. */
export const demoPace: Pace = { ...HUMAN_PACE, sendGap: [150, 450] }

/** The simulator's platforms, as if somebody had configured them. */
export const simulatedWecom = ({ env }: Simulator): WecomConfig => ({
  corpId: env.WECOM_CORP_ID ?? '',
  agentId: Number(env.WECOM_AGENT_ID),
  secret: env.WECOM_SECRET ?? '',
  token: env.WECOM_TOKEN ?? '',
  aesKey: env.WECOM_AES_KEY ?? '',
  apiBase: env.WECOM_API_BASE ?? '',
})

export const simulatedWechaty = ({ env }: Simulator): WechatyConfig => ({
  puppet: env.WECHATY_PUPPET ?? '',
  environment: { SIMULATOR_WECHAT_URL: env.SIMULATOR_WECHAT_URL ?? '' },
})
