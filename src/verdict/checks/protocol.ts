import { type Check, type Complaint, type Evidence, printable } from '../evidence.ts'
import { steady } from '../fingerprint.ts'
import { judgeDates } from '../rules/dates.ts'
import { judgeDuties } from '../rules/duties.ts'
import { judgeSingles, judgeValues } from '../rules/values.ts'

export const framed = 'an answer that is framed as HTTP/1.1 asks (RFC 9112)'

/**
 * The answer keeps what HTTP itself demands of it, whatever the document says (RFC 9110, RFC 9112).
 *
 * An undocumented status is a finding by itself, and what such an answer lacks is not said besides.
 */
export const protocol: Check = {
  id: 'protocol',
  level: 'must',
  proves:
    'the answer is HTTP: framed without contradiction, no content where there can be none, the headers that its status demands, in the form that HTTP gives them',
  source:
    'RFC 9110 and RFC 9112; `should` where they say so, for `WWW-Authenticate` (the document may state a scheme of its own), for `Date` (a server without a clock has none) and for the same value twice',
  example: { expected: 'the header Allow', received: 'none' },
  cure: 'most servers do all this by themselves: look at what writes headers or lengths by hand, and at the proxy before it.',

  run(evidence) {
    if (evidence.documented === undefined && !evidence.expected) return []
    return [judgeFraming, judgeDates, judgeDuties, judgeValues, judgeSingles].flatMap((rule) =>
      rule(evidence).map((each) => ({ ...each, received: printable(each.received.slice(0, 200)) })),
    )
  },
}

/** All that was wrong on the wire is one complaint, for one cause often shows in several ways. */
function judgeFraming({ response }: Evidence): readonly Complaint[] {
  const flaws = (response.flaws ?? []).filter(({ kind }) => kind === 'wire')
  const content = response.status === 205 && response.body.length > 0
  const told = [
    ...flaws.map(({ what }) => what),
    ...(content ? [`${response.body.length} bytes of content with status 205`] : []),
  ]
  if (told.length === 0) return []
  const slight = !content && flaws.every(({ level }) => level === 'should')
  return [
    {
      expected: framed,
      received: [...new Set(told)].join('; '),
      rule: `framing: ${[...new Set(told.map(steady))].sort().join('; ')}`,
      ...(slight ? { level: 'should' as const } : {}),
    },
  ]
}
