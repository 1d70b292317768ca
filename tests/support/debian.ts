import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Wanted {
  /** Who needs it, for the sentence that says what is missing. */
  readonly what: string
  /** Any of these on the PATH will do. */
  readonly names: readonly string[]
  /** Debian's packages that bring it. */
  readonly packages: readonly string[]
}

/**
 * A program that a test cannot do without: found on the PATH, else installed from Debian's packages where this process
 * may do that. Throws an error that says what to install; a test is never skipped for want of it.
 */
export function programOf({ what, names, packages }: Wanted): string {
  return onPath(names) ?? installed(what, names, packages)
}

function onPath(names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function installed(what: string, names: readonly string[], packages: readonly string[]): string {
  const wanted = `${what} on the PATH (${names.join(', ')})`
  const byHand = `on Debian: sudo apt-get install ${packages.join(' ')}`
  if (!existsSync('/etc/debian_version')) throw new Error(`${wanted}: please install it (${byHand})`)
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  if (asRoot.length > 0 && !runs([...asRoot, 'true'])) throw new Error(`${wanted}; ${byHand}`)
  const apt = [
    ...asRoot,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    '-o',
    'DPkg::Lock::Timeout=120',
  ]
  const worked =
    runs([...apt, 'update']) && runs([...apt, 'install', '-y', '--no-install-recommends', ...packages])
  const found = onPath(names)
  if (!worked || found === null) throw new Error(`${wanted}, and apt-get could not install it; ${byHand}`)
  return found
}

function runs([command = '', ...args]: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}
