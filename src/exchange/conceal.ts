import type { Secret } from '../target/index.ts'
import type { Disclosure, Flaw, Response } from './exchange.ts'
import type { Mask } from './mask.ts'
import { coverParts } from './parts.ts'
import type { Received } from './receive.ts'

/** What there is to hide: all known secrets, parts of those that were presented, and where to. */
export type Concealing = {
  readonly mask: Mask
  readonly presented: readonly Secret[]
  /** The address of the request as it is shown; what stands in it is no part of a secret alone. */
  readonly address: string
}

/** Makes a response of what came: free of secrets, with a record of where they stood. */
export function conceal(received: Received, { mask, presented, address }: Concealing): Response {
  return coverParts(masked(received, mask), presented, address)
}

function masked(received: Received, mask: Mask): Response {
  const { headers, body, flaws } = received
  const texts = [...headers.flat(), ...(flaws ?? []).map(({ what }) => what)]
  if (!mask.holds(`${texts.join('\n')}\n${body.toString('latin1')}`))
    return { ...received, disclosed: [] }
  const disclosed: Disclosure[] = []
  return {
    ...received,
    headers: headers.map(([name, value]) => {
      const shown = mask.text(name, 'name of a header', disclosed)
      return [shown, mask.text(value, `header ${shown}`, disclosed)] as const
    }),
    body: mask.bytes(body, 'body', disclosed),
    ...(flaws === undefined ? {} : { flaws: flaws.map((flaw) => hideIn(flaw, mask)) }),
    disclosed,
  }
}

function hideIn(flaw: Flaw, mask: Mask): Flaw {
  return { ...flaw, what: mask.text(flaw.what, 'flaw', []) }
}
