import type { Request, Response } from 'express'
import { seconds } from '../../workflows/ids.ts'

/** Bursts of changes within so many milliseconds are told once. */
const pause = 30

/**
 * Server-Sent Events that say only that something changed; the page then asks for what it shows. A browser that was
 * cut off connects again by itself and asks at once, so nothing can be missed.
 */
export function eventStream(closed?: AbortSignal): {
  open: (req: Request, res: Response) => void
  changed: () => void
} {
  const open = new Set<Response>()
  let revision = 0
  let waiting = false

  function tell(): void {
    waiting = false
    revision += 1
    for (const res of open) res.write(`event: change\ndata: ${revision}\n\n`)
  }

  const beat = setInterval(() => {
    for (const res of open) res.write(': still here\n\n')
  }, seconds(15)).unref()

  closed?.addEventListener('abort', () => {
    clearInterval(beat)
    for (const res of open) res.end()
    open.clear()
  })

  return {
    open(req, res) {
      if (closed?.aborted) {
        res.status(503).end()
        return
      }
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
      res.write(`retry: 1000\nevent: change\ndata: ${revision}\n\n`)
      open.add(res)
      req.on('close', () => open.delete(res))
    },
    changed() {
      if (waiting || closed?.aborted) return
      waiting = true
      setTimeout(tell, pause).unref()
    },
  }
}
