import { AssayError } from '../errors.ts'
import { joinPointer, type Pointer } from './pointer.ts'
import type { Source } from './source.ts'

/** What an object's `$ref` says, and where it leads. */
export type Link = { readonly ref: string; readonly target: Pointer }

/**
 * Throws DOCUMENT_REF_CIRCULAR where an object's `$ref` leads, by way of nothing but other `$ref`s,
 * back to the object.
 *
 * An object holds one `$ref` at most, so each is followed once.
 */
export function checkCircles(source: Source, links: ReadonlyMap<Pointer, Link>): void {
  const done = new Set<Pointer>()
  for (const start of links.keys()) {
    const chain = new Set<Pointer>()
    let here: Pointer | undefined = start
    while (here !== undefined && !done.has(here)) {
      if (chain.has(here)) throw circular(source, links, here)
      chain.add(here)
      here = links.get(here)?.target
    }
    for (const pointer of chain) done.add(pointer)
  }
}

function circular(source: Source, links: ReadonlyMap<Pointer, Link>, start: Pointer): AssayError {
  const refs: string[] = []
  let here = start
  for (let link = links.get(here); link !== undefined; link = links.get(here)) {
    refs.push(`"${link.ref}"`)
    here = link.target
    if (here === start) break
  }
  return new AssayError('DOCUMENT_REF_CIRCULAR', `${refs[0]} leads back to itself`, {
    at: source.positionOf(joinPointer(start, '$ref')),
    hint: `the chain is ${[...refs, refs[0]].join(', ')}`,
  })
}
