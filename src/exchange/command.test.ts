import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startProvider } from '../provider/index.ts'
import { type Certified, certify, serveTls } from './fixtures/certificates.ts'
import { serveProxy } from './fixtures/proxy.ts'
import { serveRaw } from './fixtures/serve.ts'

/** The command as users have it: the build, in a process of its own, in an empty folder. */
const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
/** One documented status, for what the number of requests says nothing about. */
const few = ['--include-status', '404']
const formats = ['console', 'json', 'junit', 'markdown', 'github']

let folder = ''
let authority: Certified
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'assay-'))
  authority = certify({ called: 'Corp Root', names: [] })
  await writeFile(path.join(folder, 'ca.pem'), authority.cert)
})

/** A region of the reference provider behind TLS: its base URL and key. */
async function secureRegion(certified: Certified) {
  const provider = await startProvider({ regions: ['one'] })
  const [region] = provider.regions
  if (region === undefined) throw new Error('no region')
  const sockets = new Set<Socket>()
  const server = createServer(certified, (socket) => {
    const inner = connect(Number(new URL(region.url).port), '127.0.0.1')
    for (const each of [socket, inner]) {
      sockets.add(each)
      each.on('error', () => [socket, inner].forEach((other) => void other.destroy()))
    }
    socket.pipe(inner).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    await provider.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `https://127.0.0.1:${port}`, port, region }
}

type Region = Awaited<ReturnType<typeof secureRegion>>

/** Runs all that a region offers, and reads what is told in every format. */
async function look(
  { url, region }: Pick<Region, 'url' | 'region'>,
  { env = {}, args = [], verb = 'run' }: { env?: object; args?: string[]; verb?: string } = {},
) {
  const cwd = await mkdtemp(path.join(tmpdir(), 'assay-'))
  const reports = ['--report', formats.join(','), '--report-dir', cwd]
  const target = ['-u', url, '--api-key-env', 'KEY', '--states-url', '/_assay/states']
  const fault = ['--fault-header', `${region.faultHeader.name}: ${region.faultHeader.value}`]
  const told = verb === 'run' ? reports : []
  const child = spawn(process.execPath, [command, verb, ...target, ...fault, ...told, ...args], {
    cwd,
    env: { PATH: process.env.PATH, KEY: region.apiKey, ...env },
  })
  const heard: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => void heard.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => void heard.push(chunk))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const files = (await readdir(cwd)).filter((name) => !name.startsWith('.'))
  const texts = await Promise.all(files.map((name) => readFile(path.join(cwd, name), 'utf8')))
  const out = Buffer.concat(heard).toString()
  return { code, out, texts: [out, ...texts] }
}

describe('over TLS', () => {
  test('an authority that NODE_EXTRA_CA_CERTS names is trusted, whatever a request goes over', async () => {
    const region = await secureRegion(certify({ issuer: authority }))
    const NODE_EXTRA_CA_CERTS = path.join(folder, 'ca.pem')
    const { code, out } = await look(region, { env: { NODE_EXTRA_CA_CERTS } })
    expect(out).toContain('conforming: 14 of 14 pass')
    expect(out).not.toMatch(/how it was looked at|Warning/)
    expect(code).toBe(0)
    const stranger = await look(region, { args: few })
    expect(stranger.code).toBe(3)
    const why = `${region.url} cannot be reached: its certificate is issued by "Corp Root", which is not trusted here`
    expect(stranger.out.split(why)).toHaveLength(2)
    expect(region.region.seen()).not.toEqual([])
  })

  test('a file of authorities that is not there is remarked on', async () => {
    const region = await secureRegion(certify({ issuer: authority }))
    const { code, texts } = await look(region, {
      env: { NODE_EXTRA_CA_CERTS: 'nowhere.pem' },
      args: few,
    })
    expect(code).toBe(3)
    for (const text of texts)
      expect(text).toContain('NODE_EXTRA_CA_CERTS adds no authority: nowhere.pem cannot be read')
  })

  test('a certificate for other hosts gets no request, and is told by its names', async () => {
    const names = ['api.test', '*.api.test', '10.0.0.1', 'b.test', 'c.test']
    const region = await secureRegion(certify({ names, issuer: authority }))
    const NODE_EXTRA_CA_CERTS = path.join(folder, 'ca.pem')
    const { code, out } = await look(region, { env: { NODE_EXTRA_CA_CERTS }, args: few })
    expect(code).toBe(3)
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'its certificate is for "api.test", "*.api.test", "10.0.0.1" and 2 more, not for "127.0.0.1" (ERR_TLS_CERT_ALTNAME_INVALID)',
    )
    expect(region.region.seen()).toEqual([])
  })

  test.each<[string, object, string[], string]>([
    ['--insecure', {}, ['--insecure'], 'insecure'],
    [
      'NODE_TLS_REJECT_UNAUTHORIZED',
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      [],
      'NODE_TLS_REJECT_UNAUTHORIZED=0',
    ],
  ])('verification that %s turns off is remarked on in every report', async (_, env, args, by) => {
    const region = await secureRegion(certify({ from: -3, to: -1 }))
    const remark = `TLS verification is off (${by}): whoever answers may not be the target`
    const { code, texts } = await look(region, { env, args: [...args, ...few] })
    expect(code).toBe(0)
    expect(texts[0]).toMatch(/^::notice .*verification is off/m)
    expect(texts).toHaveLength(4)
    for (const text of texts) expect(text.replaceAll(/\s+/g, ' ')).toContain(remark)
  })

  test('the plan says beforehand what is unusual about the way', async () => {
    const region = await secureRegion(certify())
    const env = { ASSAY_INSECURE: '1', HTTPS_PROXY: 'http://user:pass@proxy.test:3128' }
    const { out } = await look(region, { env, verb: 'plan' })
    expect(out).toContain(
      ' · TLS verification is off (insecure): whoever answers may not be the target · it is reached through the proxy proxy.test:3128\n',
    )
  })

  test('a variable that says no leaves verification on', async () => {
    const region = await secureRegion(certify())
    const { code, out } = await look(region, { env: { ASSAY_INSECURE: 'false' }, args: few })
    expect(code).toBe(3)
    expect(out).toContain('its certificate is self-signed')
  })
})

describe('through a proxy', () => {
  test('over TLS, a whole run goes, and nothing of it past it or elsewhere', async () => {
    const region = await secureRegion(certify())
    const proxy = await serveProxy({ certified: certify({ issuer: authority }) })
    const NODE_EXTRA_CA_CERTS = path.join(folder, 'ca.pem')
    const HTTPS_PROXY = proxy.url.replace('//', '//user:pass-of-the-proxy@')
    const env = { HTTPS_PROXY, NODE_EXTRA_CA_CERTS }
    const { code, texts, out } = await look(region, { env, args: ['--insecure'] })
    expect(out).toContain('conforming: 14 of 14 pass')
    expect(code).toBe(0)
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT 127.0.0.1:${region.port}`]))
    expect(proxy.asked.length).toBeGreaterThan(8)
    for (const text of texts) {
      expect(text).toContain(`it is reached through the proxy ${proxy.name}`)
      expect(text).not.toMatch(/pass-of-the-proxy|dXNlcjp/)
    }
  })

  test('what NO_PROXY lists does not go', async () => {
    const region = await secureRegion(certify())
    const proxy = await serveProxy()
    const env = { ALL_PROXY: proxy.url, NO_PROXY: '127.0.0.0/8' }
    expect((await look(region, { env, args: ['--insecure', ...few] })).code).toBe(0)
    expect(proxy.asked).toEqual([])
  })

  test('one that is no http proxy is refused without showing its credential', async () => {
    const region = await secureRegion(certify())
    const env = { ALL_PROXY: 'socks5://user:pass-of-the-proxy@127.0.0.1:1080' }
    const { code, out } = await look(region, { env })
    expect(code).toBe(2)
    expect(out).toMatch(/^PROXY_INVALID {2}ALL_PROXY holds "socks5:\/\/\*\*\*@127\.0\.0\.1:1080"/)
  })
})

test('regions that fail each in its own way are given up in bounded time, each said once, and the sound one is seen', async () => {
  const sound = await secureRegion(certify({ issuer: authority }))
  const drip = (socket: Socket, head: string) => {
    socket.write(head)
    const timer = setInterval(() => socket.write('a'), 50)
    socket.on('close', () => clearInterval(timer))
  }
  const raw = async (talk: (socket: Socket) => void) => {
    const server = await serveRaw(talk)
    onTestFinished(() => server.close())
    return server.url
  }
  const expired = await serveTls(certify({ from: -3, to: -1 }))
  const silent = await raw(() => {})
  const head = await raw((socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX: '))
  const body = await raw((socket) =>
    drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n'),
  )
  const closing = await raw((socket) => socket.end())
  const noTls = (await raw(() => {})).replace('http:', 'https:')
  const suite = path.join(folder, 'timeouts.yaml')
  const own = fileURLToPath(new URL('../../suites/control-plane.yaml', import.meta.url))
  const text = (await readFile(own, 'utf8')).replaceAll('../spec', path.resolve(own, '../../spec'))
  await writeFile(suite, `${text}\ndefaults: { connectTimeout: 1000, requestTimeout: 1000 }\n`)
  const others = [expired.url, silent, head, body, closing, noTls, 'http://nowhere.invalid']
  const start = performance.now()
  const { code, out } = await look(sound, {
    env: { NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem') },
    args: [...few, ...others.flatMap((url) => ['-u', url]), suite],
  })
  expect(code).toBe(3)
  expect(performance.now() - start).toBeLessThan(20_000)
  const told = out.replaceAll(/\s+/g, ' ')
  const sentences = [
    `${expired.url} cannot be reached: its certificate expired on `,
    // What two regions have in common is said once, for both.
    'has not answered: no answer came within 1000 ms',
    `${body} has not answered: the answer began, but did not end within 1000 ms`,
    `${closing} has not answered: the connection was closed before an answer came`,
    `${noTls} cannot be reached: the TLS handshake did not end within 1000 ms`,
    'http://nowhere.invalid cannot be reached: the ',
  ]
  for (const sentence of sentences) expect(told.split(`cause ${sentence}`), told).toHaveLength(2)
  expect(told.split('ERROR ')).toHaveLength(1 + sentences.length)
  expect(told).toContain(`127.0.0.1:${sound.port} pass`)
})
