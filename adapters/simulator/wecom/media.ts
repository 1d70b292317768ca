import { days } from '../../../workflows/ids.ts'
import { ApiError } from './errors.ts'
import { opaque, own } from './state.ts'
import type { Company } from './state.ts'

export interface StoredMedia {
  readonly bytes: Uint8Array
  readonly name: string
  readonly mime: string
}

/** Keeps a file that came by `media/upload` or from a member's phone; returns its media_id, good for 3 days. */
export function keepMedia(company: Company, type: string, file: StoredMedia): string {
  const id = opaque(33)
  company.state.media[id] = { type, name: file.name, mime: file.mime, at: company.clock() }
  company.shelf.put(id, file.bytes)
  return id
}

/** A media_id the API still knows. Throws 40007 when it is none, too old, or of another type. */
export function usableMedia(
  company: Company,
  id: string,
  type: string | null,
): { name: string; mime: string } {
  const entry = own(company.state.media, id)
  if (!entry || entry.at + days(3) <= company.clock() || (type !== null && entry.type !== type))
    throw new ApiError(40007)
  return entry
}

/** What a phone shows: it outlives the media_id. */
export function shownMedia(company: Company, id: string): StoredMedia | null {
  const entry = own(company.state.media, id)
  const bytes = entry ? company.shelf.get(id) : null
  return entry && bytes ? { bytes, name: entry.name, mime: entry.mime } : null
}

/** `media/upload`: checks kind and size as the platform does (platforms.md 3). */
export async function uploadMedia(
  company: Company,
  type: string,
  contentType: string,
  body: Uint8Array,
): Promise<Record<string, unknown>> {
  const limit = limits[type]
  if (!limit) throw new ApiError(40005)
  const file = await readFile(contentType, body)
  if (file.bytes.length <= 5) throw new ApiError(40006)
  if (file.bytes.length > limit.bytes) throw new ApiError(limit.errcode)
  if (limit.kinds && !limit.kinds.some((start) => startsWith(file.bytes, start))) throw new ApiError(40004)
  const media_id = keepMedia(company, type, file)
  company.changed()
  return { errcode: 0, errmsg: 'ok', type, media_id, created_at: String(Math.floor(company.clock() / 1000)) }
}

const megabytes = (n: number): number => n * 1024 * 1024
const jpeg = [0xff, 0xd8, 0xff]
const png = [0x89, 0x50, 0x4e, 0x47]
const amr = [...Buffer.from('#!AMR')]

const limits: Readonly<Record<string, { bytes: number; errcode: number; kinds: number[][] | null }>> = {
  image: { bytes: megabytes(10), errcode: 40009, kinds: [jpeg, png] },
  voice: { bytes: megabytes(2), errcode: 40006, kinds: [amr] },
  video: { bytes: megabytes(10), errcode: 40011, kinds: null },
  file: { bytes: megabytes(20), errcode: 40006, kinds: null },
}

async function readFile(contentType: string, body: Uint8Array): Promise<StoredMedia> {
  let form: FormData
  try {
    form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
  } catch {
    throw new ApiError(44001)
  }
  const part = form.get('media')
  // Without a filename the part is a plain field, and the platform sees no file.
  if (part === null || typeof part === 'string') throw new ApiError(44001)
  const mime = part.type === '' ? 'application/octet-stream' : part.type
  return { bytes: new Uint8Array(await part.arrayBuffer()), name: part.name, mime }
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, n) => bytes[n] === byte)
