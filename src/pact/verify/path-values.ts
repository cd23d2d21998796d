import { matchTemplate } from '../check/find-operation.ts'

/** A path taken apart by the template that it ends with. */
export type PathParts = {
  /** What stands before the path of the operation, as the path of a server does. */
  readonly prefix: string
  /** What stands for each parameter, percent-encoded. */
  readonly values: ReadonlyMap<string, string>
}

/** Takes a path apart; undefined: the template does not describe it. */
export function splitPath(template: string, path: string): PathParts | undefined {
  const parts = path.split('/')
  const extra = Math.max(0, parts.length - template.split('/').length)
  const values = matchTemplate(template, `/${parts.slice(extra + 1).join('/')}`)
  if (values === undefined) return undefined
  return {
    prefix: parts.slice(0, extra + 1).join('/'),
    values: new Map([...values].map(([name, { text }]) => [name, text])),
  }
}
