/** Ends the parts, last begun first. One that cannot end keeps none of the others from ending; the first error is thrown then. */
export async function endAll(stops: readonly (() => void | Promise<void>)[]): Promise<void> {
  const errors: unknown[] = []
  for (const end of [...stops].reverse()) {
    try {
      await end()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}
