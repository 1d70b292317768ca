import type { Place } from '../complaint/state.ts'
import { withoutNumbers } from './masked.ts'

/** A place as people say it: 3栋2单元1201 南门. */
export function placeWords(place: Place): string {
  const home = [
    place.building && withWord(place.building, '栋'),
    place.unit && withWord(place.unit, '单元'),
    place.room && withWord(place.room, '室'),
  ]
    .filter(Boolean)
    .join('')
  return [home, place.area].filter(Boolean).join(' ') || '地点未说明'
}

/** For whoever only watches (domain.md 6.1): what residents write as a spot may hold a room or a number, too. */
export const areaWords = ({ building, area }: Place): string =>
  placeWords({ building, unit: null, room: null, area: area === null ? null : withoutNumbers(area) })

const withWord = (text: string, word: string): string =>
  /[栋幢座楼院单元室户号]$/u.test(text) ? text : text + word
