import type { LeakKind } from './leak.ts'

/** Frames and headlines of stack traces as the runtimes of the common languages write them. */
export const stackTraces: LeakKind = {
  name: 'stack trace',
  mayBeData: false,
  patterns: [
    // JavaScript: `at run (/app/x.js:3:9)`
    /\bat (?:async )?(?:new )?(?:[\w$.<>[\] ]+ \()?(?:[a-z]+:|[A-Za-z]:\\)?[^\s():]*[/\\.][^\s():]*:\d+:\d+\)?/,
    // Python
    /Traceback \(most recent call last\)/,
    /File "[^"\n]+", line \d+, in \S+/,
    // Java, Kotlin, Scala
    /\bat [\w$.]+\.[\w$<>]+\((?:[\w$]+\.(?:java|kt|kts|scala|groovy|clj):\d+|Native Method|Unknown Source)\)/,
    /\b(?:java|javax|jakarta|kotlin|scala|org|com|io)(?:\.[a-z_]\w*)+\.[A-Z]\w*(?:Exception|Error)\b/,
    // Go
    /\bgoroutine \d+ \[[^\]\n]+\]:/,
    /\.go:\d+ \+0x[0-9a-f]+/,
    /\bpanic: runtime error: /,
    // Ruby
    /\.rb:\d+:in [`'][^'\n]+'/,
    // PHP
    /\bPHP (?:Fatal error|Parse error|Warning|Notice):/,
    /#\d+ \S+\.php\(\d+\): /,
    /\bin \S+\.php(?: on line |:)\d+/,
    // C#
    /\bat [\w.`<>]+\([^()\n]*\) in \S.*?:line \d+/,
    /\bSystem(?:\.[A-Z]\w*)+Exception\b/,
    // Rust
    /\bthread '[^'\n]+'(?: \(\d+\))? panicked at /,
    /\b[\w/.-]+\.rs:\d+:\d+\b/,
    // Elixir, Erlang
    /\([a-z_]\w* \d+\.\d+\.\d+[^)\n]*\) \S+\.exs?:\d+: /,
    // Perl
    /\bat \S+\.p[lm] line \d+\./,
    // C, C++
    /\bterminate called after throwing an instance of\b/,
  ],
}
