import {
  joinPointer,
  type SecurityRequirement,
  type SecurityScheme,
} from '../../../document/index.ts'
import type { CredentialForm } from '../../../target/index.ts'
import type { Match } from '../evidence.ts'
import { readCookies } from '../given.ts'
import { isMeant } from '../refusal.ts'
import { replacedIn } from '../replaced.ts'
import type { PactComplaint, Rule } from '../rule.ts'

/** The request carries a credential where the operation asks for one, in the form that it has there. */
export const credential: Rule = {
  id: 'pact-credential',
  level: 'must',
  proves:
    'a request carries the credential that its operation asks for, in the form that the suite states',
  source: 'the security of the operation (OpenAPI 3.1, section 4.8.30)',
  example: { expected: 'a credential in header Authorization', received: 'none' },

  run(match) {
    const { operation, interaction, promises } = match
    const { status } = interaction.response
    if (operation.security.length === 0 || isMeant('credential', status)) return []
    const judged = operation.security.map((each) => judgeRequirement(match, each))
    const mildest =
      judged.find((each) => each.every(({ level }) => level === 'should')) ?? judged[0]
    const others = /^2/.test(String(status)) ? {} : ({ level: 'should' } as const)
    const own = promises.document.valueAt(`${operation.pointer}/security`) !== undefined
    const promised = own ? `${operation.pointer}/security` : '/security'
    return (mildest ?? []).map((each) => ({ ...each, promised, ...others }))
  },
}

type Lack = Omit<PactComplaint, 'promised'>

/** All schemes of a requirement have to be met together. */
function judgeRequirement(match: Match, schemes: SecurityRequirement): readonly Lack[] {
  return schemes.flatMap((scheme) => judgeScheme(match, scheme))
}

function judgeScheme(match: Match, scheme: SecurityScheme): readonly Lack[] {
  const { form } = match.promises
  switch (scheme.kind) {
    case 'apiKey':
      return judgePlace(match, scheme.in, scheme.parameter, form)
    case 'http':
      return judgePlace(match, 'header', 'Authorization', {
        ...form,
        ...schemeForm(scheme.scheme, form),
      })
    case 'mutualTLS':
      return []
    default:
      return judgePlace(match, 'header', 'Authorization', {
        ...form,
        ...schemeForm('bearer', form),
      })
  }
}

/** What the suite says goes before what the scheme prescribes (RFC 9110, section 11.4). */
function schemeForm(scheme: string, { prefix }: CredentialForm): Partial<CredentialForm> {
  if (prefix !== '') return {}
  return { prefix: `${scheme.charAt(0).toUpperCase()}${scheme.slice(1).toLowerCase()} ` }
}

function judgePlace(
  match: Match,
  place: 'header' | 'query' | 'cookie',
  name: string,
  form: CredentialForm,
): readonly Lack[] {
  const { request } = match.interaction
  const { pointer } = request
  const found = valueAt(match, place, name)
  if (found === undefined || found.trim() === '') {
    const at = place === 'query' ? `${pointer}/query` : `${pointer}/headers`
    return [{ expected: `a credential in ${place} ${name}`, received: 'none', at }]
  }
  if (fits(found, form, place)) return []
  const key = place === 'cookie' ? 'Cookie' : name
  return [
    {
      expected: `a credential written as ${form.prefix}{…}${form.suffix} in ${place} ${name}`,
      received: described(found),
      at: joinPointer(`${pointer}/${place === 'query' ? 'query' : 'headers'}`, key),
      level: 'should',
    },
  ]
}

/** What is known of the value: the text of its expression where a provider state fills it; a mere name is all of it. */
function valueAt({ interaction: { request } }: Match, place: string, name: string) {
  const same = (other: string) => other.toLowerCase() === name.toLowerCase()
  if (place === 'query') return request.query.find(([other]) => other === name)?.[1]
  if (place === 'cookie') return readCookies(request.headers).find(([other]) => other === name)?.[1]
  const value = request.headers.find(([other]) => same(other))?.[1]
  const expression = replacedIn(request).expression('header', name)
  if (value === undefined || expression === undefined) return value
  return expression.includes('${') ? expression : `\${${expression}}`
}

/** Scheme names compare without case (RFC 9110, section 11.1); an expression may hold the whole of it. */
function fits(value: string, { prefix, suffix }: CredentialForm, place: string): boolean {
  if (/^\$\{[^{}]*\}$/.test(value)) return true
  const isScheme = place === 'header' && prefix.endsWith(' ')
  const [text, start] = isScheme ? [value.toLowerCase(), prefix.toLowerCase()] : [value, prefix]
  return (
    text.startsWith(start) && text.endsWith(suffix) && value.length > prefix.length + suffix.length
  )
}

/** The scheme of a credential where it has one, never what it is. */
function described(value: string): string {
  const scheme = /^(basic|bearer|digest|negotiate|hoba|mutual|token|apikey|key) /i.exec(value)?.[1]
  return scheme === undefined ? 'one in another form' : `one written as ${scheme} {…}`
}
