import { aQuarterIn } from './lived.ts'

aQuarterIn('yunxi')
