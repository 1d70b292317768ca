/** Real time, for what no clock of ours moves: Redis and its jobs. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Asks until it is so. Rejects after `patience` ms. */
export async function until(so: () => boolean | Promise<boolean>, patience = 10_000): Promise<void> {
  const end = performance.now() + patience
  while (!(await so())) {
    if (performance.now() > end) throw new Error(`not so after ${patience} ms: ${so.toString()}`)
    await sleep(5)
  }
}
