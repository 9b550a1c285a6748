import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Certificates } from '../certificates.ts'

/** The mail server of Debian that takes mails and nothing else, and the mail reader that comes with Python. */
export const smtpPackage = 'python3-aiosmtpd'
const python = '/usr/bin/python3'
export const hasSmtpServer = spawnSync(python, ['-c', 'import aiosmtpd']).status === 0

/** A mail as the server got it, read by Python: its parts in their order, with their types and texts. */
export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly encrypted: boolean
  readonly user: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly type: string
  readonly parts: readonly { readonly type: string; readonly text: string }[]
  readonly bytes: number
}

/** Refuses the recipients that its third argument names; asks for a login unless it is plain. */
const program = `
import asyncio, email, email.policy, json, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

mode, cert, key, refused = sys.argv[1:5]

def say(what):
    print(json.dumps(what), flush=True)

class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in refused.split(','):
            return '550 5.1.1 nobody has this address'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = [part for part in mail.walk() if not part.is_multipart()]
        say({'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'encrypted': session.ssl is not None or mode == 'tls',
             'user': session.auth_data, 'headers': {name.lower(): str(value) for name, value in mail.items()},
             'type': mail.get_content_type(), 'bytes': len(envelope.content),
             'parts': [{'type': part.get_content_type(), 'text': part.get_content()} for part in parts]})
        return '250 OK'

def login(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and data.login == b'precheck' and data.password == b'a pass word'
    return AuthResult(success=right, handled=False, auth_data='precheck' if right else None)

def context():
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(cert, key)
    return made

async def main():
    asks = mode != 'plain'
    def make():
        return SMTP(Handler(), authenticator=login if asks else None, auth_required=asks,
                    auth_require_tls=mode == 'starttls', tls_context=context() if mode == 'starttls' else None,
                    require_starttls=mode == 'starttls', hostname='localhost')
    server = await asyncio.get_running_loop().create_server(
        make, '127.0.0.1', 0, ssl=context() if mode == 'tls' else None)
    say({'port': server.sockets[0].getsockname()[1]})
    await server.serve_forever()

asyncio.run(main())
`

/** A mail server on a free port of loopback. `mails`: what it took, in order. */
export interface SmtpServerProcess {
  readonly port: number
  readonly mails: readonly ReceivedMail[]
  readonly stop: () => Promise<void>
}

/** Starts a mail server, with its files in `folder`; it refuses the recipients `refused`. */
export const startSmtp = async (
  folder: string,
  mode: 'tls' | 'starttls' | 'plain',
  { cert, key }: Certificates,
  refused: readonly string[] = [],
): Promise<SmtpServerProcess> => {
  const files = { cert: join(folder, 'smtp-cert.pem'), key: join(folder, 'smtp-key.pem') }
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
  const server = spawn(python, ['-c', program, mode, files.cert, files.key, refused.join(',')], {
    // It warns of what a test means.
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const end = (): void => void server.kill()
  process.once('exit', end)
  const ended = once(server, 'exit')
  const mails: ReceivedMail[] = []
  const lines = createInterface({ input: server.stdout })
  const [first] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  lines.on('line', (line) => mails.push(JSON.parse(line) as ReceivedMail))
  return {
    port: (JSON.parse(first) as { port: number }).port,
    mails,
    stop: async () => {
      process.off('exit', end)
      end()
      await ended
    },
  }
}
