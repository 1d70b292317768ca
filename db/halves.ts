import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What a file is called while it is being written. It bears the number of its process, so that others know a left one. */
export const halfOf = (file: string): string => `${file}.${process.pid}.part`

/** Deletes the halves, files and folders, that killed processes left in a folder, but none that another is writing now. */
export function sweepHalves(folder: string): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const pid = /\.(\d+)\.part(\.clean)?$/.exec(name)?.[1]
    if (pid !== undefined && hasEnded(Number(pid)))
      rmSync(join(folder, name), { force: true, recursive: true })
  }
}

/** Of our own number it is an earlier process's: in a container each has the same. */
function hasEnded(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM'
  }
}
