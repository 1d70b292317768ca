/** What a stretch of work took. Times are real. */
export interface Measured {
  readonly turns: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Microseconds of processor time a turn, over all threads of the process, user and system. */
  readonly cpu: number
}

/** Measures `work`, which hands each turn's latency in milliseconds to `took`. */
export async function measured(work: (took: (latency: number) => void) => Promise<void>): Promise<Measured> {
  const latencies: number[] = []
  const cpuBefore = process.cpuUsage()
  const from = performance.now()
  await work((latency) => void latencies.push(latency))
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  latencies.sort((a, b) => a - b)
  const share = (part: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0
  return {
    turns: latencies.length,
    perSecond: latencies.length / seconds,
    p50: share(0.5),
    p95: share(0.95),
    p99: share(0.99),
    cpu: (user + system) / latencies.length,
  }
}

/** Runs `task` for each number below `count`, so many at once, each next one as soon as another is done. */
export async function atOnce(many: number, count: number, task: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let n = next++; n < count; n = next++) await task(n)
  }
  await Promise.all(Array.from({ length: Math.min(many, count) }, worker))
}
