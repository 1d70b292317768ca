import { EstateError, readEstate } from '../../bot/estate.ts'
import type { Estate } from '../../workflows/estate.ts'

export const person = '{ id: zhang, name: 张, wecom: Z, role: manager }'
/** An estate file of one estate: what is under test starts in line 6, column 5. */
export const estateWith = (lines: string, staff = person): string =>
  `estates:\n  - id: a\n    name: 和风苑\n    phone: "0731-88881111"\n    staff: [${staff}]\n${lines
    .split('\n')
    .map((line) => (line === '' ? line : `    ${line}`))
    .join('\n')}\n`

/** What the journeys of few people have in common: who works there, and everything below, line by line. */
export const smallEstate = (staff: readonly string[], lines: readonly string[]): string => `
company:
  name: 安居物业
  phone: '0731-88880000'
estates:
  - id: hefeng
    name: 和风苑
    phone: '0731-88881111'
    buildings: [{ name: 3栋, units: [1, 2], floors: 18 }]
    staff:
${staff.map((one) => `      - ${one}`).join('\n')}
${lines.map((line) => `    ${line}`).join('\n')}
`

/** The estate of a file that holds one. Throws what is wrong with it. */
export function only(text: string): Estate {
  const [estate] = readEstate(text, 'estate.yaml').company.estates
  if (!estate) throw new Error('no estate')
  return estate
}

/** Everything that is wrong with a file: `6:5 estates[0].calender: unknown key …`. */
export function problemsOf(text: string): string[] {
  try {
    readEstate(text, 'estate.yaml')
  } catch (error) {
    if (error instanceof EstateError) return error.problems.map((p) => `${p.line}:${p.column} ${p.message}`)
    throw error
  }
  return []
}
