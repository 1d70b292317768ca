import type { Calendar, Limit } from '../../workflows/estate.ts'
import { hours } from '../../workflows/ids.ts'

/** `2026-11-23 10:00`, also with seconds, on the wall in Shanghai. */
export const at = (local: string): number => Date.parse(`${local.replace(' ', 'T')}+08:00`)
/** The local time again; whole minutes without their seconds. */
export const show = (instant: number): string =>
  new Date(instant + hours(8)).toISOString().replace('T', ' ').replace(':00.000Z', '')

const week = (text: string) => text.split(',').map((w) => ({ start: w.slice(0, 5), end: w.slice(6) }))
/** ISO weekday → windows, as `08:30-12:00,13:30-18:00`. */
export const calendar = (windows: Record<number, string>, more: Partial<Calendar> = {}): Calendar => ({
  timezone: 'Asia/Shanghai',
  windows: Object.fromEntries(Object.entries(windows).map(([day, text]) => [day, week(text)])),
  closed: [],
  open: [],
  ...more,
})
export const everyDay = (text: string, from = 1, to = 7) =>
  Object.fromEntries(Array.from({ length: to - from + 1 }, (_, i) => [from + i, text]))

// Estates as they are found: a calendar each.
export const office = calendar(everyDay('08:30-18:00', 1, 5))
export const lunch = calendar({ ...everyDay('08:30-12:00,13:30-18:00', 1, 5), 6: '09:00-12:00' })
export const night = calendar(everyDay('20:00-02:00', 1, 5))
export const always = calendar(everyDay('00:00-24:00'))
export const weekend = calendar(everyDay('09:00-21:00'), { closed: ['2026-11-25'], open: ['2026-10-01'] })
export const odd = calendar({ 1: '00:00-18:00', 2: '00:00-18:00', 5: '20:00-06:00' })
export const mondayOff = calendar(everyDay('09:00-17:00', 2, 7))

/** `30m`, `4h` around the clock; `4wh`, `2wd` in service time. */
export function limit(text: string): Limit {
  const [, amount, working, unit] = /^(\d+)(w?)([smhd])$/.exec(text) ?? []
  return { amount: Number(amount), working: working === 'w', unit: unit as Limit['unit'] }
}
export const threeTimes = calendar(everyDay('06:00-10:00,11:00-14:00,16:00-22:00'))
export const partTime = calendar({ 1: '08:00-12:00', 3: '13:00-20:00', 5: '08:00-20:00' })
export const guards = calendar(everyDay('19:00-23:00,23:30-07:30'))
/** Works on a day of Spring Festival, and not on the Saturday made up for it. */
export const ownDays = { ...office, open: ['2026-02-18'], closed: ['2026-02-14'] }
/** 2027 as its estate file fills it in. */
export const described = {
  ...office,
  closed: ['2027-02-05', '2027-02-08', '2027-02-09', '2027-02-10', '2027-02-11'],
  open: ['2027-02-20'],
}
