import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Request, RequestHandler } from 'express'

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
  const isWanted = comparing(token)
  return (request, response, next) => {
    const { scheme, shown } = credentials(request)
    if (scheme === 'bearer' && isWanted(shown)) {
      next()
      return
    }
    response
      .status(401)
      .set('WWW-Authenticate', 'Bearer')
      .json({ error: 'a bearer token is needed (ADMIN_TOKEN)' })
  }
}

/**
 * Like `requireToken`, for a page in a browser, which asks for a user name (any will do) and the token as password. Only
 * for pages that change nothing: a browser sends a remembered password along whoever made it ask.
 */
export function requirePassword(token: string): RequestHandler {
  const isWanted = comparing(token)
  return (request, response, next) => {
    const { scheme, shown } = credentials(request)
    if ((scheme === 'basic' && isWanted(passwordIn(shown))) || (scheme === 'bearer' && isWanted(shown))) {
      next()
      return
    }
    response
      .status(401)
      .set(
        'WWW-Authenticate',
        'Basic realm="complaint line: any name, ADMIN_TOKEN as password", charset="UTF-8"',
      )
      .type('text')
      .send('any user name, and the admin token as password (ADMIN_TOKEN)\n')
  }
}

function credentials(request: Request): { scheme: string; shown: string } {
  const [scheme = '', shown = ''] = (request.get('authorization') ?? '').split(' ')
  return { scheme: scheme.toLowerCase(), shown }
}

/** RFC 7617: base64 of `name:password`; the password may hold colons, the name none. */
function passwordIn(encoded: string): string {
  const [, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return password.join(':')
}

function comparing(token: string): (shown: string) => boolean {
  const wanted = digest(token)
  return (shown) => shown !== '' && timingSafeEqual(digest(shown), wanted)
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
