import type { z } from 'zod'
import type { factsSchema } from './facts-schema.ts'

/** The ten dangers of the outside contract. */
export const emergencyTypes = [
  'trapped',
  'gas',
  'fire',
  'electric',
  'falling',
  'flood',
  'violence',
  'medical',
  'selfharm',
  'collapse',
] as const
export type EmergencyType = (typeof emergencyTypes)[number]

export const kinds = ['complaint', 'repair', 'enquiry', 'suggestion', 'praise', 'other'] as const
export type Kind = (typeof kinds)[number]

export type Facts = z.infer<typeof factsSchema>

export const noFacts: Facts = {
  kind: 'other',
  code: null,
  category: null,
  building: [],
  unit: [],
  room: [],
  area: [],
  household: { building: null, unit: null, room: null },
  time: [],
  demand: null,
  safety: 'none',
  danger: 0,
  emergencyType: null,
  lift: false,
  lost: false,
  selfInvolved: false,
  anger: 0,
  threat: false,
  repeat: false,
  authority: false,
  vulnerable: false,
  reach: 'one',
  effect: 'inconvenience',
  minor: false,
  phone: null,
  people: [],
}
