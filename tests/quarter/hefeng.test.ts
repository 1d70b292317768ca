import { aQuarterIn } from './lived.ts'

aQuarterIn('hefeng')
