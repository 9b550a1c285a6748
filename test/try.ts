import { startSqlServer } from './emulators/sqlserver/server.ts'
import { table } from './emulators/sqlserver/scenario.ts'
import { statementTable } from './emulators/answer.ts'
import { sqlServerProbe } from '../shared/adapters/sqlserver/sqlserver-probe.ts'
import { makeCertificates } from './support/certificates.ts'
const certs = await makeCertificates()
for (const tls of ['none', 'offered', 'required', 'strict'] as const)
  for (const mode of ['off', 'required', 'strict'] as const) {
    const s = await startSqlServer({
      tls,
      certificate: certs,
      answer: statementTable([
        ['SELECT 1', table([{ A: 1, b: 'x', c: null, d: true, e: 1.5, f: 'y'.repeat(9000) }])],
        ['hang', { fault: 'hang' }],
        ['drop', { fault: 'drop' }],
      ]),
    })
    const t = performance.now()
    const r = await sqlServerProbe({
      connection: {
        host: '127.0.0.1',
        port: s.port,
        credential: { username: 'sa', password: 'env:X' },
        tls: { mode, ca: certs.ca, serverName: 'localhost', trustServerCertificate: false },
      },
      password: 'secret',
      queries: { one: { sql: 'SELECT 1' } },
      limitMs: 1500,
    })
    console.log(
      tls,
      mode,
      JSON.stringify(r).slice(0, 150),
      Math.round(performance.now() - t),
      s.seen.logins,
      s.seen.open,
    )
    await s.close()
  }
const s = await startSqlServer({
  answer: statementTable([
    ['hang', { fault: 'hang' }],
    ['drop', { fault: 'drop' }],
    ['garbage', { fault: 'garbage' }],
  ]),
  login: (a) => (a.password === 'secret' ? 'accept' : [{ number: 18456, message: 'x' }]),
})
const go = async (sql: string, password = 'secret') => {
  const t = performance.now()
  console.log(
    sql,
    JSON.stringify(
      await sqlServerProbe({
        connection: {
          host: '127.0.0.1',
          port: s.port,
          credential: { username: 'sa', password: 'env:X' },
          tls: { mode: 'off', trustServerCertificate: false },
        },
        password,
        queries: { one: { sql } },
        limitMs: 700,
      }),
    ),
    Math.round(performance.now() - t),
  )
}
await go('hang')
await go('drop')
await go('nope')
await go('garbage')
await go('x', 'bad')
s.setScenario({ preLogin: 'hang', answer: () => undefined })
await go('silent')
s.setScenario({ preLogin: 'garbage', answer: () => undefined })
await go('garbage')
s.setScenario({ preLogin: 'close', answer: () => undefined })
await go('close')
await s.close()
await go('refused')
