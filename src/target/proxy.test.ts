import { describe, expect, it } from 'vitest'
import { proxyFor, readProxies } from './proxy.ts'
import { revealAll } from './secret.ts'

const reached = (url: string, environment: Readonly<Record<string, string>>) =>
  proxyFor(readProxies(environment), url)?.name

describe('the proxy of a URL', () => {
  it('is the one for its scheme, written in either case', () => {
    const both = { HTTPS_PROXY: 'http://a.test:1', http_proxy: 'http://b.test:2' }
    expect(reached('https://api.test', both)).toBe('a.test:1')
    expect(reached('http://api.test', both)).toBe('b.test:2')
    expect(reached('https://api.test', { https_proxy: 'http://c.test:3', ...both })).toBe(
      'c.test:3',
    )
    expect(reached('https://api.test', { http_proxy: 'http://b.test:2' })).toBeUndefined()
    expect(reached('http://api.test', { ALL_PROXY: 'http://d.test:4' })).toBe('d.test:4')
    expect(reached('https://api.test', {})).toBeUndefined()
  })

  it('may be written without scheme and port, or as an IPv6 address', () => {
    expect(reached('https://api.test', { HTTPS_PROXY: 'proxy.test:3128' })).toBe('proxy.test:3128')
    expect(reached('https://api.test', { HTTPS_PROXY: 'https://proxy.test' })).toBe(
      'proxy.test:443',
    )
    expect(reached('https://api.test', { HTTPS_PROXY: 'http://[::1]:8080' })).toBe('[::1]:8080')
  })

  it.each([
    ['api.test', 'https://api.test', true],
    ['api.test', 'https://eu.api.test:8443', true],
    ['.api.test', 'https://eu.api.test', true],
    ['*.api.test', 'https://eu.api.test', true],
    ['API.test', 'https://api.TEST.', true],
    ['other.test, api.test', 'https://api.test', true],
    ['*', 'https://api.test', true],
    ['api.test', 'https://notapi.test', false],
    ['api.test', 'https://api.test.evil', false],
    ['.', 'https://api.test', false],
    ['api.test:443', 'https://api.test', true],
    ['api.test:8443', 'https://api.test', false],
    ['10.0.0.1', 'https://10.0.0.1', true],
    ['10.0.0.0/8', 'https://10.1.2.3:8443', true],
    ['10.0.0.0/33', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['0.0.1', 'https://10.0.0.1', false],
    ['::1', 'https://[::1]', true],
    ['[::1]', 'https://[::1]:8443', true],
    ['[::1]:8443', 'https://[::1]:8443', true],
    ['[::1]:8443', 'https://[::1]', false],
    ['0:0:0:0:0:0:0:1', 'https://[::1]', true],
    ['fd00::/8', 'https://[fd00::1]', true],
  ])('NO_PROXY=%s: %s is reached directly: %s', (except, url, direct) => {
    const found = reached(url, { HTTPS_PROXY: 'http://proxy.test:1', NO_PROXY: except })
    expect(found).toBe(direct ? undefined : 'proxy.test:1')
  })
})

describe('the address of a proxy', () => {
  it('may hold a credential, which is a secret in each of its forms', () => {
    const proxies = readProxies({ HTTPS_PROXY: 'http://me:p%40ss%2Fword@proxy.test:1' })
    const { authorization } = proxies?.https ?? {}
    if (authorization === undefined) throw new Error('it has none')
    expect(revealAll(authorization)).toEqual([
      `Basic ${btoa('me:p@ss/word')}`,
      btoa('me:p@ss/word'),
      'p@ss/word',
      'p%40ss%2Fword',
    ])
    expect(JSON.stringify(proxies)).not.toMatch(/p@ss|p%40ss|bWU6/)
  })

  it.each(['socks5://me:hidden@proxy.test:1080', 'http://me:hidden@', 'me:hidden@a b'])(
    'is refused without showing a credential: %s',
    (address) => {
      const read = () => readProxies({ ALL_PROXY: address })
      expect(read).toThrow(/ALL_PROXY holds ".*\*\*\*@.*", which is no address of an http/)
      expect(read).not.toThrow('hidden')
    },
  )
})
