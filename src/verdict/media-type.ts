import type { MediaType } from '../document/index.ts'

/** A media type without its parameters, which compare as no part of it (RFC 9110, section 8.3.1). */
export function essence(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

/** The documented media type that covers one that came; the most specific wins (OpenAPI 3.1, section 4.8.17). */
export function matchMediaType(
  mediaType: string,
  documented: readonly MediaType[],
): MediaType | undefined {
  const [type] = mediaType.split('/')
  for (const wanted of [mediaType, `${type}/*`, '*/*']) {
    const found = documented.find(({ name }) => essence(name) === wanted)
    if (found !== undefined) return found
  }
  return undefined
}

/** JSON, or a type built on it (RFC 6839, section 3.1), parameters aside. */
export function isJsonName(mediaType: string): boolean {
  return /^[^/]+\/(?:.+\+)?json$/.test(essence(mediaType))
}
