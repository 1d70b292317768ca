import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']
const packages = ['chromium', 'fonts-noto-cjk']

/** Root cannot use Chromium's sandbox; the rest keeps it from calling home, which in a closed network only costs time. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * A browser with a profile of its own, thrown away when it closes. Chromium is found on the PATH, else installed from
 * Debian's packages where this process may do that. Throws an error that says what to install.
 */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: onPath() ?? installed(), args: flags })
}

function onPath(): string | null {
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

function installed(): string {
  const wanted = `the browser test needs Chromium on the PATH (${names.join(', ')})`
  const byHand = `on Debian: sudo apt-get install ${packages.join(' ')}`
  if (!existsSync('/etc/debian_version')) throw new Error(`${wanted}: please install it (${byHand})`)
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  if (asRoot.length > 0 && !runs([...asRoot, 'true'])) throw new Error(`${wanted}; ${byHand}`)
  const apt = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq']
  const worked =
    runs([...apt, 'update']) && runs([...apt, 'install', '-y', '--no-install-recommends', ...packages])
  const found = onPath()
  if (!worked || found === null) throw new Error(`${wanted}, and apt-get could not install it; ${byHand}`)
  return found
}

function runs([command = '', ...args]: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}
