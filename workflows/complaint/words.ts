import { placeWords } from '../phrases/places.ts'
import type { Work } from './work.ts'

/** Where the case is, in the words staff read: the estate while there are several, the spot, the household. */
export function whereWords(w: Work): string {
  const { place, household } = w.c.about
  const named = place.building ?? place.unit ?? place.room ?? place.area
  const words = placeWords(named ? place : household ? { ...household, area: null } : place)
  return w.company.estates.length > 1 && w.estate ? `${w.estate.name} ${words}` : words
}
