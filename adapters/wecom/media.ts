import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { hours } from '../../workflows/ids.ts'
import type { Instant } from '../../workflows/ids.ts'
import type { MediaKind } from '../../workflows/message.ts'
import { MediaGone } from '../channel.ts'
import type { FetchedMedia } from '../channel.ts'
import { unlessLost } from './api.ts'
import type { Api } from './api.ts'
import { CallFailed } from './errors.ts'

/** A file on this machine that is to be sent. */
export interface SendableFile {
  readonly kind: MediaKind
  readonly path: string
  readonly mime: string
  readonly name: string
}

/** How a file is sent: as what it is, or as a plain file where the platform takes it no other way. */
export interface Uploaded {
  readonly type: MediaKind
  readonly id: string
}

export interface Media {
  /** The platform's id for a file, uploaded now or less than three days ago. @throws CallFailed */
  upload(file: SendableFile): Promise<Uploaded>
  /** The platform says that the id of this file is gone: upload afresh next time. */
  forget(file: SendableFile): void
  /** @throws MediaGone when there will never be any bytes, other errors when trying again may help. */
  download(id: string): Promise<FetchedMedia>
}

const MB = 1024 * 1024
/** platforms.md 3. */
const LARGEST: Record<MediaKind, number> = { image: 10 * MB, voice: 2 * MB, video: 10 * MB, file: 20 * MB }
const TAKEN: Record<MediaKind, RegExp> = {
  image: /^image\/(jpeg|png)$/,
  voice: /^audio\/amr$/,
  video: /^video\/mp4$/,
  file: /^/,
}

/** Ids live three days; one that is about to end would end on its way. */
const LIFETIME = hours(70)

export function createMedia(api: Api, clock: () => Instant): Media {
  const known = new Map<string, { at: Instant; uploaded: Promise<Uploaded> }>()

  async function put(file: SendableFile): Promise<Uploaded> {
    const types = await typesFor(file)
    for (const [index, type] of types.entries()) {
      try {
        return await putAs(type, file)
      } catch (error) {
        // What the platform will not take as a picture or a voice may still go as a file.
        const refused = error instanceof CallFailed && error.reaction === 'content'
        if (!refused || index === types.length - 1) throw error
      }
    }
    throw new CallFailed('content', 'media/upload: the file is too small or too large for any kind')
  }

  async function putAs(type: MediaKind, file: SendableFile): Promise<Uploaded> {
    const bytes = await contentOf(file)
    const form = (): FormData => {
      const made = new FormData()
      made.set('media', new Blob([bytes], { type: file.mime }), plainName(file.name))
      return made
    }
    const answer = await unlessLost(() => api.upload('media/upload', { type }, form))
    const { media_id: id } = answer
    if (typeof id !== 'string' || id === '')
      throw new CallFailed('retry', 'media/upload: no media_id in the answer')
    return { type, id }
  }

  return {
    upload(file) {
      const now = clock()
      for (const [path, { at }] of known) if (now - at >= LIFETIME) known.delete(path)
      const key = keyOf(file)
      const earlier = known.get(key)
      if (earlier) return earlier.uploaded
      const entry = { at: now, uploaded: put(file) }
      known.set(key, entry)
      entry.uploaded.catch(() => {
        if (known.get(key) === entry) known.delete(key)
      })
      return entry.uploaded
    },

    forget(file) {
      known.delete(keyOf(file))
    },

    async download(id) {
      try {
        const response = await api.download('media/get', { media_id: id })
        if (Number(response.headers.get('content-length') ?? 0) > LARGEST.file) {
          await response.body?.cancel()
          throw new MediaGone('the file is larger than 20 MB')
        }
        return { bytes: capped(response), mime: response.headers.get('content-type') }
      } catch (error) {
        // 40007: expired or never ours. 830002: so large that it comes only in ranges, above what is taken.
        const never = error instanceof CallFailed && (error.code === 40007 || error.code === 830002)
        throw never ? new MediaGone(error.message, { cause: error }) : error
      }
    },
  }
}

const keyOf = (file: SendableFile): string => `${file.kind} ${file.path}`

async function typesFor(file: SendableFile): Promise<readonly MediaKind[]> {
  const { size } = await stat(file.path).catch(() => missing())
  const types: readonly MediaKind[] = file.kind === 'file' ? ['file'] : [file.kind, 'file']
  // The platform refuses files of 5 bytes and less.
  return types.filter((type) => size > 5 && size <= LARGEST[type] && TAKEN[type].test(file.mime))
}

async function contentOf(file: SendableFile): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(file.path).catch(() => missing()))
}

function missing(): never {
  throw new CallFailed('content', 'media/upload: the file is not on this machine')
}

/** A file name is shown to people and stands in a header: no folders, quotes or control characters. */
function plainName(name: string): string {
  return basename(name.replaceAll('\\', '/')).replace(/[":*?<>|\p{C}]/gu, '_') || 'file'
}

/** The bytes as they come, never more than the platform's own largest file, whatever the header promised. */
async function* capped(response: Response): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array
    size += bytes.length
    if (size > LARGEST.file) throw new MediaGone('the file is larger than 20 MB')
    yield bytes
  }
  if (size === 0) throw new Error('media/get: an empty file')
}
