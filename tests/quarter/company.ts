import type { Company, DutyShift, Staff, Window } from '../../workflows/estate.ts'
import type { EstateId, StaffId } from '../../workflows/ids.ts'
import { defaultPolicy } from '../../workflows/policy.ts'
import type { Department } from '../../workflows/taxonomy.ts'
import { aStaff, anEstate } from '../support/builders.ts'

/** How somebody of the staff is: what they are asked for, and what becomes of it. */
export type Manner = 'prompt' | 'slow' | 'silent'

/** Everybody, by id; in each estate one handler never answers, in 和风苑 a supervisor neither. */
export const manners: Record<string, Manner> = {}

export const estates = {
  hefeng: { name: '和风苑', prefix: 'h' },
  yunxi: { name: '云溪里', prefix: 'y' },
} as const
export type QuarterEstate = keyof typeof estates

const handlers: readonly (readonly [string, Department, Manner])[] = [
  ['repair1', '工程', 'prompt'],
  ['repair2', '工程', 'prompt'],
  ['repair3', '工程', 'prompt'],
  ['repair4', '工程', 'slow'],
  ['repair5', '工程', 'silent'],
  ['guard1', '秩序', 'prompt'],
  ['guard2', '秩序', 'prompt'],
  ['guard3', '秩序', 'slow'],
  ['clean1', '环境', 'prompt'],
  ['clean2', '环境', 'prompt'],
  ['desk1', '客服', 'prompt'],
  ['desk2', '客服', 'slow'],
  ['money1', '财务', 'prompt'],
]

function people(prefix: string): readonly Staff[] {
  const own = (name: string) => `${prefix}-${name}`
  const note = (name: string, manner: Manner) => (manners[own(name)] = manner)
  const staff = handlers.map(([name, department, manner]) => {
    note(name, manner)
    return aStaff(own(name), { departments: [department] })
  })
  const leaders: readonly (readonly [string, Staff['role'], readonly Department[], Manner])[] = [
    ['lead1', 'supervisor', ['工程'], 'prompt'],
    ['lead2', 'supervisor', ['秩序', '环境'], prefix === 'h' ? 'silent' : 'slow'],
    ['lead3', 'supervisor', ['客服', '财务'], 'slow'],
    ['head', 'manager', ['经理'], 'prompt'],
  ]
  return [
    ...staff,
    ...leaders.map(([name, role, departments, manner]) => {
      note(name, manner)
      return aStaff(own(name), { role, departments })
    }),
  ]
}

const shift = (department: Department, hours: Window, staff: readonly string[]): DutyShift => ({
  department,
  buildings: [],
  days: [1, 2, 3, 4, 5, 6, 7],
  shift: hours,
  staff: staff as readonly StaffId[],
})

const day = { start: '08:00', end: '20:00' }
const night = { start: '20:00', end: '08:00' }

/** 安居物业 with one estate and everybody a real one has. */
export function quarterCompany(id: QuarterEstate): Company {
  const { name, prefix } = estates[id]
  manners.quality = 'prompt'
  return {
    version: 0,
    name: '安居物业',
    phone: '0731-88880000',
    staff: [aStaff('quality', { role: 'quality', departments: ['品质'] })],
    estates: [
      anEstate({
        id: id as EstateId,
        name,
        staff: people(prefix),
        duty: [
          shift('秩序', day, [`${prefix}-guard1`]),
          shift('秩序', night, [`${prefix}-guard2`]),
          shift('工程', night, [`${prefix}-repair2`]),
        ],
      }),
    ],
  }
}

/** The same company after the managers agreed on shorter limits: what is new is promised sooner. */
export function stricterCompany(id: QuarterEstate): Company {
  const before = quarterCompany(id)
  return {
    ...before,
    estates: before.estates.map((estate) => ({
      ...estate,
      policy: {
        ...defaultPolicy,
        steps: {
          ...defaultPolicy.steps,
          contact: { ...defaultPolicy.steps.contact, S3: { amount: 2, unit: 'h', working: true } },
        },
      },
    })),
  }
}
