import type { Fault } from './fault.ts'
import { saying } from './faults/answering.ts'

type Saying = readonly [name: string, statement: string, text: string]

const texts: readonly Saying[] = [
  ['html-looking-text', 'texts look like HTML', '<b>No</b> <script>alert(1)</script> &amp; more'],
  [
    'path-like-text',
    'texts name a path of the API',
    'no such thing as /api/tokens/abc or /v1/usr, see /home',
  ],
  [
    'url-in-text',
    'texts hold a public URL',
    'see https://docs.example.com/usr/local/guide.html#tokens:12:30',
  ],
  [
    'version-in-text',
    'texts hold a version with four numbers',
    'since v10.0.0.1 (SDK/10.2.3.4, version 192.168.0.1)',
  ],
  [
    'prose-like-sql',
    'texts select from a list, in words',
    'Select a token from the list where you made it, or delete from the console',
  ],
  [
    'prose-like-trace',
    'texts say where and at what time',
    'Stopped at 10:30:12 (at noon), at least once; file "tokens", line 3',
  ],
  [
    'documented-path',
    'texts are those that the document gives as an example',
    'see /srv/handbook/tokens/index.html',
  ],
  [
    'public-address',
    'texts hold an address that anybody can reach',
    'asked 8.8.8.8 and 172.32.0.1 at 11.0.0.1 for api.local-first.org',
  ],
  ['json-in-text', 'texts hold JSON, as texts may', '{"error": "NaN", "list": [1, 2]}'],
  [
    'mail-in-text',
    'texts hold a mail address',
    'write to support@example.com or to internal@corp.example.com',
  ],
  [
    'class-in-text',
    'texts name an error as people do',
    'Error: NotFoundException (code at_17): token.not.found',
  ],
]

/** Texts that look like what must not be seen, and are not. */
export const harmlessTexts: readonly Fault[] = texts.map(([name, statement, text]) => ({
  name,
  statement,
  caughtBy: [],
  message: (message) => saying(message, text),
}))
