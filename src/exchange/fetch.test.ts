import { expect, onTestFinished, test } from 'vitest'
import { certify, serveTls } from './fixtures/certificates.ts'
import { serveProxy } from './fixtures/proxy.ts'
import { serve } from './fixtures/serve.ts'
import { fetchBy } from './index.ts'

test('what is fetched goes through the proxy, wherever it is redirected, and its credential to the proxy alone', async () => {
  const last = await serve((response) => void response.end('the text'))
  const first = await serve(
    (response) => void response.writeHead(302, { location: `${last.url}/b` }).end(),
  )
  onTestFinished(async () => void (await Promise.all([first.close(), last.close()])))
  const proxy = await serveProxy()
  const ask = fetchBy({ HTTP_PROXY: proxy.url.replace('//', '//me:pass-of-the-proxy@') })
  expect(await (await ask(`${first.url}/a`)).text()).toBe('the text')
  const places = [first, last].map(({ url }) => `CONNECT ${new URL(url).host}`)
  expect(proxy.asked).toEqual(places)
  expect(proxy.credentials).toEqual(Array(2).fill(`Basic ${btoa('me:pass-of-the-proxy')}`))
  expect(JSON.stringify([first.heard, last.heard])).not.toMatch(/proxy-authorization/i)
})

test('what cannot be reached is told in a sentence', async () => {
  const { url, heard } = await serveTls(certify({ from: -3, to: -1 }))
  await expect(fetchBy({})(url)).rejects.toMatchObject({
    name: 'Unreached',
    message: expect.stringMatching(/^its certificate expired on \d{4}-/),
  })
  expect(heard).toEqual([])
  const proxy = await serveProxy({
    instead: (socket) => {
      socket.end('HTTP/1.1 403 No\r\n\r\n')
      return 'done'
    },
  })
  await expect(fetchBy({ HTTPS_PROXY: proxy.url })(url)).rejects.toThrow(
    `the proxy ${proxy.name} refused the tunnel to ${new URL(url).host}: 403 Forbidden`,
  )
  await expect(fetchBy({ ALL_PROXY: 'socks5://x:1' })(url)).rejects.toMatchObject({
    code: 'PROXY_INVALID',
  })
})
