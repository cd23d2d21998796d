import { headerValues, type Response } from '../../exchange/index.ts'
import type { Complaint, Evidence } from '../evidence.ts'

type Duty = {
  readonly statuses: readonly number[]
  readonly header: string
  /** In words that follow "because". */
  readonly because: string
  readonly level?: 'should'
  readonly isKept?: (response: Response) => boolean
}

const duties: readonly Duty[] = [
  {
    statuses: [401],
    header: 'WWW-Authenticate',
    because: 'a 401 names how to authenticate (RFC 9110, section 15.5.2)',
    level: 'should',
    isKept: (response) =>
      headerValues(response, 'www-authenticate').some((value) =>
        /^[\w!#$%&'*+.^`|~-]+/.test(value),
      ),
  },
  {
    statuses: [405],
    header: 'Allow',
    because: 'a 405 lists the methods that are allowed (RFC 9110, section 15.5.6)',
  },
  {
    statuses: [407],
    header: 'Proxy-Authenticate',
    because: 'a 407 names how to authenticate (RFC 9110, section 15.5.8)',
  },
  {
    statuses: [426],
    header: 'Upgrade',
    because: 'a 426 names the protocols to change to (RFC 9110, section 15.5.22)',
  },
  {
    statuses: [206],
    header: 'Content-Range',
    because: 'a 206 says which part it holds (RFC 9110, section 15.3.7)',
    isKept: (response) =>
      headerValues(response, 'content-range').length > 0 ||
      headerValues(response, 'content-type').some((value) => /^multipart\/byteranges/i.test(value)),
  },
  {
    statuses: [416],
    header: 'Content-Range',
    because: 'a 416 says how long the whole is (RFC 9110, section 15.5.17)',
    level: 'should',
  },
  {
    statuses: [301, 302, 303, 307, 308],
    header: 'Location',
    because: 'a redirect says where to (RFC 9110, section 15.4)',
    level: 'should',
  },
]

/** The headers that a status code obliges to. */
export function judgeDuties({ response }: Evidence): readonly Complaint[] {
  return duties
    .filter(({ statuses }) => statuses.includes(response.status))
    .filter(
      ({ header, isKept }) => !(isKept?.(response) ?? headerValues(response, header).length > 0),
    )
    .map(({ header, because, level }) => ({
      expected: `the header ${header}`,
      because,
      received: told(response, header),
      rule: `${header} due`,
      ...(level === undefined ? {} : { level }),
    }))
}

function told(response: Response, header: string): string {
  const [value] = headerValues(response, header)
  return value === undefined ? 'none' : `${header}: ${value}`
}
