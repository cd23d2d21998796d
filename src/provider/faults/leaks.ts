import type { Fault } from '../fault.ts'
import { onStatus, saying, withHeaders } from './answering.ts'

type Saying = readonly [name: string, status: number, what: string, text: string]

const texts: readonly Saying[] = [
  [
    'javascript-trace',
    500,
    'a stack trace of JavaScript',
    "TypeError: Cannot read properties of undefined (reading 'id')\n    at deleteToken (/srv/api/routes/tokens.js:41:19)\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
  ],
  [
    'python-trace',
    500,
    'a stack trace of Python',
    'Traceback (most recent call last):\n  File "app.py", line 7, in delete\nKeyError: 1',
  ],
  [
    'java-trace',
    401,
    'a stack trace of Java',
    'java.lang.NullPointerException\n\tat com.example.Tokens.find(Tokens.java:88)',
  ],
  [
    'kotlin-trace',
    500,
    'a stack trace of Kotlin',
    'kotlin.UninitializedPropertyAccessException: store\n\tat app.Routes.delete(Routes.kt:12)',
  ],
  [
    'go-trace',
    500,
    'a stack trace of Go',
    'runtime error\n\ngoroutine 41 [running]:\nmain.remove(0x0)\n\ttokens.go:88 +0x1d',
  ],
  [
    'ruby-trace',
    404,
    'a stack trace of Ruby',
    "undefined method `id' for nil\ntokens_controller.rb:12:in `destroy'",
  ],
  [
    'php-trace',
    500,
    'a stack trace of PHP',
    'Uncaught Error: Call to a member function delete() on null in TokenController.php:31',
  ],
  [
    'csharp-trace',
    404,
    'a stack trace of C#',
    'System.NullReferenceException: Object reference not set\n   at Api.Tokens.Delete(String id) in Tokens.cs:line 40',
  ],
  [
    'rust-trace',
    500,
    'a panic of Rust',
    "thread 'main' panicked at tokens.rs:88:13:\nindex out of bounds",
  ],
  [
    'elixir-trace',
    500,
    'a stack trace of Elixir',
    '** (KeyError) key :id not found\n    (api 0.1.0) lib/api/tokens.ex:31: Api.Tokens.delete/2',
  ],
  ['sql-statement', 500, 'an SQL statement', "DELETE FROM tokens WHERE id = '1'"],
  ['sql-query', 404, 'an SQL query', 'no rows: SELECT id, name FROM tokens LIMIT 1'],
  ['postgres-error', 500, 'what PostgreSQL says', 'relation "tokens" does not exist'],
  ['mysql-error', 401, 'what MySQL says', 'You have an error in your SQL syntax; check the manual'],
  ['sqlite-error', 200, 'what SQLite says', 'SQLITE_BUSY: database is locked'],
  ['unix-path', 404, 'a path of Unix', 'cannot open /var/lib/control-plane/tokens.db'],
  ['windows-path', 500, 'a path of Windows', 'cannot open C:\\inetpub\\api\\tokens.config'],
  ['private-address', 500, 'a private address', 'connect ECONNREFUSED 10.12.0.7:5432'],
  [
    'cluster-service',
    404,
    'a service of a cluster',
    'no answer from tokens.control-plane.svc.cluster.local',
  ],
  ['internal-name', 401, 'a name of a private domain', 'asked auth.prod.internal in vain'],
]

/** Each tells of the machine behind the answer. */
export const leakFaults: readonly Fault[] = [
  ...texts.map(([name, status, what, text]) =>
    onStatus(
      status,
      { name: `${name}-in-${status}`, statement: `a ${status} shows ${what}`, check: 'disclosure' },
      (message) => saying(message, text),
    ),
  ),
  onStatus(
    404,
    { name: 'pod-name-in-header', statement: 'a header of a 404 names a pod', check: 'disclosure' },
    (message) => withHeaders(message, [['X-Served-By', 'tokens-api-7d9f8b6c5d-x2x4z']]),
  ),
  onStatus(
    200,
    {
      name: 'upstream-in-header',
      statement: 'a header of a 200 holds a private address',
      check: 'disclosure',
    },
    (message) => withHeaders(message, [['X-Upstream', '192.168.4.17:8080']]),
  ),
]
