/**
 * Loaded before the program (`node --import`), and before its WeChat process: ends the process with SIGKILL when it
 * reaches a named point for the n-th time. It watches the program from outside, at the doors it uses anyway (SQLite, files,
 * HTTP, its child's reports), so that no line of the program knows of it.
 *
 * FAULT_POINT and FAULT_NTH name the moment, FAULT_FOLDER is where a hit is written down, FAULT_PUPPET the module that
 * plays WeChat in the child.
 */
import childProcess from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Sqlite from 'better-sqlite3'

const { FAULT_POINT: wanted, FAULT_NTH, FAULT_FOLDER: folder = '', FAULT_PUPPET: puppet } = process.env
let left = Number(FAULT_NTH ?? 1)
const { writeFileSync } = fs

/** The n-th time at the point that is wanted is this process's last moment. */
export function reached(point) {
  if (point !== wanted || --left > 0) return
  writeFileSync(join(folder, 'hits'), `${point}\n`, { flag: 'a' })
  process.kill(process.pid, 'SIGKILL')
}

const isChild = process.argv[1]?.endsWith('wechaty/child.js') ?? false
if (isChild) inWechat()
else inProgram()
syncBuiltinESMExports()
if (!isChild) await hurried()

/** Nobody types, and WeChat bans nobody: what takes seconds only for their sake need not be lived through. */
async function hurried() {
  const pace = pathToFileURL(join(process.env.FAULT_PROGRAM ?? '', 'dist/adapters/wechaty/pace.js')).href
  const { HUMAN_PACE } = await import(pace)
  Object.assign(HUMAN_PACE, { sendGap: [0, 20], restart: [50, 1_000] })
}

function inProgram() {
  watchDatabase()
  watchFiles()
  watchCallbacks()
  watchSends()
  watchChild()
}

/** What the running transaction has written so far, by the names of points that follow its commit. */
function watchDatabase() {
  const database = new Sqlite(':memory:')
  const statement = Object.getPrototypeOf(database.prepare('select 1'))
  database.close()
  const { run } = statement
  let follows = new Set()
  statement.run = function (...values) {
    const sql = this.source
    const given = values.flatMap((value) =>
      typeof value === 'object' && value ? Object.values(value) : [value],
    )
    const isNew = /^insert into "?inbox"?\b/i.test(sql)
    if (isNew && given.includes('timer')) reached('timer due')
    const result = run.apply(this, values)
    if (/^begin/i.test(sql)) follows = new Set()
    else if (isNew && given.includes('message')) {
      follows.add('committed')
      reached('row inserted')
    } else if (isNew && given.includes('timer')) follows.add('timer committed')
    else if (/^update "?outbox"?\b/i.test(sql) && given.includes('sent')) follows.add('marked')
    else if (/^commit/i.test(sql)) for (const point of follows) reached(point)
    else if (/^vacuum into/i.test(sql)) reached('copied before a migration')
    else if (/^insert into migrations/i.test(sql)) reached('migration')
    return result
  }
  const { backup } = Sqlite.prototype
  Sqlite.prototype.backup = function (to, options) {
    const progress = (...values) => {
      reached('backup')
      return options.progress(...values)
    }
    return backup.call(this, to, { ...options, progress })
  }
}

function watchFiles() {
  const { openSync, writeSync, rmSync, renameSync } = fs
  fs.renameSync = (from, to) => {
    if (/complaint-line-.*\.part$/.test(String(from))) reached('backup')
    return renameSync(from, to)
  }
  const flights = new Set()
  fs.openSync = (path, ...rest) => {
    const fd = openSync(path, ...rest)
    if (String(path).includes('flights-')) flights.add(fd)
    else flights.delete(fd)
    return fd
  }
  fs.writeSync = (fd, ...rest) => {
    const written = writeSync(fd, ...rest)
    if (flights.has(fd) && /^\d/.test(String(rest[0]))) reached('outbox claimed')
    return written
  }
  fs.rmSync = (path, ...rest) => {
    const spooled = /spool.messages.\d+\.json$/.test(String(path))
    if (spooled) reached('taken from the spool')
    rmSync(path, ...rest)
    if (spooled) reached('taken from the spool')
  }
  const { open } = fs.promises
  fs.promises.open = async (path, ...rest) => {
    const handle = await open(path, ...rest)
    if (/complaint-line-.*\.part\b/.test(String(path))) reached('backup')
    if (!/media.part/.test(String(path))) return handle
    const { write } = handle
    handle.write = async (...values) => {
      const written = await write.apply(handle, values)
      reached('media half-written')
      return written
    }
    return handle
  }
}

function watchCallbacks() {
  const { emit } = http.Server.prototype
  http.Server.prototype.emit = function (event, request, response, ...rest) {
    if (event === 'request' && request.method === 'POST' && request.url.startsWith('/callbacks/')) {
      request.prependOnceListener('end', () => reached('request read'))
      response.once('finish', () => reached('answered'))
    }
    return emit.call(this, event, request, response, ...rest)
  }
}

function watchSends() {
  const { fetch } = globalThis
  globalThis.fetch = async (url, ...rest) => {
    const answer = await fetch(url, ...rest)
    if (/\/message\/(send|update_template_card)/.test(String(url))) reached('platform accepted')
    return answer
  }
}

function watchChild() {
  const { emit } = childProcess.ChildProcess.prototype
  childProcess.ChildProcess.prototype.emit = function (event, report, ...rest) {
    if (event === 'message' && report?.outcome?.type === 'accepted') reached('WeChat accepted')
    return emit.call(this, event, report, ...rest)
  }
  const { fork } = childProcess
  childProcess.fork = (path, args, options) =>
    fork(path, args, {
      ...options,
      execArgv: ['--import', import.meta.url],
      env: { ...options.env, ...faultVariables() },
    })
}

const faultVariables = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(FAULT|SIMULATOR)_/.test(name)))

function inWechat() {
  // The account's puppet is named by an npm package; here it is the one that plays WeChat. (A listener of ours would take
  // the first order before the program's own listens.)
  const { emit } = process
  process.emit = function (event, order, ...rest) {
    if (event === 'message' && order?.order === 'begin') order.puppet = puppet
    return emit.call(this, event, order, ...rest)
  }
  const { createWriteStream } = fs
  fs.createWriteStream = (path, ...rest) => {
    const stream = createWriteStream(path, ...rest)
    if (String(path).endsWith('.part'))
      stream.prependOnceListener('finish', () => reached('WeChat file half-written'))
    return stream
  }
}
