import { pattern } from './patterns.ts'
import { risks, tamed } from './lexicon/risks.ts'

const stated = pattern(risks)
const harmless = pattern(tamed)

/**
 * Whether a physical hazard is stated or plain (label guide: `risk`): by words that name one, or by signs of danger that
 * were not strong enough, or not urgent enough, for an emergency.
 */
export function readHazard(
  text: string,
  danger: { readonly danger: number; readonly hazard: number },
): boolean {
  if (danger.danger >= 0.1) return true
  if (harmless.test(text)) return false
  return stated.test(text)
}
