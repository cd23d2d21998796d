import { createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readProxies, Secret } from '../target/index.ts'
import { answered, askBoth, whyNot } from './fixtures/ask-both.ts'
import { certify, serveTls } from './fixtures/certificates.ts'
import { type ProxyOptions, type RecordingProxy, serveProxy } from './fixtures/proxy.ts'
import { type Changes, serve, targetAt } from './fixtures/serve.ts'
import { openClient } from './index.ts'

/** The changes to a target whose environment names this proxy for everything. */
function by({ url }: { readonly url: string }, more: Changes = {}): Changes {
  return { proxies: readProxies({ ALL_PROXY: url }), ...more }
}

const unverified: Changes = { trust: { unverified: 'insecure', flaw: undefined } }

async function plain() {
  const server = await serve((response) => void response.end('{}'))
  onTestFinished(() => server.close())
  return server
}

describe('a proxy', () => {
  test('is asked for a tunnel to the target, for http and https, by the pool and byte by byte', async () => {
    const proxy = await serveProxy()
    const [http, https] = [await plain(), await serveTls(certify())]
    expect(await answered(http.url, by(proxy))).toEqual(['answered', 'answered'])
    expect(await answered(https.url, by(proxy, unverified))).toEqual(['answered', 'answered'])
    const places = [http.url, https.url].map((url) => `CONNECT ${new URL(url).host}`)
    expect(proxy.asked).toEqual(places.flatMap((place) => [place, place]))
    expect([http.heard.length, https.heard.length]).toEqual([2, 2])
  })

  test('may be spoken to over TLS itself, and its certificate counts', async () => {
    const proxy = await serveProxy({ certified: certify() })
    const { url } = await plain()
    expect(await whyNot(url, by(proxy))).toMatchObject({
      cause: 'proxy',
      reason: expect.stringMatching(
        `^the proxy ${proxy.name} cannot be reached: its certificate is self-signed`,
      ),
    })
  })

  test('that speaks no TLS though its address says so is told', async () => {
    const proxy = await serveProxy()
    const { url } = await plain()
    const reason = (await whyNot(url, by({ url: proxy.url.replace('http:', 'https:') })))?.reason
    expect(reason).toMatch(
      `the proxy ${proxy.name} cannot be reached: no TLS is spoken there; is it an http address?`,
    )
  })

  test('resolves the name of the target itself, which is the one that is verified', async () => {
    const secure = await serveTls(certify({ names: ['api.elsewhere.test'] }))
    const proxy = await serveProxy({ leadsTo: secure.port })
    expect(await answered('https://api.elsewhere.test', by(proxy, unverified))).toEqual([
      'answered',
      'answered',
    ])
    expect(proxy.asked).toEqual(Array(2).fill('CONNECT api.elsewhere.test:443'))
    expect((await whyNot('https://api.other.test', by(proxy)))?.reason).toMatch(
      `https://api.other.test cannot be reached, through the proxy ${proxy.name}: its certificate`,
    )
  })

  test('does not help against a certificate for another host', async () => {
    const authority = certify({ called: 'Corp Root' })
    const names = ['api.test', '*.api.test', 'a.test', 'b.test']
    const secure = await serveTls(certify({ names, issuer: authority }))
    const proxy = await serveProxy({ leadsTo: secure.port })
    expect((await whyNot('https://api.test', by(proxy)))?.reason).toContain(
      'issued by "Corp Root", which is not trusted here',
    )
  })

  test('may lead to an IPv6 address', async () => {
    const proxy = await serveProxy()
    const secure = await serveTls(certify({ names: ['::1'] }), '::1')
    expect(await answered(secure.url, by(proxy, unverified))).toEqual(['answered', 'answered'])
    expect(proxy.asked).toEqual(Array(2).fill(`CONNECT [::1]:${secure.port}`))
  })

  test('sees its credential, which nobody else does, in no text', async () => {
    const word = 'p@ss-w0rd-of-the-proxy'
    const proxy = await serveProxy()
    const server = await serve((response, { headers }) => void response.end(`${headers} ${word}`))
    onTestFinished(() => server.close())
    const url = proxy.url.replace('//', `//me:${encodeURIComponent(word)}@`)
    const exchanges = await askBoth(server.url, by({ url }))
    const authorization = `Basic ${btoa(`me:${word}`)}`
    expect(proxy.credentials).toEqual([authorization, authorization])
    const shown = JSON.stringify(server.heard) + proxy.carried() + JSON.stringify(exchanges)
    expect(shown).not.toMatch(/proxy-authorization|p@ss|p%40ss|bWU6/i)
    expect(exchanges).toMatchObject(
      Array(2).fill({ response: { disclosed: [{ secret: '$ALL_PROXY', where: 'body' }] } }),
    )
    const refusing = await serveProxy({ instead: say(`407 ${word}`) })
    const other = refusing.url.replace('//', `//me:${encodeURIComponent(word)}@`)
    const reason = (await whyNot(server.url, by({ url: other })))?.reason
    expect(reason).toBe(
      `the proxy ${refusing.name} refused the tunnel to ${new URL(server.url).host}: 407 Proxy Authentication Required; it does not accept its user and password, which stand in its address`,
    )
  })

  test('is remarked on', async () => {
    const proxy = await serveProxy()
    const { url } = await plain()
    const client = openClient(targetAt(url, by(proxy)), { userAgent: 'assay' })
    onTestFinished(() => client.close())
    await client.send({ method: 'GET', baseUrl: url, path: '/', headers: [] })
    expect(client.remarks()).toEqual([`it is reached through the proxy ${proxy.name}`])
  })
})

const say = (line: string) => (socket: Socket) => {
  socket.end(`HTTP/1.1 ${line}\r\nContent-Length: 0\r\n\r\n`)
  return 'done' as const
}

describe('the failure of a proxy is its own', () => {
  test.each<[string, ProxyOptions['instead'], string]>([
    [
      'a user and password are wanted',
      say('407 x'),
      'refused the tunnel to PLACE: 407 Proxy Authentication Required; it wants user and password, which stand in its address',
    ],
    ['it forbids the host', say('403 x'), 'refused the tunnel to PLACE: 403 Forbidden'],
    ['it redirects', say('302 x'), 'refused the tunnel to PLACE: 302 Found'],
    ['it cannot go on', say('502 x'), 'could not open the tunnel to PLACE: 502 Bad Gateway'],
    ['it says what nobody knows', say('599 x'), 'could not open the tunnel to PLACE: 599'],
    [
      'it is no proxy',
      (socket) => {
        socket.end('SSH-2.0-OpenSSH_9.6\r\n')
        return 'done'
      },
      'answered no HTTP when asked for a tunnel to PLACE',
    ],
    [
      'it hangs up',
      (socket) => {
        socket.end()
        return 'done'
      },
      'closed the connection when asked for a tunnel to PLACE (ECONNRESET)',
    ],
    ['it is silent', () => 'done', 'did not open the tunnel to PLACE within 300 ms'],
  ])('%s', async (_, instead, sentence) => {
    const proxy = await serveProxy(instead ? { instead } : {})
    const { url, heard } = await plain()
    const reason = `the proxy ${proxy.name} ${sentence.replace('PLACE', new URL(url).host)}`
    const limits = { connectTimeout: 300 }
    expect(await whyNot(url, by(proxy, { limits }))).toEqual({
      cause: 'proxy',
      reached: false,
      reason,
    })
    expect(heard).toEqual([])
  })

  test('it cannot be reached', async () => {
    const { url } = await plain()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    expect(await whyNot(url, by({ url: `http://u:secret@127.0.0.1:${port}` }))).toEqual({
      cause: 'proxy',
      reached: false,
      reason: `the proxy 127.0.0.1:${port} cannot be reached: the connection was refused (ECONNREFUSED)`,
    })
    const { cause, reason } = (await whyNot(url, by({ url: 'http://proxy.invalid:3128' }))) ?? {}
    expect([cause, reason]).toEqual([
      'proxy',
      expect.stringMatching(
        /^the proxy proxy\.invalid:3128 cannot be reached: .*(ENOTFOUND|EAI_AGAIN)\)$/,
      ),
    ])
  })
})

describe('the allow-list judges the host that a request is for', () => {
  test.each([
    ['http://elsewhere.test', ['api.test'], false],
    ['https://elsewhere.test', ['api.test'], false],
    ['http://api.test:81', ['api.test:80'], false],
    ['http://api.test', ['api.test:80'], true],
    ['http://API.test.', ['Api.Test'], true],
    ['http://[::1]', ['[::1]:80'], true],
    ['http://[::1]:81', ['::1'], true],
    ['http://[::1]:81', ['[::1]'], true],
    ['http://[::1]:81', ['[::1]:80'], false],
    ['http://[::2]', ['::1'], false],
    ['http://api.test.elsewhere.test', ['api.test'], false],
    ['http://elsewhere.test', ['PROXY'], false],
  ])('%s where %j is allowed: %s', async (url, hosts, allowed) => {
    const { port } = new URL((await plain()).url)
    const proxy: RecordingProxy = await serveProxy({ leadsTo: Number(port) })
    const allowedHosts = hosts.map((host) => host.replace('PROXY', proxy.name))
    const target = targetAt('http://api.test', by(proxy, { allowedHosts }))
    const client = openClient(target, { userAgent: 'assay' })
    onTestFinished(() => client.close())
    const key = new Secret('$KEY', 'key-0123456789abcdef')
    const request = { method: 'GET', baseUrl: url, path: '/', headers: [['x-key', key]] as const }
    for (const raw of [false, true]) {
      const sent = client.send(request, { raw })
      if (allowed) expect((await sent).exchange.kind).toBe('answered')
      else await expect(sent).rejects.toThrow('may not be reached at')
    }
    expect(proxy.asked).toHaveLength(allowed ? 2 : 0)
    expect(proxy.carried().includes('key-0123456789abcdef')).toBe(allowed)
  })

  test('no redirect leads through a proxy to another host', async () => {
    const server = await serve(
      (response) => void response.writeHead(307, { location: 'http://elsewhere.test/' }).end(),
    )
    onTestFinished(() => server.close())
    const proxy = await serveProxy()
    expect(await answered(server.url, by(proxy))).toEqual(['answered', 'answered'])
    expect(proxy.asked).toEqual(Array(2).fill(`CONNECT ${new URL(server.url).host}`))
  })
})
