import type { Companies } from '../db/companies.ts'
import type { Sharing } from './lease.ts'
import type { Company, StoredCompany } from '../workflows/estate.ts'
import { completePolicy } from '../workflows/policy.ts'

const completed = new WeakMap<StoredCompany, Company>()

/**
 * The company as a version of the estate file had it; what the program that stored it did not know yet has its default.
 * Throws for a number that was never given.
 */
export function companyAt(companies: Companies, version: number): Company {
  const stored = companies.companyAt(version)
  const known = completed.get(stored)
  if (known) return known
  const estates = stored.estates.map((estate) => ({
    ...estate,
    policy: completePolicy(estate.policy),
    words: estate.words ?? {},
  }))
  const company = { ...stored, estates }
  completed.set(stored, company)
  return company
}

/**
 * The estate file's newest version: `mine`, as this process read it at its start, unless another process on the same
 * data has brought a newer one since. Asked in every turn.
 */
export function newestCompany(companies: Companies, mine: Company, sharing: Sharing): () => Company {
  if (sharing.with === 'nobody') return () => mine
  return () => {
    const newest = companies.latestVersion()
    return newest === mine.version ? mine : companyAt(companies, newest)
  }
}
