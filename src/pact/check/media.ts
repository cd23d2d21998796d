import { joinPointer, type MediaType } from '../../document/index.ts'
import { essence, isJson, matchMediaType } from '../../verdict/index.ts'
import type { Content, PactBody } from '../pact.ts'

type Said = { readonly text: string; readonly type: string; readonly at: string }

/** The media types that a request or response names: by its header, and beside its body. */
export function saidTypes({ headers, body, pointer }: Content): readonly Said[] {
  const [header] = headers.filter(([name]) => name.toLowerCase() === 'content-type')
  const said =
    header === undefined
      ? []
      : [{ text: header[1], at: joinPointer(`${pointer}/headers`, header[0]) }]
  if (body.kind === 'content' && body.mediaType !== undefined)
    said.push({ text: body.mediaType, at: `${pointer}/body/contentType` })
  const types = said.map((each) => ({ ...each, type: essence(each.text) }))
  return types.filter(({ type }, index) => types.findIndex((each) => each.type === type) === index)
}

/** The named media types that none of the documented ones covers. */
export function undocumented(content: Content, documented: readonly MediaType[]): readonly Said[] {
  return saidTypes(content).filter(({ type }) => matchMediaType(type, documented) === undefined)
}

/** The documented media types that a body may be meant in; where none is named, those of its kind. */
export function meantMedia(
  content: Content & { readonly body: PactBody & { readonly kind: 'content' } },
  documented: readonly MediaType[],
): readonly MediaType[] {
  const [said] = saidTypes(content)
  if (said === undefined) {
    const type = content.body.json === undefined ? 'text/plain' : 'application/json'
    return documented.filter(
      (media) => matchMediaType(type, [media]) !== undefined || isJson(media.name) === isJson(type),
    )
  }
  const found = matchMediaType(said.type, documented)
  return documented.filter(
    ({ name }) => found !== undefined && essence(name) === essence(found.name),
  )
}

export function namesOf(documented: readonly MediaType[]): string {
  return documented.map(({ name }) => name).join(' or ')
}
