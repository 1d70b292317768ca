import { desc, eq, sql } from 'drizzle-orm'
import type { StoredCompany } from '../workflows/estate.ts'
import type { Instant } from '../workflows/ids.ts'
import type { Database } from './database.ts'
import { estateVersions } from './schema.ts'
import { readJson } from './stored.ts'

export type Companies = ReturnType<typeof companiesOf>

/** The estate file's numbered versions. */
export function companiesOf({ orm, sqlite, prepared }: Database) {
  const known = new Map<number, StoredCompany>()
  const newestVersion = prepared(
    orm.select({ version: sql<number | null>`max(${estateVersions.version})` }).from(estateVersions),
  )

  function at(version: number): StoredCompany {
    const cached = known.get(version)
    if (cached) return cached
    const row = orm.select().from(estateVersions).where(eq(estateVersions.version, version)).get()
    if (!row) throw new Error(`there is no version ${version} of the estate file in the database`)
    const company: StoredCompany = {
      ...(readJson(row.content, 'estate_versions', version) as StoredCompany),
      version,
    }
    known.set(version, company)
    return company
  }

  return {
    /** The company as that version was written (`bot/companies.ts` completes it). Throws for a number never given. */
    companyAt: at,
    /** The newest version's number, whichever process put it; 0: there is none yet. Takes microseconds. */
    latestVersion: (): number => newestVersion.get()?.version ?? 0,
    latestCompany(): StoredCompany | null {
      const version = newestVersion.get()?.version ?? null
      return version === null ? null : at(version)
    },
    /** A new version where anything differs from the newest; answers the company with its number. */
    putCompany<T extends StoredCompany>(company: T, now: Instant): T {
      const content = JSON.stringify({ ...company, version: 0 })
      // Another process may be starting as well.
      const put = sqlite.transaction(() => {
        const newest = orm.select().from(estateVersions).orderBy(desc(estateVersions.version)).get()
        if (newest?.content === content) return newest.version
        const version = (newest?.version ?? 0) + 1
        orm.insert(estateVersions).values({ version, content, createdAt: now }).run()
        return version
      })
      return { ...company, version: put.immediate() }
    },
  }
}
