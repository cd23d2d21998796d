import type { RecordedRequest } from '../exchange/index.ts'
import type { Trace } from './trace.ts'

/**
 * Writes the shell lines that show one answer again: what arranged its states, the steps before it,
 * and the request itself. A credential is `$VAR`, or stands as the way in which it was altered.
 */
export function reproduce({ arranged, steps }: Trace, index: number): readonly string[] {
  const requests = steps.slice(0, index + 1).map(({ exchange }) => exchange.request)
  return [...arranged, ...requests].map(curl)
}

function curl({ method, url, headers, body }: RecordedRequest): string {
  const shown = headers.filter(([name]) => name.toLowerCase() !== 'accept')
  const parts = [
    'curl -sS',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...shown.map(
      ([name, value]) => `-H ${quote(value === '(empty)' ? `${name};` : `${name}: ${value}`)}`,
    ),
    ...(body === undefined ? [] : [`-H 'content-type: application/json'`, `-d ${quote(body)}`]),
    '--path-as-is',
    quote(url),
  ]
  return parts.join(' ')
}

/** Single quotes keep a text as it is; one that names a variable must stand in double quotes. */
function quote(text: string): string {
  if (!/\$\w/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  return `"${text.replaceAll(/[\\"`]/g, '\\$&').replaceAll(/\$(?!\w)/g, '\\$')}"`
}
