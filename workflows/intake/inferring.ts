import { taxonomy } from '../taxonomy.ts'
import type { Facts } from '../understanding/facts.ts'
import type { Inferred } from '../understanding/second-reading.ts'
import { noTime } from '../understanding/timefacts.ts'
import type { Inferable, Topic, Trouble } from './state.ts'

// What a language model reads joins a draft where nothing is known, and gives way to whatever the resident says.

/**
 * Fills what is missing. Not the slot that is just being asked for, and of what was read back to the resident nothing but
 * where it goes: they say 对 to what they saw.
 */
export function infer(
  draft: Trouble,
  found: Inferred,
  { asked, shown }: { readonly asked: Topic | null; readonly shown: boolean },
): void {
  const { facts } = draft
  const open = !shown
  const fill = (what: Inferable, part: Partial<Facts>) => {
    draft.facts = { ...draft.facts, ...part }
    if (!draft.inferred.includes(what)) draft.inferred.push(what)
  }
  if (open && facts.kind === 'other' && found.kind !== null && found.kind !== 'other')
    fill('kind', { kind: found.kind })
  if (found.code !== null && (facts.code === null || facts.code === 'OT01'))
    fill('code', { code: found.code, category: taxonomy[found.code].category })
  if (open && found.time !== null && facts.time.length === 0 && asked !== 'time')
    fill('time', { time: [said(found.time)] })
  const { building, unit, room } = facts.household
  const placeless = facts.area.length === 0 && draft.location === null && !(building ?? unit ?? room)
  if (open && found.place !== null && placeless && asked !== 'place') fill('place', { area: [found.place] })
  if (open && found.demand !== null && facts.demand === null && asked !== 'demand')
    fill('demand', { demand: found.demand })
  if (found.serious) draft.serious = true
}

/** What was inferred leaves where the resident now speaks of it, so that their words are not the second ones. */
export function giveWay(draft: Trouble, news: Facts): void {
  const { household } = news
  const leaves: Readonly<Record<Inferable, { readonly when: boolean; readonly part: Partial<Facts> }>> = {
    kind: { when: news.kind !== 'other', part: { kind: 'other' } },
    code: { when: news.code !== null, part: { code: null, category: null } },
    time: { when: news.time.length > 0, part: { time: [] } },
    place: {
      when: news.area.length > 0 || household.building !== null || household.room !== null,
      part: { area: [] },
    },
    demand: { when: news.demand !== null, part: { demand: null } },
  }
  for (const what of draft.inferred.filter((one) => leaves[one].when)) {
    draft.facts = { ...draft.facts, ...leaves[what].part }
    draft.inferred = draft.inferred.filter((one) => one !== what)
  }
}

/** A time in the resident's words, which nobody has worked out. */
const said = (text: string): Facts['time'][number] => ({ ...noTime, text })
