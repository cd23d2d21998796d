import { readFileSync } from 'node:fs'
import type { Environment } from './environment.ts'
import { type Proxies, proxyFor } from './proxy.ts'

/** What the certificate of a target is measured by. */
export type Trust = {
  /** Who said that it is not verified; undefined: it is. */
  readonly unverified: string | undefined
  /** What is wrong with the authorities that were to be trusted as well. */
  readonly flaw: string | undefined
}

/**
 * Says whether certificates are verified, and whether the authorities in `NODE_EXTRA_CA_CERTS` are there.
 *
 * Node reads that file by itself when it starts, and only warns where it cannot.
 */
export function readTrust(insecure: boolean | undefined, environment: Environment): Trust {
  const byNode = insecure === undefined && environment.NODE_TLS_REJECT_UNAUTHORIZED === '0'
  return {
    unverified: insecure ? 'insecure' : byNode ? 'NODE_TLS_REJECT_UNAUTHORIZED=0' : undefined,
    flaw: flawOf(environment.NODE_EXTRA_CA_CERTS),
  }
}

type Ways = { readonly proxies?: Proxies | undefined; readonly trust?: Trust | undefined }

/** What is unusual about the ways to some URLs, and is to be known wherever it is told what came of them. */
export function remarksOnWays(urls: readonly string[], ways: Ways): readonly string[] {
  return [...new Set(urls.flatMap((url) => remarksOnWay(url, ways)))]
}

function remarksOnWay(url: string, { proxies, trust }: Ways): readonly string[] {
  const proxy = proxyFor(proxies, url)
  const { unverified, flaw } = (url.startsWith('https:') && trust) || nothing
  return [
    ...(unverified === undefined
      ? []
      : [`TLS verification is off (${unverified}): whoever answers may not be the target`]),
    ...(flaw === undefined ? [] : [flaw]),
    ...(proxy === undefined ? [] : [`it is reached through the proxy ${proxy.name}`]),
  ]
}

const nothing: Trust = { unverified: undefined, flaw: undefined }

function flawOf(file: string | undefined): string | undefined {
  if (!file) return undefined
  const wrong = (what: string) => `NODE_EXTRA_CA_CERTS adds no authority: ${file} ${what}`
  try {
    const text = readFileSync(file, 'latin1')
    return text.includes('-----BEGIN CERTIFICATE-----') ? undefined : wrong('holds no certificate')
  } catch (error) {
    return wrong(`cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
