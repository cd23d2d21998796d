import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A server of its own process that keeps the generated document and HTTP: 401 without the key, 404 with it.
 * It prints its port.
 */
const refused = Buffer.from('{"success":false,"error":"no valid credential"}')
const absent = Buffer.from('{"success":false,"error":"nothing here"}')

const server = createServer((request, response) => {
  const known = request.headers.authorization === 'key-bench'
  const body = known ? absent : refused
  response.writeHead(known ? 404 : 401, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(known ? {} : { 'www-authenticate': 'Key' }),
  })
  response.end(body)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.on('end', () => process.exit()).resume()
