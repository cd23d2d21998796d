import { AssayError } from '../errors.ts'
import { parsePlace, placeOf, showPlace, type Target } from '../target/index.ts'

/**
 * Lets a request to a URL pass when its host is allowed, whichever proxy would carry it there.
 *
 * @throws AssayError TARGET_HOST_FORBIDDEN
 */
export function allow({ name, allowedHosts }: Target, url: string): void {
  const { host, port } = placeOf(url)
  const isAllowed = allowedHosts.map(parsePlace).some((each) => {
    return each.host === host && (each.port === undefined || each.port === port)
  })
  if (isAllowed) return
  const place = showPlace({ host, port })
  throw new AssayError('TARGET_HOST_FORBIDDEN', `target ${name} may not be reached at ${place}`, {
    hint: `allowed are ${allowedHosts.join(', ')}; add it under allowedHosts if that is meant`,
  })
}
