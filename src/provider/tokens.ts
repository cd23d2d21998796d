import { type Answer, refuse, succeed, unauthorized } from './answer.ts'
import type { Store, Token, Wish } from './store.ts'

export type Asked = {
  readonly authorization: string | undefined
  readonly store: Store
}

export type AskedToCreate = Asked & {
  readBody(): Promise<unknown>
  /** Does work in the name of whoever asks. */
  acting<T>(work: () => T): T
}

/** Creates a token from `{name, description?}`; the only answer that ever shows its value. */
export async function createToken(asked: AskedToCreate): Promise<Answer> {
  const { authorization, store } = asked
  const caller = store.authenticate(authorization)
  if (caller === undefined) return unauthorized
  const wish = readWish(await asked.readBody(), caller)
  if (wish === undefined) return refuse(400, 'name and description must be text, name not blank')
  const token = asked.acting(() => store.create(wish))
  return succeed({ ...show(token), token: token.value }, 201)
}

/** Lists the tokens of the account that asks, without their values. */
export function listTokens({ authorization, store }: Asked): Answer {
  const caller = store.authenticate(authorization)
  if (caller === undefined) return unauthorized
  const own = [...store.tokens()].filter(({ account }) => account === caller.account)
  return succeed({ tokens: own.map(show) })
}

function readWish(body: unknown, { account }: Token): Wish | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { name, description } = body as Readonly<Record<string, unknown>>
  if (typeof name !== 'string' || name.trim() === '') return undefined
  const wish = { name, account, createdBy: 'api' } as const
  if (description === undefined) return wish
  return typeof description === 'string' ? { ...wish, description } : undefined
}

function show({ id, name, description, value, createdAt }: Token) {
  return {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    tokenSuffix: value.slice(-4),
    createdAt,
  }
}
