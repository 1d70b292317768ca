import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FileBoxInterface } from 'file-box'
import type { impls } from 'wechaty-puppet'
import { syncFolder } from './spool.ts'
import { within } from '../within.ts'

/** Larger files are left to the resident to bring another way; WeChat's videos end at 100 MB. */
const MOST_BYTES = 100 * 1_048_576

/**
 * Saves the file of a message under `target`, synced, and gives the name the puppet calls it. The stream is read once,
 * as most puppets allow no more. Throws when the file is empty, too large, or not there within `limit` ms; then nothing
 * is left under `target`.
 */
export async function saveMedia(
  puppet: impls.PuppetInterface,
  messageId: string,
  target: string,
  limit: number,
): Promise<string> {
  // With the number of its process, so that the next one knows it for left (spool.ts).
  const half = `${target}.${process.pid}.part`
  const signal = AbortSignal.timeout(limit)
  try {
    const box = await within(limit, puppet.messageFile(messageId) as Promise<FileBoxInterface>)
    const source = await within(limit, box.toStream())
    let bytes = 0
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length
        if (bytes > MOST_BYTES) done(new Error('the file is too large'))
        else done(null, chunk)
      },
    })
    await pipeline(source, counted, createWriteStream(half, { mode: 0o600 }), { signal })
    if (bytes === 0) throw new Error('the file is empty')
    const handle = await open(half, 'r')
    await handle.sync()
    await handle.close()
    renameSync(half, target)
    syncFolder(path.dirname(target))
    return box.name
  } finally {
    rmSync(half, { force: true })
  }
}
