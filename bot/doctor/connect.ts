import { connect as tcp } from 'node:net'
import { connect as tls } from 'node:tls'
import { seconds } from '../../workflows/ids.ts'

const LIMIT = seconds(5)

/**
 * Whether something listens there, and for https whether its certificate is good. Sends nothing. Answers null, or why
 * not: a code such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`.
 */
export function connectionTrouble(host: string, port: number, encrypted: boolean): Promise<string | null> {
  return new Promise((resolve) => {
    const bare = host.replace(/^\[|\]$/g, '')
    // A server name is a name: an address in its place is refused by Node.
    const servername = /^[\d.]+$|:/.test(bare) ? {} : { servername: bare }
    const socket = encrypted ? tls({ host: bare, port, ...servername }) : tcp({ host: bare, port })
    const end = (answer: string | null): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(LIMIT, () => end('ETIMEDOUT'))
    socket.once('error', (error: Error) => end('code' in error ? String(error.code) : error.name))
    socket.once(encrypted ? 'secureConnect' : 'connect', () => end(null))
  })
}
