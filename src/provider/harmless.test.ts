import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { listen } from './fixtures/listen.ts'
import { harmlessIds } from './harmless-ids.ts'
import { harmless } from './index.ts'

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}
const sound = await listen()
const soundOddly = await listen(undefined, true)
const odd: ReadonlySet<unknown> = new Set(harmlessIds)

it.each(harmlessIds)('$name: $statement, and only that', async ({ name }) => {
  const heard = await listen(name, true)
  const statuses = heard.slice(0, sound.length).map(({ status }) => status)
  expect(heard.map(({ trace }) => trace)).not.toEqual(soundOddly.map(({ trace }) => trace))
  expect(statuses).toEqual(sound.map(({ status }) => status))
})

it.each(harmless.filter((each) => !odd.has(each)))(
  '$name: $statement, and every promise is kept',
  async ({ name, caughtBy }) => {
    const heard = await listen(name)
    if (name === 'slow') expect(Math.min(...heard.map(({ ms }) => ms))).toBeGreaterThan(19)
    else expect(heard.map(({ trace }) => trace)).not.toEqual(sound.map(({ trace }) => trace))
    expect(heard.map(({ status }) => status)).toEqual(sound.map(({ status }) => status))
    for (const { status, headers, body } of heard) {
      expect(headers['content-type']).toMatch(/^application\/json(;|$)/i)
      const plain = decoders[String(headers['content-encoding'])]?.(body) ?? body
      const { success, data, error } = JSON.parse(
        new TextDecoder('utf-8', { fatal: true }).decode(plain),
      )
      expect(success).toBe(status === 200)
      expect(data ?? undefined).toEqual(success ? expect.any(Object) : undefined)
      expect(error ?? undefined).toEqual(success ? undefined : expect.stringMatching(/\S/))
    }
    expect(caughtBy).toEqual([])
  },
)
