import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { AssayError } from '../errors.ts'
import { fetchBytes, showUrl } from './fetch-bytes.ts'
import { loadSource } from './load-source.ts'

let server: Server | undefined

const serve = async (answer: RequestListener): Promise<string> => {
  const started = createServer(answer)
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(started.address() as AddressInfo).port}`
}

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

const told = (reading: Promise<unknown>): Promise<unknown> =>
  reading.then(
    () => 'no error',
    (error: AssayError) => [error.code, error.message, error.hint],
  )

describe('a URL', () => {
  it('is read under its own name', async () => {
    const host = await serve((_request, response) => response.end('{"a": 1}'))
    const source = await loadSource(`http://${host}/openapi.json?v=1`)
    expect(source).toMatchObject({ name: `http://${host}/openapi.json?v=1`, value: { a: 1 } })
  })

  it('is followed where it redirects', async () => {
    const host = await serve((request, response) => {
      if (request.url === '/new') response.end('a: 1')
      else response.writeHead(302, { location: '/new' }).end()
    })
    expect(await loadSource(`HTTP://${host}/old`)).toMatchObject({ value: { a: 1 } })
  })

  it('sends its credentials as Basic, and shows them nowhere', async () => {
    const host = await serve(({ headers }, response) => {
      if (headers.authorization === `Basic ${btoa('user:p@ss')}`) response.end('{"a": 1]')
      else response.writeHead(401).end()
    })
    const source = loadSource(`http://user:p%40ss@${host}/a.json?api_key=k1&v=2`)
    const error = (await source.catch((reason: unknown) => reason)) as AssayError
    expect(error.at?.file).toBe(`http://***@${host}/a.json?api_key=***&v=2`)
    expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(/p@ss|p%40ss|k1/)
    const denied = loadSource(`http://user:wrong@${host}/`)
    expect(await told(denied)).toEqual([
      'SOURCE_UNREADABLE',
      `"http://***@${host}/" could not be read: the answer was 401 Unauthorized`,
      undefined,
    ])
  })

  it('may hold a user without a password, or the other way round', async () => {
    const host = await serve(({ headers }, response) => {
      const [, pair = ''] = headers.authorization?.split(' ') ?? []
      response.end(JSON.stringify({ pair: atob(pair) }))
    })
    expect(await loadSource(`http://key@${host}/`)).toMatchObject({ value: { pair: 'key:' } })
    expect(await loadSource(`http://:key@${host}/`)).toMatchObject({ value: { pair: ':key' } })
  })

  it('that answers 404 or 410 does not exist', async () => {
    const host = await serve(({ url }, response) => response.writeHead(Number(url?.slice(1))).end())
    expect(await told(fetchBytes(`http://${host}/404`))).toEqual([
      'SOURCE_NOT_FOUND',
      `"http://${host}/404" does not exist: the answer was 404 Not Found`,
      undefined,
    ])
    expect(await told(fetchBytes(`http://${host}/410`))).toContain('SOURCE_NOT_FOUND')
    expect(await told(fetchBytes(`http://${host}/500`))).toContain('SOURCE_UNREADABLE')
  })

  it('above 64 MB is refused, announced or not', async () => {
    const host = await serve(({ url }, response) => {
      if (url === '/announced') {
        response.writeHead(200, { 'content-length': 2 ** 40 }).flushHeaders()
        return
      }
      const chunk = Buffer.alloc(1024 * 1024, 0x20)
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) {}
      }
      response.on('drain', more)
      more()
    })
    for (const path of ['/announced', '/streamed']) {
      const message = `"http://${host}${path}" is larger than 64 MB`
      const error = await told(fetchBytes(`http://${host}${path}`, { withinMs: 10_000 }))
      expect(error).toEqual(['SOURCE_TOO_LARGE', message, undefined])
    }
  })

  it('that does not answer completely in time is told so', async () => {
    const host = await serve((_request, response) => {
      response.write('{')
    })
    expect(await told(fetchBytes(`http://${host}/`, { withinMs: 100 }))).toEqual([
      'SOURCE_UNREADABLE',
      `"http://${host}/" could not be read: no complete answer came within 0.1 s`,
      undefined,
    ])
  })

  it('that cannot be reached is told with the cause', async () => {
    const host = await serve(() => {})
    await new Promise((resolve) => server?.close(resolve))
    expect(await told(fetchBytes(`http://u:p@${host}/`))).toEqual([
      'SOURCE_UNREADABLE',
      `"http://***@${host}/" could not be read: the request failed with ECONNREFUSED`,
      undefined,
    ])
  })

  it('that is none is told so, without its credentials', async () => {
    expect(await told(loadSource('http://u:p@a b/'))).toEqual([
      'SOURCE_UNREADABLE',
      '"http://***@a b/" could not be read: it is no valid URL',
      undefined,
    ])
  })
})

describe('a shown URL', () => {
  it('hides user, password and whatever the query calls a credential', () => {
    expect(showUrl('https://a@b:c@h.io/p@q?X-Amz-Signature=1&page=2&access_token=3#k')).toBe(
      'https://***@h.io/p@q?X-Amz-Signature=***&page=2&access_token=***#k',
    )
    expect(showUrl('https://h.io/a?v=1')).toBe('https://h.io/a?v=1')
  })
})
