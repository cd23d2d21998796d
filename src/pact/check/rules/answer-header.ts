import { joinPointer } from '../../../document/index.ts'
import { judgeMeanings } from '../meanings.ts'
import { replacedIn } from '../replaced.ts'
import type { Rule } from '../rule.ts'
import { shown } from '../secret.ts'
import { splitSimple } from '../serialized.ts'

/** A header that is asked for fits its schema; headers that nobody documents are nobody's concern. */
export const answerHeader: Rule = {
  id: 'pact-answer-header',
  level: 'must',
  proves: 'a documented header of an answer is asked for with a value that fits its schema',
  source: 'the headers of the documented response (OpenAPI 3.1, section 4.8.21)',
  example: { expected: 'header Retry-After to be integer', received: '"soon"' },

  run({ documented, interaction: { response }, promises }) {
    return response.headers.flatMap(([name, value]) => {
      const header = documented?.headers.find((each) => sameName(each.name, name))
      if (header?.schema === undefined || replacedIn(response).named('header', name)) return []
      const explode = promises.document.valueAt(`${header.pointer}/explode`) === true
      const validate = promises.part.validator(header.schema)
      return judgeMeanings(splitSimple(value, explode), validate).map((violation) => ({
        expected: `header ${header.name} to be ${violation.expected}`,
        received: shown(name, value),
        promised: violation.schema,
        at: joinPointer(`${response.pointer}/headers`, name),
      }))
    })
  },
}

function sameName(first: string, second: string): boolean {
  return first.toLowerCase() === second.toLowerCase()
}
