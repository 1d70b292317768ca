import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { reached } from './points.mjs'

const { FAULT_FOLDER: folder = '', FAULT_PROGRAM: program = '' } = process.env
const { default: SimulatedPuppet } = await import(
  pathToFileURL(join(program, 'dist/adapters/simulator/puppet.js')).href
)

/**
 * WeChat as it is: what it told once it never tells again. (The simulated one alone tells until a message was seen.) It
 * remembers what messages say, as a gateway does, and writes down which it took, as which process, and which it handed over.
 */
export default class ForgetfulPuppet extends SimulatedPuppet {
  get currentUserId() {
    return this.account ?? super.currentUserId
  }

  async meet(happening) {
    if (happening.type !== 'message') {
      if (happening.type === 'login') this.rememberAll(happening.self)
      return super.meet(happening)
    }
    this.emit('heartbeat', { data: happening.type })
    appendFileSync(join(folder, 'said'), `${JSON.stringify(happening)}\n`)
    appendFileSync(join(folder, 'taken'), `${happening.id} ${process.pid}\n`)
    this.hold(happening)
    await this.post('/seen', { ids: [happening.id] })
    reached('WeChat told')
    this.emit('message', { messageId: happening.id })
    appendFileSync(join(folder, 'handed'), `${happening.id}\n`)
    reached('spooled')
  }
  /** Before the login is told of: whoever hears of it asks at once. */
  rememberAll(account) {
    this.account = account
    const said = join(folder, 'said')
    if (!existsSync(said)) return
    for (const line of readFileSync(said, 'utf8').split('\n')) if (line !== '') this.hold(JSON.parse(line))
  }
}
