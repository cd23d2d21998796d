import type { LeakKind } from './leak.ts'

/** Names and addresses that mean something only inside a network (RFC 1918, RFC 6762, RFC 8375, RFC 9110 section 17.10). */
export const internalHosts: LeakKind = {
  name: 'internal host',
  mayBeData: true,
  patterns: [
    // Kubernetes: services, and pods of a deployment, whose names hold no vowel and no digit that looks like one.
    /(?<![\w.-])[a-z0-9][a-z0-9-]*\.[a-z0-9][a-z0-9-]*\.(?:svc|pod)(?:\.[a-z0-9-]+)*(?![\w-])/,
    /(?<![\w.-])[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?=[bcdf-hj-np-tv-xz]*[2456789])(?=[2456789]*[bcdf-hj-np-tv-xz])[bcdf-hj-np-tv-xz2456789]{8,10}-[bcdf-hj-np-tv-xz2456789]{5}(?![\w-])/,
    // Private domains
    /(?<![\w.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:internal|intranet|corp|lan|localdomain|home\.arpa)(?![\w-]|\.[a-z])/i,
    /(?<![\w./-]|\w@)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+local(?![\w-]|\.[a-z])/i,
    /(?<=:\/\/|@)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+local(?![\w-]|\.[a-z])/i,
    /(?<![\w.-])ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}(?![\w-]|\.\d)/,
    // Private, loopback and link-local addresses
    /(?<![\w.-])(?:10\.\d{1,3}|127\.\d{1,3}|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)/,
    /(?<=\/\/)localhost(?::\d+)?\b|\blocalhost:\d+\b/,
  ],
  isMeant: (match, before) => {
    if (!/^\d/.test(match)) return true
    if (match.split('.').some((part) => Number(part) > 255)) return false
    return !/(?:\bv|\bver(?:sion)?[ :=]*|\brelease |\w\/)$/i.test(before)
  },
}
