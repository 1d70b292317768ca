import * as people from './lexicon/people.ts'
import { quote, type Reading } from './normalise.ts'
import { pattern, sieved } from './patterns.ts'

/** Who is concerned, how many, and how far it stops them from living as one must. */
export interface Concerned {
  readonly vulnerable: boolean
  readonly minor: boolean
  readonly reach: 'many' | 'several' | 'one'
  readonly effect: 'blocked' | 'inconvenience' | 'wish'
  readonly phone: string | null
  readonly people: string[]
}

const vulnerable = pattern(people.vulnerable)
const minor = pattern(people.minor)
const many = pattern(people.many)
const several = pattern(people.several)
const blocked = pattern(people.blocked)
const wish = pattern(people.wish)

const mobile = sieved('(?<![\\da-z])(?:\\+?86[- ]?)?(1[3-9]\\d)[- ]?(\\d{4})[- ]?(\\d{4})(?!\\d)')
const landline = sieved('(?<!\\d)(0\\d{2,3})[- ]?([2-8]\\d{6,7})(?!\\d)')

const surname = `[${people.surnames}]`
const titled = sieved(
  `(?:保安|保洁|管家|客服|物业|门岗|维修|电工|水工|水电工|前台|绿化|秩序|工程)?(?:的)?(?<![保治公物])((?:小|老|阿)${surname}(?:师傅|大哥|大姐|哥|姐|叔)?|${surname}[一-鿿]?(?:${people.titles})|${surname}(?:先生|女士|某))(?![一-鿿]?区)`,
)
const role = sieved(
  `(?:保安|保洁|管家|客服|前台|门岗|维修|电工|水工)(?:小|老)?${surname}[一-鿿]{1,2}(?=[,。!?;、 骂打说拒不让是的在把跟对没]|$)`,
)
/** Begin like a name and are none. */
const noName =
  /^(?:小(?:区|孩|时|心|朋|伙|姑|贩|型|年|高|马|于|何)|老(?:公|师|是|马|伴|于|高|何|成|时|木|房|来|全)|阿(?:姨|公|婆|姐|哥|叔)|高工资|施工|开工|方工|安工|管工|石工|时工|全工)/

export function readConcerned(reading: Reading, staffNames: readonly string[]): Concerned {
  const { text } = reading
  return {
    vulnerable: vulnerable.test(text),
    minor: minor.test(text),
    reach: many.test(text) ? 'many' : several.test(text) ? 'several' : 'one',
    effect: blocked.test(text) ? 'blocked' : wish.test(text) ? 'wish' : 'inconvenience',
    phone: readPhone(text),
    people: namesIn(reading, staffNames),
  }
}

/** A mainland telephone number, digits only; a landline keeps the dash after its area code. Null where there is none. */
export function readPhone(text: string): string | null {
  const cell = mobile.exec(text)
  if (cell) return `${cell[1] ?? ''}${cell[2] ?? ''}${cell[3] ?? ''}`
  const fixed = landline.exec(text)
  return fixed ? `${fixed[1] ?? ''}-${fixed[2] ?? ''}` : null
}

/** Names of staff as the estate writes them, then whatever reads like a name with a title. */
function namesIn(reading: Reading, staffNames: readonly string[]): string[] {
  const found: string[] = staffNames.filter((name) => name.length >= 2 && reading.original.includes(name))
  for (const words of [role, titled]) {
    for (const match of words.all(reading.text)) {
      const name = match[1] ?? match[0]
      const start = match.index + match[0].length - name.length
      if (noName.test(name)) continue
      const verbatim = quote(reading, start, start + name.length)
      if (verbatim !== '' && !found.some((known) => known.includes(verbatim) || verbatim.includes(known))) {
        found.push(verbatim)
      }
    }
  }
  return found
}
