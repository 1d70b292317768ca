import { noGrounds, type Grounds } from '../complaint/grounds.ts'
import type { Place } from '../complaint/state.ts'
import { authoritiesIn, wordsForCode, wordsForDanger } from '../understanding/because.ts'
import type { Words } from '../estate.ts'
import type { Code } from '../taxonomy.ts'
import type { Trouble } from './state.ts'

/** What of a case its teller said, and what was concluded: by the rules, by a model, or from where they live. */
export function groundsOf(
  draft: Trouble,
  code: Code,
  place: Place,
  demand: string | null,
  own: Words,
): Grounds {
  const text = draft.words.join('\n')
  const { facts } = draft
  const [time] = facts.time
  const { household, area } = facts
  const told =
    household.building !== null || household.room !== null || area.length > 0 || draft.location !== null
  const placed = place.building !== null || place.room !== null || place.area !== null
  const concluded = {
    place: draft.inferred.includes('place') || (placed && (!told || household.building !== place.building)),
    time: draft.inferred.includes('time'),
    demand: draft.inferred.includes('demand') || (demand !== null && facts.demand === null),
  }
  return {
    ...noGrounds,
    inferred: (['place', 'time', 'demand'] as const).filter((what) => concluded[what]),
    readAs: code,
    code: [...wordsForCode(text, facts.code ?? code, own)],
    danger: facts.emergencyType === null ? [] : [...wordsForDanger(text, facts.emergencyType)],
    when: time?.start ? { from: time.start, to: time.end } : null,
    authorities: facts.authority ? [...authoritiesIn(text)] : [],
    people: [...facts.people],
    vulnerable: facts.vulnerable,
  }
}
