import { joinPointer, type MediaType } from '../../document/index.ts'
import { essence, isJson, matchMediaType } from '../../verdict/index.ts'
import type { Content, PactBody } from '../pact.ts'

type Said = { readonly text: string; readonly type: string; readonly at: string }

/** The media type that a request or response names: by its header, else beside its body. */
export function saidType({ headers, body, pointer }: Content): Said | undefined {
  const header = headers.find(([name]) => name.toLowerCase() === 'content-type')
  if (header !== undefined) return said(header[1], joinPointer(`${pointer}/headers`, header[0]))
  if (body.kind !== 'content' || body.mediaType === undefined) return undefined
  return said(body.mediaType, `${pointer}/body/contentType`)
}

function said(text: string, at: string): Said {
  return { text, type: essence(text), at }
}

/** The media type that is named, where none of the documented ones covers it. */
export function undocumented(content: Content, documented: readonly MediaType[]): Said | undefined {
  const named = saidType(content)
  return named === undefined || matchMediaType(named.type, documented) ? undefined : named
}

/** The documented media types that a body may be meant in; where none is named, those of its kind. */
export function meantMedia(
  content: Content & { readonly body: PactBody & { readonly kind: 'content' } },
  documented: readonly MediaType[],
): readonly MediaType[] {
  const named = saidType(content)
  if (named === undefined) {
    const type = content.body.json === undefined ? 'text/plain' : 'application/json'
    return documented.filter(
      (media) => matchMediaType(type, [media]) !== undefined || isJson(media.name) === isJson(type),
    )
  }
  const found = matchMediaType(named.type, documented)
  return documented.filter(
    ({ name }) => found !== undefined && essence(name) === essence(found.name),
  )
}

export function namesOf(documented: readonly MediaType[]): string {
  return documented.map(({ name }) => name).join(' or ')
}
