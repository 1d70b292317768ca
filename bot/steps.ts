import { stepComplaint } from '../workflows/complaint/index.ts'
import { deskNeeds, stepDesk } from '../workflows/desk/index.ts'
import { intakeNeeds, stepIntake } from '../workflows/intake/index.ts'
import { understand } from '../workflows/understanding/index.ts'
import type { Steps } from './turn.ts'

/** What the product decides by. */
export const productSteps: Steps = {
  understand,
  stepIntake,
  intakeNeeds,
  stepComplaint,
  stepDesk,
  deskNeeds,
}
