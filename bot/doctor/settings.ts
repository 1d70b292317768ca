import { readFileSync } from 'node:fs'
import { yearsWithoutTable } from '../../workflows/calendar.ts'
import type { Company } from '../../workflows/estate.ts'
import { days, type Instant } from '../../workflows/ids.ts'
import type { Config } from '../config.ts'
import { unknownYears, yearWarnings } from '../estate-calendar.ts'
import { EstateError, readEstate, sampleEstateFile } from '../estate.ts'
import { count, look, note, ok, wrong, type Finding } from './finding.ts'

/** The settings, which were read already: a configuration that cannot be used has no checks. */
export function checkSettings(config: Config): Finding[] {
  const findings = config.warnings.map((warning) => look(`${warning}.`))
  if (config.unserved.length > 0)
    findings.push(
      wrong(
        `this version does not serve what these variables switch on, and refuses to start: ${config.unserved.join(', ')}. Take them out.`,
      ),
    )
  if (config.simulator)
    findings.push(
      note(
        'no platform is configured, so npm start plays WeChat and WeCom itself: set WECOM_… for real work.',
      ),
    )
  return findings.length > 0 ? findings : [ok('the settings can be used.')]
}

export interface EstateFindings {
  /** null: the file cannot be used. */
  readonly company: Company | null
  readonly findings: readonly Finding[]
}

/** The estate file with all its problems, each by its line. */
export function checkEstate(config: Config, now: Instant): EstateFindings {
  const file = config.estateFile ?? sampleEstateFile()
  try {
    const { company, warnings: lasting } = readEstate(readFileSync(file, 'utf8'), file)
    const warnings = [...lasting, ...yearWarnings(company, now)]
    const people = company.estates.flatMap((estate) => estate.staff).length + company.staff.length
    const summary = `${file} describes ${count(company.estates.length, 'estate')} and ${count(people, 'person', 'people')}.`
    return { company, findings: [ok(summary), ...warnings.map((warning) => look(`${warning}.`))] }
  } catch (error) {
    const findings =
      error instanceof EstateError
        ? error.problems.map(({ line, column, message }) => wrong(`${file}:${line}:${column} ${message}.`))
        : [wrong(`${file} cannot be read (${codeOf(error)}): check ESTATE_FILE and who may read the file.`)]
    return { company: null, findings }
  }
}

/** Years ahead for which somebody gave the holidays; a year that is missing soon is a warning of the estate file. */
export function checkCalendar(company: Company, now: Instant): Finding[] {
  const year = new Date(now).getUTCFullYear()
  const next = company.estates.filter(
    ({ calendar }) => yearsWithoutTable(calendar, now, now + days(366)).length > 0,
  )
  if (next.length === 0) return [ok(`the public holidays of ${year} and ${year + 1} are known.`)]
  const soon = next.some(({ calendar }) => unknownYears(calendar, now).length > 0)
  // Said already, with what to do, among what the estate file warns of.
  if (soon) return []
  return [
    note(
      `the public holidays of ${year + 1} are not known yet: the State Council tells them in November; update the program then, or add them to calendar.closed and calendar.open.`,
    ),
  ]
}

/** Active staff who can be reached in the app, by their user id there. */
export const reachable = (company: Company): ReadonlyMap<string, string> =>
  new Map(
    [...company.staff, ...company.estates.flatMap((estate) => estate.staff)].flatMap(
      ({ wecom, id, active }) => (active && wecom !== null ? [[wecom, id] as const] : []),
    ),
  )

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
