import { basename } from 'node:path'
import type { MediaKind } from '../workflows/message.ts'

/** The first bytes that are needed to tell. */
export const MAGIC_LENGTH = 16

/**
 * What a file is by its first bytes, whatever anybody claims. Everything that is not listed is a lump of bytes: above
 * all SVG and HTML, which could run in somebody's browser.
 */
export function typeOf(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1')
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'image/gif'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp'
  if (
    text.slice(4, 8) === 'ftyp' &&
    /^(hei[a-z]|hev[a-z]|mi[afh]|mif\d|MiH|msf\d|avi[fos]|jp[exg])/.test(text.slice(8))
  )
    return 'image/heic'
  if (text.startsWith('II*\0') || text.startsWith('MM\0*') || text.startsWith('II+\0')) return 'image/tiff'
  if (text.startsWith('\xff\x0a') || text.startsWith('\0\0\0\x0cJXL ')) return 'image/jxl'
  if (text.startsWith('\0\0\0\x0cjP  ')) return 'image/jp2'
  if (/^....ftypcrx |^FUJIFILMCCD-RAW|^IIRO|^IIU\0/s.test(text)) return 'image/x-raw'
  if (text.startsWith('#!AMR')) return 'audio/amr'
  if (text.startsWith('#!SILK') || text.startsWith('\x02#!SILK')) return 'audio/silk'
  if (text.startsWith('ID3') || /^\xff[\xe2\xe3\xf2\xf3\xfa\xfb]/.test(text)) return 'audio/mpeg'
  if (text.slice(4, 8) === 'ftyp' && /^(isom|iso[2-6]|mp4[12]|avc1|M4V |qt {2}|3gp)/.test(text.slice(8)))
    return 'video/mp4'
  if (text.startsWith('%PDF-')) return 'application/pdf'
  return UNKNOWN_TYPE
}

/** Images from which EXIF, XMP and text can be taken (exif-be-gone). All others are shown to nobody but whoever may see all. */
export const isCleanable = (mime: string): boolean =>
  ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].includes(mime)

export const UNKNOWN_TYPE = 'application/octet-stream'

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'image/tiff': 'tiff',
  'image/jxl': 'jxl',
  'image/jp2': 'jp2',
  'audio/amr': 'amr',
  'audio/silk': 'silk',
  'audio/mpeg': 'mp3',
  'video/mp4': 'mp4',
  'application/pdf': 'pdf',
}

/** As what a file may be sent on: the kind a platform knows for its real type. */
export function kindOf(mime: string): MediaKind {
  if (mime.startsWith('image/')) return 'image'
  if (mime === 'audio/amr') return 'voice'
  return mime === 'video/mp4' ? 'video' : 'file'
}

/** A name to show, never to open: no folders, no control or direction characters, and the extension of its real type. */
export function shownName(original: string | null, sha256: string, mime: string): string {
  const bare = basename((original ?? '').replaceAll('\\', '/'))
    .replace(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:"/|?*]/g, '')
    .replace(/^\.+/, '')
    .slice(0, 80)
  const extension = extensions[mime] ?? 'bin'
  if (bare === '') return `${sha256.slice(0, 8)}.${extension}`
  return bare.toLowerCase().endsWith(`.${extension}`) ? bare : `${bare}.${extension}`
}
