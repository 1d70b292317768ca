/** Why a callback was turned away, and with which HTTP status. Nothing of it was received. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, reason: string) {
    super(reason)
    this.status = status
  }
}
