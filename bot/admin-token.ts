import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RequestHandler } from 'express'

/**
 * The bearer token of API and console: the configured one, else one made at first start and kept in `dataDir` (mode 600).
 * `fresh` says that it was made now and should be shown once.
 */
export function adminToken(dataDir: string, configured: string | null): { token: string; fresh: boolean } {
  if (configured !== null) return { token: configured, fresh: false }
  const file = join(dataDir, 'admin-token')
  if (existsSync(file)) return { token: readFileSync(file, 'utf8').trim(), fresh: false }
  const token = randomBytes(24).toString('base64url')
  const mine = `${file}.${process.pid}`
  writeFileSync(mine, `${token}\n`, { mode: 0o600 })
  try {
    // Whole or not at all, and only where no other process has just made one.
    linkSync(mine, file)
    return { token, fresh: true }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return { token: readFileSync(file, 'utf8').trim(), fresh: false }
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Lets through only who shows the token; digests are compared, so that neither time nor length tells anything. */
export function requireToken(token: string): RequestHandler {
  const wanted = digest(token)
  return (request, response, next) => {
    const [scheme, shown] = (request.get('authorization') ?? '').split(' ')
    if (scheme?.toLowerCase() === 'bearer' && shown && timingSafeEqual(digest(shown), wanted)) {
      next()
      return
    }
    response
      .status(401)
      .set('WWW-Authenticate', 'Bearer')
      .json({ error: 'a bearer token is needed (ADMIN_TOKEN)' })
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
