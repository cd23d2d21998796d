import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Secret } from '../target/index.ts'
import { openClient } from './client.ts'
import { targetAt } from './fixtures/serve.ts'

/** Answers each connection in its own way, and tells what was asked. */
async function open(answer: (socket: Socket, asked: string) => void) {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      heard.push(data.toString('latin1'))
      answer(socket, data.toString('latin1'))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const url = `http://127.0.0.1:${port}`
  const client = openClient(targetAt(url, { limits: { requestTimeout: 2000 } }), {
    userAgent: 'assay',
  })
  onTestFinished(() => client.close())
  const send = (method = 'GET', headers: readonly (readonly [string, string | Secret])[] = []) =>
    client.send({ method, baseUrl: `${url}/v1`, path: '/a', headers }, { raw: true })
  return { send, heard, client, url }
}

test('a request is sent as it is, over a connection that is to be closed', async () => {
  const { send, heard } = await open((socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
  const { exchange } = await send('DELETE', [['x-a', 'b']])
  expect(exchange).toMatchObject({
    kind: 'answered',
    response: { status: 204, body: Buffer.alloc(0) },
  })
  expect(heard[0]?.split('\r\n')).toEqual([
    'DELETE /v1/a HTTP/1.1',
    expect.stringMatching(/^Host: 127\.0\.0\.1:\d+$/),
    'Connection: close',
    'user-agent: assay',
    'accept-encoding: gzip, deflate, br',
    'x-a: b',
    '',
    '',
  ])
})

test('what a client library hides is told', async () => {
  const { send } = await open((socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'),
  )
  const { exchange } = await send('HEAD')
  expect(exchange).toMatchObject({
    response: { flaws: [{ kind: 'wire', what: '2 bytes of content in the answer to HEAD' }] },
  })
})

test('a server that does not close is not waited for', async () => {
  const { send } = await open((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'),
  )
  const { exchange } = await send()
  expect(exchange).toMatchObject({ kind: 'answered', response: { status: 200 } })
  expect(exchange.ms).toBeLessThan(1500)
})

test('a secret is masked, in flaws too', async () => {
  const { send } = await open((socket, asked) => {
    const [, key = ''] = /x-key: (\S+)/.exec(asked) ?? []
    socket.end(`HTTP/1.1 200 OK\r\nX ${key}: 1\r\nContent-Length: ${key.length}\r\n\r\n${key}`)
  })
  const { exchange } = await send('GET', [['x-key', new Secret('$KEY', 'abcdefgh12345678')]])
  expect(JSON.stringify(exchange)).not.toContain('abcdefgh')
  expect(exchange).toMatchObject({
    response: {
      disclosed: [{ where: 'name of a header' }, { where: 'body' }],
      flaws: [{ kind: 'wire' }],
    },
  })
})

test.each<[cause: string, answer: (socket: Socket) => void]>([
  ['reset', (socket) => socket.end()],
  ['not-http', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
  ['timeout', () => {}],
])('the want of an answer is told by its cause: %s', async (cause, answer) => {
  const { send } = await open(answer)
  expect((await send()).exchange).toMatchObject({ kind: 'failed', cause, reached: true })
})

test('a header that would end its line is not sent', async () => {
  const { send, heard } = await open((socket) => socket.end())
  await expect(send('GET', [['x-a', 'b\r\nc: d']])).rejects.toThrow('may hold')
  expect(heard).toEqual([])
})
