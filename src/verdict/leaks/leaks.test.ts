import { expect, test } from 'vitest'
import { findLeaks } from './index.ts'

const kinds = (text: string) => findLeaks(text, () => false).map(({ kind }) => kind.name)

test.each([
  ['JavaScript', 'TypeError: x\n    at run (/srv/app/x.js:3:9)'],
  ['JavaScript, nameless', 'at async file:///srv/x.mjs:3:9'],
  ['JavaScript in a browser', 'at e (https://h/main.js:1:99)'],
  ['JavaScript of the runtime', 'at node:internal/process/task_queues:95:5'],
  ['Python', 'Traceback (most recent call last):'],
  ['Python, a frame', '  File "/app/x.py", line 3, in run'],
  ['Java', '\tat com.example.App.run(App.java:3)'],
  ['Java, the headline', 'java.lang.IllegalStateException: x'],
  ['Kotlin', 'at app.MainKt$main$1.invoke(Main.kt:3)'],
  ['Go', 'goroutine 1 [running]:'],
  ['Go, the headline', 'panic: runtime error: index out of range [3]'],
  ['Ruby', "app/x.rb:3:in `run'"],
  ['Ruby 3.4', "app/x.rb:3:in 'X#run'"],
  ['PHP', '#0 /var/www/x.php(3): run()'],
  ['PHP, the headline', 'PHP Fatal error:  Uncaught Error'],
  ['C#', '   at App.X.Run(String a) in C:\\src\\X.cs:line 3'],
  ['C#, the headline', 'System.Collections.Generic.KeyNotFoundException: x'],
  ['Rust', "thread 'tokio-runtime-worker' panicked at src/main.rs:3:9:"],
  ['Elixir', '(app 0.1.0) lib/app/x.ex:3: App.X.run/1'],
  ['Perl', 'Died at /srv/x.pl line 3.'],
])('a stack trace of %s', (_, text) => {
  expect(kinds(text)).toContain('stack trace')
})

test.each([
  'SELECT * FROM users WHERE id = 1',
  'select id, name from tokens where id = $1',
  'INSERT INTO tokens (id) VALUES (1)',
  'update tokens set name = 1',
  'DELETE FROM "tokens" WHERE id = 1',
  'duplicate key value violates unique constraint "tokens_pkey"',
  'column "x" does not exist',
  'pq: sorry, too many clients already',
  'ERROR: syntax error at or near "WHERE" (SQLSTATE 42601)',
  "Table 'db.tokens' doesn't exist",
  'SQLITE_CONSTRAINT: UNIQUE constraint failed: tokens.id',
  'ORA-00942: table or view does not exist',
  'E11000 duplicate key error collection: db.tokens',
  'Invalid `prisma.token.delete()` invocation',
])('a text of a database: %s', (text) => {
  expect(kinds(text)).toEqual(['database text'])
})

test.each([
  'cannot open /etc/ssl/private/key.pem',
  'ENOENT: /app/config/production.yaml',
  '"/home/deploy/current/run"',
  'in C:\\Users\\svc\\app.config',
  'at \\\\fileserver\\share\\x.txt',
  'file:///opt/app/x',
  'node_modules/express/lib/router',
])('a path of a file: %s', (text) => {
  expect(kinds(text)).toContain('file path')
})

test.each([
  'connect ECONNREFUSED 10.1.2.3:5432',
  'http://172.16.0.9/x',
  '192.168.0.1',
  '127.0.0.1:8080',
  'localhost:5432',
  'db.prod.internal',
  'ip-10-0-1-7.ec2.internal',
  'redis.cache.svc.cluster.local:6379',
  'http://printer.local/',
  'api-7d9f8b6c5d-x2x4z',
])('a host of a network: %s', (text) => {
  expect(kinds(text)).toEqual(['internal host'])
})

test.each([
  'No token /api/tokens/abc, see /home and /v1/usr/x',
  'https://example.com/etc/app/guide.html and //cdn.example.com/usr/a/b.js',
  'Meet at 10:30:12 (or at noon), at least once',
  'Select a disk from the list and delete from it what you want',
  'select all from the menu where you are',
  'Update your settings, set name and go',
  'version 10.0.0.1, v10.2.3.4, SDK/10.0.0.2 and 10.0.0.256',
  '10.0.0.1-beta 8.8.8.8 172.32.0.1 1.10.0.0.1',
  '550e8400-e29b-41d4-a716-446655440000',
  'tok-0123456789-abcde and us-east-1-prod-green',
  'support@example.com, local-first.org, file .env.local, a.local.json',
  'Error: NotFoundException in NotFound.handler',
  'application/json;q=0.9, */*:1:2',
  'org.example.disks is an id, and com.example.Thing too',
  '2026-11-25T01:02:03.000Z',
  'C: is a drive; a\\b is none',
  'index.html:3 in chapter 3.4',
])('nothing is given away by %s', (text) => {
  expect(kinds(text)).toEqual([])
})

test('of each kind the first is told, and what is excused is passed over', () => {
  const text = 'at 10.0.0.1, 10.0.0.2 and /etc/app/x.conf'
  expect(findLeaks(text, (match) => match === '10.0.0.1').map(({ match }) => match)).toEqual([
    '/etc/app/x.conf',
    '10.0.0.2',
  ])
})

test.each(['a', 'at ', '/a', 'select ', 'a-', 'a.', 'File "'])(
  'a long text of %j hides nothing that stands behind it',
  (word) => {
    expect(kinds(`${word.repeat(20_000 / word.length)}\n10.0.0.1`)).toEqual(['internal host'])
  },
)
