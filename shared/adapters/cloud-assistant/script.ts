import type { Reach } from '../../checks/framework/answer.ts'
import type { Endpoints } from '../../checks/framework/question.ts'
import type { Problem } from '../../checks/problems/problem.ts'

/** How the question is put to instances of one platform, and how their answer is read. Pure. */
export interface Script {
  /** Type of the command (RunCommand, ECS API). */
  readonly type: 'RunShellScript' | 'RunPowerShellScript'
  /** The script; `limitMs` is the time for each endpoint. Holds no secret: commands stay in the history of Cloud Assistant. */
  readonly write: (endpoints: Endpoints, limitMs: number) => string
  /** One reach for every URL, in order; a problem code if the script says why it could not try; null if it cannot be read. */
  readonly read: (
    output: string,
    urls: readonly string[],
  ) => readonly Reach[] | { readonly code: Problem['code'] } | null
}

/** Starts every line that is ours: the instance may write others. */
export const marker = 'backup-precheck-reach'

/**
 * An endpoint as it is asked for: host, port, path and query, in ASCII (WHATWG URL). A user name or password in it is
 * left out, as the HTTPS probe leaves it out.
 */
export const addressOf = (url: string): URL => {
  const { origin, pathname, search } = new URL(url)
  return new URL(`${origin}${pathname}${search}`)
}

/** The Base64 of every certificate in PEM, without line breaks; whatever else stands between them is dropped. */
export const certificatesIn = (ca: string | undefined): string[] =>
  [...(ca ?? '').matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)].map(
    ([, content = '']) => content.replaceAll(/\s/g, ''),
  )
