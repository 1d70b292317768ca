import type { Millis } from '../workflows/ids.ts'

/** Signals that end a call, body included, after its time or when the program stops. */
export interface Deadlines {
  within(limit: Millis): AbortSignal
  /** Ends every call under way, and every later one at once. */
  stop(): void
}

/**
 * Real time, whatever our clock says. Not `AbortSignal.any` over `AbortSignal.timeout`: on Node 20 a garbage collection
 * while fetch waits takes that pair away, and the call then waits for ever. A timer keeps its controller alive.
 */
export function createDeadlines(): Deadlines {
  const running = new Set<AbortController>()
  let stopped = false
  const end = (controller: AbortController, why: 'TimeoutError' | 'AbortError'): void => {
    running.delete(controller)
    controller.abort(new DOMException('the call was ended', why))
  }
  return {
    within(limit) {
      const controller = new AbortController()
      if (stopped) {
        end(controller, 'AbortError')
        return controller.signal
      }
      running.add(controller)
      // Fires also after a call that is over, which then does nothing.
      setTimeout(() => end(controller, 'TimeoutError'), limit).unref()
      return controller.signal
    },
    stop() {
      stopped = true
      for (const controller of running) end(controller, 'AbortError')
    },
  }
}
