import type { LeakKind } from './leak.ts'

const source =
  'c|cc|cpp|h|cs|cjs|mjs|js|jsx|ts|tsx|py|pyc|rb|go|java|jar|class|war|kt|php|pl|pm|rs|ex|exs|erl|scala|swift|so|dll|exe|sh|sql|conf|cfg|ini|env|toml|ya?ml|properties|pem|key|crt|log|sock|db|sqlite3?'

/** Paths of the machine that answers; the path of a URL, or one that the request itself named, is none. */
export const filePaths: LeakKind = {
  name: 'file path',
  mayBeData: true,
  patterns: [
    /(?<![\w.:/~-])\/(?:etc|usr|var|root|home|Users|srv|proc|private|opt)(?:\/[\w.@+-]+){2,}/,
    /(?<![\w.:/~-])\/etc\/(?:passwd|shadow|hosts|[\w.-]+\.(?:conf|cfg|ya?ml|ini))\b/,
    new RegExp(`(?<![\\w.:/~-])/(?:[\\w.@+-]+/)+[\\w.@+-]+\\.(?:${source})\\b(?![\\w/])`),
    /\bfile:\/\/\/[\w.@+-]+\/[\w.@+/-]+/,
    /(?<![\w.-])(?:[\w.@+-]*\/)?(?:node_modules|site-packages|dist-packages)\/[\w.@+/-]+/,
    /(?<![\w\\])[A-Za-z]:\\(?:[\w .@+()-]+\\)+[\w .@+()-]*\w/,
    /(?<![\w\\])\\\\[\w.-]+\\[\w.$-]+\\[\w.$\\-]+/,
  ],
}
