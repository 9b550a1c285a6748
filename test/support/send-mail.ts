import { smtpSender } from '../../shared/adapters/smtp/smtp-sender.ts'

/** Sends a mail to the server at a port of this machine, and prints what it answers: for settings of a whole process. */
const server = {
  host: 'localhost',
  port: Number(process.argv[2]),
  security: 'tls',
  user: 'precheck',
} as const
const send = smtpSender({ ...server, from: 'precheck@example.com' }, async () => ({
  value: process.env['PRECHECK_SECRET_MAIL'] ?? '',
}))
const mail = {
  id: 'evt_1',
  to: ['dba@example.com'],
  subject: 's',
  text: 't',
  html: '<p>t</p>',
  limitMs: 30_000,
}
process.stdout.write(JSON.stringify(await send(mail)))
