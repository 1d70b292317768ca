import type { Reaction } from '../../../adapters/wecom/errors.ts'

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** platforms.md section 1, code by code. */
export const TABLE: [Reaction, number[]][] = [
  ['retry', [-1, 6000, 45033]],
  ['throttled', [45009]],
  ['token', [40014, 42001, 41001]],
  ['recipient', [40003, 60111, 81013]],
  ['media', [40007]],
  ['content', [40008, 40058, 44004, 45002, 45008, 45034, ...range(42014, 42020), ...range(42027, 42051)]],
  ['content', [82001, 82002, 82003]],
  ['code', [42022]],
  ['window', [42052, 45015, 45047]],
  ['configuration', [40001, 40013, 40056, 41002, 41004, 301002, 48001, 40164, 60020]],
  ['reach', [60011, 60021, 60030, 86001, 86003, 86006, 86008, 93000, 93004, 93008]],
]
