import { revealAll, type Secret } from '../target/index.ts'
import type { Disclosure, Response } from './exchange.ts'

/** So many characters of a secret in a row are a part of it, and not chance. */
const shortest = 12
const block = 6

/**
 * Covers runs of characters of the presented secrets that a mask of whole secrets leaves, and records
 * where they stood. What also stands in the shown address of the request is no part of a secret alone.
 */
export function coverParts(
  response: Response,
  secrets: readonly Secret[],
  address: string,
): Response {
  const keys = secrets.flatMap((secret) =>
    keysOf(secret).map((key) => ({ key, name: secret.name })),
  )
  if (keys.length === 0) return response
  const latin = Buffer.from(response.body).toString('latin1')
  const told = response.flaws?.map(({ what }) => what) ?? []
  const whole = [...response.headers.flat(), ...told, latin].join('\n')
  if (keys.every(({ key }) => firstRun(whole, key, address) === undefined)) return response
  const disclosed: Disclosure[] = []
  const cover = (text: string, where: string): string => {
    let covered = text
    for (const { key, name } of keys) {
      for (let run = firstRun(covered, key, address); run !== undefined; ) {
        disclosed.push({ secret: name, where, extent: 'part' })
        covered = covered.replaceAll(run, '***')
        run = firstRun(covered, key, address)
      }
    }
    return covered
  }
  const headers = response.headers.map(([name, value]) => {
    const shown = cover(name, 'name of a header')
    return [shown, cover(value, `header ${shown}`)] as const
  })
  const flaws = response.flaws?.map((flaw) => ({ ...flaw, what: cover(flaw.what, 'flaw') }))
  const covered = cover(latin, 'body')
  if (disclosed.length === 0) return response
  const body = covered === latin ? response.body : Buffer.from(covered, 'latin1')
  return {
    ...response,
    headers,
    body,
    ...(flaws === undefined ? {} : { flaws }),
    disclosed: [...response.disclosed, ...disclosed.filter(({ where }) => where !== 'flaw')],
  }
}

/** The runs of a credential without what its form puts around them: its longest words. */
function keysOf(secret: Secret): readonly string[] {
  return revealAll(secret)
    .flatMap((text) => text.split(/[\s:;,=]+/))
    .filter((word) => word.length > shortest)
}

/** Any run that is long enough holds one whole block of the key, so only those are looked for. */
function firstRun(text: string, key: string, address: string): string | undefined {
  for (let at = 0; at + block <= key.length; at += block) {
    const wanted = key.slice(at, at + block)
    for (let found = text.indexOf(wanted); found !== -1; found = text.indexOf(wanted, found + 1)) {
      let before = 0
      while (before < at && found > before && text[found - before - 1] === key[at - before - 1])
        before += 1
      let after = block
      while (at + after < key.length && text[found + after] === key[at + after]) after += 1
      const run = text.slice(found - before, found + after)
      if (run.length >= shortest && !address.includes(run)) return run
    }
  }
  return undefined
}
