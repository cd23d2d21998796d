import { type Answer, refuse } from './answer.ts'

export type OperationId = 'deleteApiToken' | 'createApiToken' | 'listApiTokens'

export type Route =
  | { readonly kind: 'operation'; readonly operation: OperationId; readonly id: string }
  | { readonly kind: 'states' }
  /** Another path, or another method on the path of a token: then with its id. */
  | { readonly kind: 'refused'; readonly answer: Answer; readonly id: string }

type Methods = ReadonlyMap<string, OperationId | 'states'>

const tokensPath = '/api/tokens'
export const tokenPrefix = `${tokensPath}/`
export const statesPath = '/_assay/states'

const ofToken: Methods = new Map([['DELETE', 'deleteApiToken']])
const ofTokens: Methods = new Map([
  ['GET', 'listApiTokens'],
  ['POST', 'createApiToken'],
])
const ofStates: Methods = new Map([['POST', 'states']])

export const operationIds: ReadonlySet<string> = new Set([
  ...ofToken.values(),
  ...ofTokens.values(),
])

/** Finds what a request asks for: 404 for an unknown path, 405 for a method that a known one lacks. */
export function findRoute(method: string, target: string, hasStates: boolean): Route {
  const path = pathOf(target)
  const id = path.startsWith(tokenPrefix) ? path.slice(tokenPrefix.length) : ''
  if (id !== '' && !id.includes('/')) return choose(ofToken, method, decodeOnce(id))
  if (path === tokensPath) return choose(ofTokens, method)
  if (path === statesPath && hasStates) return choose(ofStates, method)
  return { kind: 'refused', answer: refuse(404, 'no such path'), id: decodeOnce(id) }
}

function choose(methods: Methods, method: string, id = ''): Route {
  const operation = methods.get(method)
  if (operation === 'states') return { kind: 'states' }
  if (operation !== undefined) return { kind: 'operation', operation, id }
  const allow = [...methods.keys()].join(', ')
  const answer = refuse(405, `only ${allow} is allowed`, [['Allow', allow]])
  return { kind: 'refused', answer, id }
}

/** The path of a request target, also of one in absolute form (RFC 9112, section 3.2). */
function pathOf(target: string): string {
  const query = target.indexOf('?')
  const whole = query === -1 ? target : target.slice(0, query)
  if (whole.startsWith('/')) return whole
  const authority = whole.indexOf('://')
  const path = authority === -1 ? -1 : whole.indexOf('/', authority + 3)
  return path === -1 ? '' : whole.slice(path)
}

/** Text that is not well-formed stays as it is: no token has such an id. */
function decodeOnce(id: string): string {
  if (!id.includes('%')) return id
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
