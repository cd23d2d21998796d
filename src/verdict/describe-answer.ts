import { headerValues, type Response } from '../exchange/index.ts'
import { essence } from './media-type.ts'

/**
 * Says what an answer is, whatever its texts and numbers are: its status, its media type and the
 * members of its body, such as `401 application/json {error: string, success: boolean}`.
 */
export function describeAnswer(response: Response): string {
  const types = headerValues(response, 'content-type').map(essence)
  return [response.status, ...types, describeBody(response.body)].join(' ').trimEnd()
}

function describeBody(body: Uint8Array): string {
  if (body.length === 0) return ''
  try {
    return describeValue(JSON.parse(Buffer.from(body).toString('utf8')))
  } catch {
    return 'text'
  }
}

function describeValue(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `[${[...new Set(value.map(describeValue))].sort().join(', ')}]`
  if (typeof value !== 'object') return typeof value
  const members = Object.entries(value).map(([name, each]) => `${name}: ${describeValue(each)}`)
  return `{${members.sort().join(', ')}}`
}
