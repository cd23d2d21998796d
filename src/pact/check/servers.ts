import { type Document, lookUp, type Operation } from '../../document/index.ts'

/**
 * The paths before the paths of an operation, as its servers have them; an operation's own servers
 * go before those of its path, and these before those of the document (OpenAPI 3.1, section 4.8.10).
 */
export function serverPrefixes(document: Document, { pointer }: Operation): readonly RegExp[] {
  const item = pointer.slice(0, pointer.lastIndexOf('/'))
  const own = [pointer, item, ''].map((holder) => document.valueAt(`${holder}/servers`))
  const servers = own.find((each) => Array.isArray(each) && each.length > 0)
  if (!Array.isArray(servers)) return []
  return servers.flatMap((server: unknown) => {
    const url = lookUp(server, ['url'])
    if (typeof url !== 'string') return []
    const path = url.replace(/^[^/]*:\/\/[^/]*/, '').replace(/\/+$/, '')
    return path === '' || path === '.' ? [] : [prefixPattern(path)]
  })
}

/** A server variable may have any value that leaves the path with as many parts. */
function prefixPattern(path: string): RegExp {
  const parts = path.split(/(\{[^{}]*\})/)
  const pattern = parts.map((part) => (part.startsWith('{') ? '[^/]*' : escapePattern(part)))
  return new RegExp(`^${pattern.join('')}(?=/)`)
}

export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
