import { chromium, type Browser } from 'playwright-core'
import { programOf } from './debian.ts'

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

/** A browser with a profile of its own, thrown away when it closes. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = programOf({
    what: 'the browser test needs Chromium',
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium', 'fonts-noto-cjk'],
  })
  return chromium.launch({ executablePath, args: flags })
}
