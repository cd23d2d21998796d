import type { Certificate } from './connect.ts'

type Met = {
  readonly code: string
  readonly host: string
  readonly certificate: Certificate | undefined
}

const trustIt = 'NODE_EXTRA_CA_CERTS=FILE adds it'

const sentences: readonly (readonly [codes: RegExp, tell: (met: Met) => string])[] = [
  [/^CERT_HAS_EXPIRED$/, ({ certificate }) => expired(certificate)],
  [/^CERT_NOT_YET_VALID$/, ({ certificate }) => early(certificate)],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, elsewhere],
  [
    /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
    () => `its certificate is self-signed, and not among those that are trusted; ${trustIt}`,
  ],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/,
    ({ certificate }) =>
      `its certificate is issued by ${quote(certificate?.issuer)}, which is not trusted here; ${trustIt}`,
  ],
  [
    /WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH_TOO_LONG|packet length too long|HTTP_REQUEST/,
    () => 'no TLS is spoken there; is it an http address?',
  ],
  [
    /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|unsupported protocol|alert protocol version/,
    () => 'it speaks no version of TLS that is accepted here',
  ],
  [/HANDSHAKE_FAILURE|handshake failure/, () => 'it does not agree on a way to speak TLS'],
  [
    /^(CERT_\w+|\w*CERTIFICATE\w*|CRL_\w+|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|\w+_CERT)$/,
    () => 'its certificate is not valid',
  ],
  [/^(ECONNRESET|EPIPE)$/, () => 'the connection was closed during the TLS handshake'],
  [/^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/, () => 'no TLS connection could be made'],
]

/** Says in one line why TLS could not be agreed on, and what may be done; undefined: it is not about TLS. */
export function describeTls(error: unknown, met: Met): string | undefined {
  const text = met.code === 'EPROTO' && error instanceof Error ? error.message : met.code
  const found = sentences.find(([codes]) => codes.test(text))
  return found && `${found[1](met)} (${met.code})`
}

function expired(certificate: Certificate | undefined): string {
  const end = certificate && new Date(certificate.validTo)
  if (end === undefined || !(end.getTime() < Date.now()))
    return 'a certificate that vouches for it has expired'
  return `its certificate expired on ${show(end)}`
}

function early(certificate: Certificate | undefined): string {
  const start = certificate && new Date(certificate.validFrom)
  if (start === undefined || !(start.getTime() > Date.now()))
    return 'a certificate that vouches for it is not valid yet; is the clock right?'
  return `its certificate is not valid before ${show(start)}; is the clock right?`
}

function elsewhere({ certificate, host }: Met): string {
  const names = certificate?.names ?? []
  const shown = names.slice(0, 3).map(quote).join(', ')
  const rest = names.length > 3 ? ` and ${names.length - 3} more` : ''
  return `its certificate is for ${shown || 'another host'}${rest}, not for ${quote(host)}`
}

function show(date: Date): string {
  return date.toISOString().replace('.000', '')
}

/** What a certificate says may hold anything. */
function quote(text = 'nobody'): string {
  return JSON.stringify(text.slice(0, 80))
}
