import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import exif from 'exif-be-gone'
import type { Logger } from 'pino'
import { MediaGone, type Channel } from '../adapters/channel.ts'
import { halfOf, sweepHalves } from '../db/halves.ts'
import type { MediaRow, ServedMedia } from '../db/media.ts'
import type { Store } from '../db/store.ts'
import { days, hours, seconds, type MediaId, type Millis } from '../workflows/ids.ts'
import type { Clock } from './clock.ts'
import type { MediaFile } from './delivery.ts'
import { failureOf } from './failure.ts'
import type { Inbox } from './inbox.ts'
import { isCleanable, kindOf, MAGIC_LENGTH, shownName, typeOf } from './media-type.ts'

// Its types describe an ES module; what is published is the class itself.
const ExifTransformer = exif as unknown as typeof exif.default

const LARGEST = 20 * 1024 * 1024

/** Real milliseconds for one file, headers to last byte: a stream that trickles for ever is cut. */
const DEADLINE: Millis = 60_000

const AT_ONCE = 4
const FIRST_WAIT = seconds(5)
const LONGEST_WAIT = hours(1)

/** What WeCom keeps a file for; after so long nobody has it any more. */
const GIVE_UP = days(3)

export interface MediaParts {
  readonly store: Store
  readonly channels: readonly Channel[]
  readonly clock: Clock
  readonly dataDir: string
  readonly log: Pick<Logger, 'warn'>
  /** Real milliseconds; shorter in tests. */
  readonly deadline?: Millis
}

export interface Media {
  /** There may be something to fetch or erase. */
  readonly wake: () => void
  /** A message that is known already came again with this file: its channel need not keep it where we have it. */
  again(channel: string, name: string): void
  start(inbox: Pick<Inbox, 'write'>): void
  /** What this process, and no other, fetches and erases from now on, too. */
  serve(served: ServedMedia): void
  /** The file as others may see it: without EXIF, under a harmless name. */
  readonly forOthers: (id: MediaId) => MediaFile
  /** The file as it came, for whoever may see everything; null while there is none. */
  readonly original: (
    id: MediaId,
  ) => { readonly path: string; readonly mime: string; readonly name: string } | null
  stop(): Promise<void>
}

/** A file that will not come: too long, or not there any more. */
class Unwanted extends Error {
  override name = 'Unwanted'
}

/**
 * Fetches what people sent, once their words are safe. A file is stored under the hash of its bytes in
 * `DATA_DIR/media`, whatever its name says; images get a second copy without EXIF.
 */
export function createMedia(parts: MediaParts): Media {
  const { store, clock, log } = parts
  const channels = new Map(parts.channels.map((channel) => [channel.name as string, channel]))
  const root = join(parts.dataDir, 'media')
  const working = new Map<MediaId, Promise<void>>()
  const stopping = new AbortController()
  let inbox: Pick<Inbox, 'write'> | null = null
  let cancel: (() => void) | null = null
  let served: ServedMedia = { channels: [], erases: false }

  const pathOf = (sha256: string): string => join(root, sha256.slice(0, 2), sha256)
  const cleanOf = (sha256: string): string => `${pathOf(sha256)}.clean`

  function wake(): void {
    if (inbox === null) return
    const now = clock.now()
    for (const row of store.media.due(now, served)) {
      if (working.size >= AT_ONCE) return
      if (working.has(row.id)) continue
      working.set(row.id, work(row))
    }
    const next = working.size > 0 ? null : store.media.nextDue(served)
    wakeAfter(next === null ? null : Math.max(seconds(1), next - now))
  }

  function wakeAfter(length: Millis | null): void {
    cancel?.()
    cancel = length === null || inbox === null ? null : clock.after(length, wake)
  }

  /** Never rejects. A row whose outcome the database did not take is still due, and not tried again at once. */
  async function work(row: MediaRow): Promise<void> {
    try {
      await (row.state === 'erase' ? erase(row) : fetchRow(row))
      working.delete(row.id)
      wake()
    } catch (error) {
      working.delete(row.id)
      log.warn({ media: row.id, failure: failureOf(error) }, 'what became of a file could not be stored')
      wakeAfter(FIRST_WAIT)
    }
  }

  async function fetchRow(row: MediaRow): Promise<void> {
    const file = await fetchFile(row).catch((error: unknown) => failed(row, error))
    if (file === null || inbox === null) return
    const wanted = await inbox.write(() => store.media.saved(row.id, file))
    if (!wanted) await removeFile(file.sha256, row.id)
    await release(row.channel, row.name)
  }

  /** Only once the database says of every row of this name that it is saved or gone. */
  async function release(channel: string, name: string): Promise<void> {
    if (!store.media.isSettled(channel, name)) return
    try {
      await channels.get(channel)?.release?.(name)
    } catch (error) {
      log.warn({ channel, failure: failureOf(error) }, 'a channel could not let go of a file')
    }
  }

  async function failed(row: MediaRow, error: unknown): Promise<null> {
    const now = clock.now()
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(row.attempts, 20))
    const gone = error instanceof MediaGone || error instanceof Unwanted || now - row.createdAt > GIVE_UP
    log.warn(
      { media: row.id, channel: row.channel, gone, failure: failureOf(error) },
      'a file could not be fetched',
    )
    await inbox?.write(() => {
      if (gone) store.media.gone(row.id)
      else store.media.later(row.id, row.attempts + 1, now + wait)
    })
    await release(row.channel, row.name)
    return null
  }

  async function fetchFile(row: MediaRow): Promise<{ sha256: string; mime: string; size: number }> {
    const channel = channels.get(row.channel)
    if (!channel) throw new Error(`no channel ${row.channel} is connected`)
    const part = halfOf(join(root, 'part', randomUUID()))
    await mkdir(join(root, 'part'), { recursive: true, mode: 0o700 })
    try {
      const { sha256, head, size } = await inTime(parts.deadline ?? DEADLINE, stopping.signal, (signal) =>
        download(channel, row.name, part, signal),
      )
      const mime = typeOf(head)
      await mkdir(join(root, sha256.slice(0, 2)), { recursive: true, mode: 0o700 })
      if (isCleanable(mime)) await withoutExif(part, cleanOf(sha256))
      await rename(part, pathOf(sha256))
      return { sha256, mime, size }
    } finally {
      await rm(part, { force: true })
      await rm(`${part}.clean`, { force: true })
    }
  }

  async function erase(row: MediaRow): Promise<void> {
    if (row.sha256 !== null) await removeFile(row.sha256, row.id)
    await inbox?.write(() => store.media.gone(row.id))
    await release(row.channel, row.name)
  }

  async function removeFile(sha256: string, id: MediaId): Promise<void> {
    if (store.media.usedElsewhere(sha256, id)) return
    await rm(pathOf(sha256), { force: true })
    await rm(cleanOf(sha256), { force: true })
  }

  return {
    wake,
    again: (channel, name) => void release(channel, name),
    start(door) {
      mkdirSync(root, { recursive: true, mode: 0o700 })
      sweepHalves(join(root, 'part'))
      inbox = door
    },
    serve({ channels: more, erases }) {
      served = { channels: [...served.channels, ...more], erases: served.erases || erases }
      wake()
    },
    forOthers(id) {
      const row = store.media.byId(id)
      if (row?.state === 'waiting') return { state: 'waiting' }
      if (row?.state !== 'saved' || row.sha256 === null || row.mime === null) return { state: 'gone' }
      // A photo we cannot clean (HEIC), or whose form we do not know, may say where it was taken: as a file, too.
      const cleaned = isCleanable(row.mime)
      if (!cleaned && (row.kind === 'image' || row.mime.startsWith('image/'))) return { state: 'gone' }
      const path = cleaned ? cleanOf(row.sha256) : pathOf(row.sha256)
      const name = shownName(row.originalName, row.sha256, row.mime)
      return { state: 'saved', body: { type: 'media', kind: kindOf(row.mime), path, mime: row.mime, name } }
    },
    original(id) {
      const row = store.media.byId(id)
      if (row?.state !== 'saved' || row.sha256 === null || row.mime === null) return null
      const name = shownName(row.originalName, row.sha256, row.mime)
      return { path: pathOf(row.sha256), mime: row.mime, name }
    },
    async stop() {
      inbox = null
      stopping.abort(new Error('the program ends'))
      cancel?.()
      await Promise.allSettled(working.values())
    },
  }
}

/** Streams to a file of ours, counting. Throws `Unwanted` past the cap and for nothing at all. */
async function download(
  channel: Channel,
  name: string,
  path: string,
  signal: AbortSignal,
): Promise<{ sha256: string; head: Buffer; size: number }> {
  const { bytes } = await unlessAborted(channel.fetch(name), signal)
  const iterator = bytes[Symbol.asyncIterator]()
  const file = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  let head = Buffer.alloc(0)
  let size = 0
  try {
    for (;;) {
      const next = await unlessAborted<IteratorResult<Uint8Array, unknown>>(iterator.next(), signal)
      if (next.done === true) break
      const { value } = next
      size += value.length
      if (size > LARGEST) throw new Unwanted('the file is larger than 20 MB')
      if (head.length < MAGIC_LENGTH) head = Buffer.concat([head, value.subarray(0, MAGIC_LENGTH)])
      hash.update(value)
      await file.write(value)
    }
    if (size === 0) throw new Error('the file is empty')
    await file.sync()
    return { sha256: hash.digest('hex'), head: head.subarray(0, MAGIC_LENGTH), size }
  } catch (error) {
    // Not waited for: a stream that hangs may hang here, too.
    void Promise.resolve(iterator.return?.()).catch(() => undefined)
    throw error
  } finally {
    await file.close()
  }
}

async function withoutExif(from: string, to: string): Promise<void> {
  const part = `${from}.clean`
  await pipeline(
    createReadStream(from),
    new ExifTransformer(),
    createWriteStream(part, { mode: 0o600, flush: true }),
  )
  if ((await stat(part)).size === 0) throw new Unwanted('nothing is left of the image without EXIF')
  await rename(part, to)
}

async function inTime<T>(
  limit: Millis,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error('the file took too long')), limit)
  try {
    return await work(AbortSignal.any([controller.signal, stopping]))
  } finally {
    clearTimeout(timer)
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    // Heard of in any case: what nobody listens to when it fails ends the process.
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
