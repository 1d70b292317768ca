import type { Registration } from '../../workflows/complaint/events.ts'
import type { ConversationId, EstateId, Instant, PersonId, StaffId } from '../../workflows/ids.ts'
import type { Code } from '../../workflows/taxonomy.ts'
import { aRegistration } from '../support/builders.ts'
import type { Chance } from './chance.ts'
import { estates, type QuarterEstate } from './company.ts'

const everyday: readonly Code[] = [
  'RP02',
  'RP01',
  'RP04',
  'CL01',
  'CL02',
  'PK01',
  'NS01',
  'NS02',
  'UT01',
  'UT02',
  'EL02',
  'EL03',
  'FE01',
  'SE01',
  'FS01',
  'GR01',
  'NS04',
  'RN01',
]

/** What one of a thousand residents has to say, as the intake hands it over. */
export function aReport(
  who: { readonly person: PersonId; readonly conversation: ConversationId },
  estate: QuarterEstate,
  receivedAt: Instant,
  chance: Chance,
): Registration {
  const home = { building: '3', unit: String(1 + chance.below(2)), room: String(101 + chance.below(1800)) }
  const base = {
    ...who,
    estate: estate as EstateId,
    household: home,
    place: { ...home, area: null },
    receivedAt,
    code: chance.of(everyday),
    media: [],
  }
  const kind = chance.weighted({ danger: 2, grave: 12, ordinary: 48, minor: 18, service: 14, conduct: 6 })
  switch (kind) {
    case 'danger':
      return aRegistration({
        ...base,
        severity: 'S1',
        code: chance.of(['EL01', 'EM01', 'EM02', 'EM05'] as const),
        danger: { type: chance.of(['trapped', 'fire', 'gas', 'falling'] as const), lift: false, self: true },
      })
    case 'grave':
      return aRegistration({ ...base, severity: 'S2', kind: chance.of(['complaint', 'repair'] as const) })
    case 'ordinary':
      return aRegistration({ ...base, severity: 'S3', kind: chance.of(['complaint', 'repair'] as const) })
    case 'minor':
      return aRegistration({ ...base, severity: 'S4' })
    case 'service':
      return aRegistration({
        ...base,
        severity: 'S4',
        code: 'SG03',
        kind: chance.of(['enquiry', 'suggestion', 'praise'] as const),
      })
    case 'conduct':
      return aRegistration({
        ...base,
        severity: 'S3',
        code: 'ST01',
        subjects: [`${estates[estate].prefix}-guard1` as StaffId],
      })
  }
}
