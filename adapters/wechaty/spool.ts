import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const contentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('media'),
    kind: z.enum(['image', 'voice', 'video', 'file']),
    media: z.string(),
    name: z.string().nullable(),
  }),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    label: z.string().nullable(),
  }),
  z.object({
    type: z.literal('link'),
    title: z.string(),
    url: z.string(),
    description: z.string().nullable(),
  }),
  z.object({ type: z.literal('sticker') }),
  z.object({ type: z.literal('recall'), message: z.string() }),
  z.object({ type: z.literal('entered') }),
  z.object({ type: z.literal('unknown'), name: z.string() }),
])

const spokenSchema = z.object({
  sender: z.string(),
  senderName: z.string().nullable(),
  id: z.string(),
  /** Null where the platform names no time: then the moment the program reads it counts. */
  at: z.number().nullable(),
  group: z.object({ id: z.string(), mentioned: z.boolean() }).nullable(),
  content: contentSchema,
})
/** A message in our words, as far as the child knows it. */
export type Spoken = z.infer<typeof spokenSchema>

const entrySchema = z.discriminatedUnion('stage', [
  /** Announced by the puppet; what it says has not been asked for yet. */
  z.object({ stage: z.literal('heard'), message: z.string() }),
  /** Known but for its file. `tries` counts starts, so that a file that kills the process is not tried for ever. */
  z.object({ stage: z.literal('media'), message: z.string(), tries: z.number(), spoken: spokenSchema }),
  z.object({ stage: z.literal('ready'), spoken: spokenSchema }),
])
export type Entry = z.infer<typeof entrySchema>

/** Nothing is half written for so long (ms), but what its writer left for good. */
const HALF_LIFE = 60_000

/** A file of the spool that cannot be understood. */
export class DamagedEntry extends Error {}

export interface Spool {
  /** Deletes halves a killed child left, but none of a child that is just ending. */
  clean(): void
  /** On disk for good when it returns. Gives the entry's name; names sort by arrival. */
  add(entry: Entry): string
  /** Puts a fuller entry in the place of an earlier one, which keeps its rank. */
  replace(name: string, entry: Entry): void
  /** Null when it is gone. Throws `DamagedEntry`. */
  read(name: string): Entry | null
  remove(name: string): void
  /** Moves an entry nobody can read out of the way, for a person to look at. */
  setAside(name: string): void
  names(): readonly string[]
  setAsideCount(): number
  mediaPath(name: string): string
  /** Deletes files nobody released for so long (ms), but for those of messages that still wait here. */
  sweepMedia(olderThan: number): void
}

/**
 * The place on disk between wechaty, which never redelivers, and the inbox: one file a message. A message counts from
 * the moment `add` returned, whatever is killed afterwards.
 */
export function openSpool(dir: string): Spool {
  const entries = path.join(dir, 'messages')
  const media = path.join(dir, 'media')
  const aside = path.join(dir, 'damaged')
  for (const folder of [entries, media, aside]) mkdirSync(folder, { recursive: true, mode: 0o700 })

  const names = (): string[] =>
    readdirSync(entries)
      .filter((file) => file.endsWith('.json'))
      .sort()
  let last = Number.parseInt(names().at(-1) ?? '0', 10)

  const file = (name: string): string => path.join(entries, name)

  /** Written and synced, but not yet an entry; under a name of this process's own. */
  function write(name: string, entry: Entry): string {
    const half = `${file(name)}.${process.pid}.tmp`
    const handle = openSync(half, 'w', 0o600)
    try {
      writeSync(handle, JSON.stringify(entry))
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    return half
  }

  function replace(name: string, entry: Entry): void {
    renameSync(write(name, entry), file(name))
    syncFolder(entries)
  }

  /** false: the child of a program that was just killed, and has not ended yet itself, has taken the name. */
  function create(name: string, entry: Entry): boolean {
    const half = write(name, entry)
    try {
      linkSync(half, file(name))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
      throw error
    } finally {
      rmSync(half, { force: true })
    }
    syncFolder(entries)
    return true
  }

  function read(name: string): Entry | null {
    const text = readIfThere(file(name))
    if (text === null) return null
    try {
      return entrySchema.parse(JSON.parse(text))
    } catch {
      throw new DamagedEntry(`spool entry ${name} is damaged`)
    }
  }

  function fileOf(name: string): string | null {
    try {
      const entry = read(name)
      const content = entry === null || entry.stage === 'heard' ? null : entry.spoken.content
      return content?.type === 'media' ? content.media : null
    } catch (error) {
      if (error instanceof DamagedEntry) return null
      throw error
    }
  }

  return {
    clean() {
      for (const folder of [entries, media]) {
        for (const name of readdirSync(folder)) {
          const half = /\.(?:(\d+)\.)?(?:tmp|part)$/.exec(name)
          if (half !== null && (half[1] ? hasEnded(Number(half[1])) : isOld(path.join(folder, name))))
            rmSync(path.join(folder, name), { force: true })
        }
      }
    },
    replace,
    read,
    add(entry) {
      // Microseconds of this machine's clock, never below an earlier name: arrival order even when the clock steps back.
      for (;;) {
        last = Math.max(last + 1, Date.now() * 1_000)
        const name = `${String(last).padStart(17, '0')}.json`
        if (create(name, entry)) return name
      }
    },
    remove: (name) => rmSync(file(name), { force: true }),
    setAside(name) {
      renameSync(file(name), path.join(aside, name))
      syncFolder(aside)
    },
    names,
    setAsideCount: () => readdirSync(aside).length,
    mediaPath: (name) => path.join(media, name),
    sweepMedia(olderThan) {
      const waiting = new Set(names().map(fileOf))
      for (const file of readdirSync(media)) {
        if (waiting.has(file)) continue
        const { mtimeMs } = statSync(path.join(media, file))
        if (Date.now() - mtimeMs > olderThan) rmSync(path.join(media, file), { force: true })
      }
    },
  }
}

/** Whether no other process has that number now. */
function hasEnded(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM')
  }
}

function isOld(file: string): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > HALF_LIFE
  } catch {
    // Its child has just finished it.
    return false
  }
}

/** A rename is durable only once its folder is synced (fsync(2)). */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
