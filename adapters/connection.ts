/** What Node attaches to a failed connection; the address in its message stays out of logs. */
function causesOf(error: unknown): { code?: unknown; syscall?: unknown }[] {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof AggregateError) return cause.errors.flatMap(causesOf)
  return cause instanceof Error ? [cause as { code?: unknown; syscall?: unknown }] : []
}

/** Why a fetch failed, as a code such as `ECONNREFUSED`, or the error's class; never its words. */
export function reasonOf(error: unknown): string {
  const code = causesOf(error)
    .map((cause) => cause.code)
    .find((code) => typeof code === 'string')
  if (typeof code === 'string') return code
  return error instanceof Error ? error.name : 'unknown'
}

/** Whether the connection failed before a byte of the request could have left: name, connect, or TLS. */
export function beforeSending(error: unknown): boolean {
  const causes = causesOf(error)
  return (
    causes.length > 0 &&
    causes.every(({ code, syscall }) => {
      if (syscall === 'connect' || syscall === 'getaddrinfo') return true
      return (
        typeof code === 'string' &&
        /^(UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)
      )
    })
  )
}
