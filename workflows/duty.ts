import { isOpen, localParts } from './calendar.ts'
import { leaveOf, standIn } from './duty-changes.ts'
import type { Company, DutyShift, Estate, Level, Staff } from './estate.ts'
import { changesOf, levelOf } from './estate.ts'
import type { Instant, StaffId } from './ids.ts'
import { minuteOf } from './local-time.ts'
import type { Department } from './taxonomy.ts'

/** What somebody is looked for, and who must not be found. */
export interface Search {
  readonly company: Company
  /** null while unknown: the company's own people and every estate's (design.md, Estates). */
  readonly estate: Estate | null
  readonly department: Department
  readonly building: string | null
  readonly at: Instant
  readonly exclude: readonly StaffId[]
  readonly load: ReadonlyMap<StaffId, number>
}

/**
 * Who may be asked to take a task, best first: those on duty for the department (first who looks after the building), its
 * other handlers and its supervisors, then managers and the company, and at last anybody of another post. Another
 * department's supervisor comes before the manager only where the own has none. Somebody inactive, on leave or without
 * 企业微信 cannot be asked and is skipped. Within a rank the one with the fewest open cases comes first.
 */
export function candidates(search: Search): readonly Staff[] {
  const able = findable(search)
  const inDepartment = able.filter((s) => s.departments.includes(search.department))
  const handles = (s: Staff) => levelOf(s.role) === 0 && coversBuilding(s.buildings, search.building)
  const onDuty = dutyNow(search).filter((s) => able.includes(s))
  const ranks = [
    onDuty.filter(handles),
    onDuty.filter((s) => levelOf(s.role) === 0),
    // While somebody holds the night, whoever sleeps is asked after everybody above.
    onShiftNow({ ...search, exclude: [] }, 0) ? [] : inDepartment.filter(handles),
    onShiftNow(search, 1) ?? inDepartment.filter((s) => levelOf(s.role) === 1),
    onDuty,
    hasOwn(search, 1) ? [] : able.filter((s) => levelOf(s.role) === 1),
    able.filter((s) => levelOf(s.role) === 2),
    able.filter((s) => levelOf(s.role) === 3),
    able.filter((s) => levelOf(s.role) === 1),
    // Rather somebody of another post than nobody.
    able.filter((s) => levelOf(s.role) === 0),
  ]
  return [...new Set(ranks.flatMap((rank) => fewestFirst(rank, search.load)))]
}

/**
 * Those who hear of a case at a level of the ladder (1 supervisors of the department, 2 managers, 3 the company's
 * quality department); where a level is empty, the next one up that is not, then the next one down. A department whose
 * own supervisors are all excluded goes up as well: what its supervisor did is not another department's to look after.
 */
export function atLevel(search: Search, level: Level): readonly Staff[] {
  const able = findable(search)
  const upwards = [level, ...levels.filter((l) => l > level)]
  const downwards = levels.toReversed().filter((l) => l < level)
  for (const at of [...upwards, ...downwards]) {
    const there = atExactly(search, at)
    if (there.length > 0) return there
  }
  return able.filter((s) => levelOf(s.role) === 1)
}

const levels: readonly Level[] = [1, 2, 3]

/** Those of this level and no other, the department's own where there are any; another's supervisor only where it has none. */
export function atExactly(search: Search, level: Level): readonly Staff[] {
  const awake = onShiftNow(search, level)
  if (awake) return awake
  const there = findable(search).filter((s) => levelOf(s.role) === level)
  const own = there.filter((s) => s.departments.includes(search.department))
  if (own.length > 0) return own
  return level === 1 && hasOwn(search, 1) ? [] : there
}

/**
 * Outside service hours those of this level whom the roster has on a shift for the department now: everybody else is off
 * duty, passed over, and found once these are excluded. null: the hours are open, or nobody of the level is on a shift.
 */
function onShiftNow(search: Search, level: Level): readonly Staff[] | null {
  if (!isClosed(search)) return null
  const able = findable(search)
  // Whoever is above looks after every building.
  const on = dutyNow(level === 0 ? search : { ...search, building: null }).filter(
    (s) => levelOf(s.role) === level && able.includes(s),
  )
  return on.length > 0 ? [...new Set(on)] : null
}

/** Where the estate is not known, its hours are not either. */
const isClosed = ({ estate, at }: Search): boolean => estate !== null && !isOpen(estate.calendar, at)

/** When the levels above are silent, too: the company's other people, an admin among them, then any supervisor there is. */
export function lastResort(search: Search): readonly Staff[] {
  const { company, exclude, at } = search
  const others = company.staff.filter(
    (s) => canBeAsked(s) && isAtWork(company, s.id, at) && !exclude.includes(s.id),
  )
  return others.length > 0 ? others : findable(search).filter((s) => levelOf(s.role) >= 1)
}

/** Who may be found at all: can own a case, is at work, and is not excluded. */
const findable = (search: Search): readonly Staff[] =>
  everybody(search).filter(
    (s) => canOwn(s) && isAtWork(search.company, s.id, search.at) && !search.exclude.includes(s.id),
  )

/** Not on leave then; on duty or not. */
export const isAtWork = (company: Company, staff: StaffId, at: Instant): boolean =>
  leaveOf(changesOf(company), staff, at) === null

/** Whether the department has somebody of its own at this level, excluded, on leave, or not. */
const hasOwn = (search: Search, level: Level): boolean =>
  everybody(search).some(
    (s) => canOwn(s) && levelOf(s.role) === level && s.departments.includes(search.department),
  )

/**
 * Those at the post now: on duty for the department, else its handlers (without a roster all of them are), else its
 * supervisors.
 */
export function onPost(search: Search): readonly Staff[] {
  const able = findable(search)
  const own = able.filter((s) => s.departments.includes(search.department))
  const ranks = [
    dutyNow(search).filter((s) => able.includes(s)),
    own.filter((s) => levelOf(s.role) === 0),
    own.filter((s) => levelOf(s.role) === 1),
  ]
  return [...new Set(ranks.find((rank) => rank.length > 0) ?? [])]
}

/**
 * Whom an emergency without an estate rings: the company's own people, and in each estate whoever is at the post of the
 * department, the guards and 客服 now (design.md, Estates). Where that is nobody, everybody who can be asked.
 */
export function onCall(search: Search): readonly Staff[] {
  const posts: readonly Department[] = [search.department, '秩序', '客服']
  const company = findable(search).filter((s) => search.company.staff.includes(s))
  const estates = search.company.estates.flatMap((estate) =>
    posts.flatMap((department) =>
      onPost({ ...search, estate, department, building: null }).filter((s) => estate.staff.includes(s)),
    ),
  )
  const found = [...new Set([...estates, ...company])]
  return found.length > 0 ? found : candidates(search)
}

const everybody = (search: Pick<Search, 'company' | 'estate'>): readonly Staff[] =>
  search.estate
    ? [...search.estate.staff, ...search.company.staff]
    : [...search.company.estates.flatMap((e) => e.staff), ...search.company.staff]

export const canBeAsked = (s: Staff): boolean => s.active && s.wecom !== null

/** An admin reads everything and owns nothing. */
export const canOwn = (s: Staff): boolean => canBeAsked(s) && s.role !== 'admin'

const coversBuilding = (buildings: readonly string[], building: string | null): boolean =>
  buildings.length === 0 || building === null || buildings.some((b) => bare(b) === bare(building))

const bare = (building: string): string => building.replace(/[栋幢座号楼#]/gu, '')

/** Whom the roster names then for the department and the building, whoever stands in for whom; perhaps on leave. */
export function dutyNow(search: Omit<Search, 'exclude' | 'load'>): readonly Staff[] {
  const estates = search.estate ? [search.estate] : search.company.estates
  return estates.flatMap((estate) =>
    namedBy(
      search,
      estate,
      estate.duty
        .filter((shift) => shift.department === null || shift.department === search.department)
        .filter((shift) => coversBuilding(shift.buildings, search.building)),
    ),
  )
}

/** Whom those of these shifts name that are on at that moment. */
export function namedBy(
  search: Pick<Search, 'company' | 'estate' | 'at'>,
  estate: Estate,
  shifts: readonly DutyShift[],
): readonly Staff[] {
  const on = shifts.filter((shift) => isOn(shift, estate.calendar.timezone, search.at))
  if (on.length === 0) return []
  const changes = changesOf(search.company)
  const everyone = everybody(search)
  return on.flatMap((shift) =>
    shift.staff.flatMap((id) => {
      // Who was to stand in and cannot any more leaves the shift to whom the file names.
      const other = standIn(changes, id, search.at)
      const named = everyone.find((s) => s.id === other && canOwn(s)) ?? everyone.find((s) => s.id === id)
      return named ? [named] : []
    }),
  )
}

/** A shift whose end is not after its start runs into the next day. */
export function isOn(shift: DutyShift, timezone: string, at: Instant): boolean {
  const { weekday, hour, minute } = localParts(timezone, at)
  const time = hour * 60 + minute
  const start = minuteOf(shift.shift.start)
  const end = minuteOf(shift.shift.end)
  const today = shift.days.includes(weekday)
  if (start < end) return today && time >= start && time < end
  const yesterday = shift.days.includes(weekday === 1 ? 7 : weekday - 1)
  return (today && time >= start) || (yesterday && time < end)
}

const fewestFirst = (staff: readonly Staff[], load: ReadonlyMap<StaffId, number>): readonly Staff[] =>
  [...staff].sort((a, b) => (load.get(a.id) ?? 0) - (load.get(b.id) ?? 0))
