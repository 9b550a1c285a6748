import { startOracle } from './emulators/oracle/server.ts'
import { table, type OracleScenario } from './emulators/oracle/scenario.ts'
import { statementTable } from './emulators/answer.ts'
import { oracleProbe } from '../shared/adapters/oracle/oracle-probe.ts'
import { makeCertificates } from './support/certificates.ts'
const certs = await makeCertificates()
const answer = statementTable<any>([
  ['select 1 from dual', table([{ a: 1, b: 'x', c: null, d: -12.5, e: 1234567, f: 'y'.repeat(9000) }])],
  ['many', table(Array.from({ length: 500 }, (_, i) => ({ n: i, t: 'row' + i })))],
  ['hang', { fault: 'hang' }],
  ['drop', { fault: 'drop' }],
  ['garbage', { fault: 'garbage' }],
  ['ora942', { error: { code: 942 } }],
  ['ora600', { error: { code: 600 } }],
])
const base: OracleScenario = { answer, login: () => ({ password: 'secret' }) }
const s = await startOracle(base)
const go = async (
  label: string,
  sc: Partial<OracleScenario>,
  sql = 'select 1 from dual',
  password = 'secret',
  over: any = {},
) => {
  s.setScenario({ ...base, ...sc })
  const t = performance.now()
  const r = await oracleProbe({
    connection: {
      host: '127.0.0.1',
      port: over.port ?? s.port,
      serviceName: 'orcl',
      privilege: over.privilege ?? 'normal',
      credential: { username: 'sys', password: 'env:X' },
      tls: over.tls ?? { mode: 'off' },
    },
    password,
    queries: { one: { sql } },
    limitMs: 1500,
  })
  console.log(
    label.padEnd(14),
    JSON.stringify(r).slice(0, 230),
    Math.round(performance.now() - t),
    s.seen.open,
  )
}
await go('ok', {})
await go('many', {}, 'many')
await go('bad pw', {}, undefined, 'bad')
await go('1033', { login: () => ({ error: { code: 1033 } }) })
await go('28000', { login: () => ({ error: { code: 28000 } }) })
await go('12514', { listener: () => ({ refuse: 12514 }) })
await go('12505', { listener: () => ({ refuse: 12505 }) })
await go('12528', { listener: () => ({ refuse: 12528 }) })
await go('resend', { listener: () => 'resend' })
await go('garbage l', { listener: () => 'garbage' })
await go('close', { listener: () => 'close' })
await go('hang', { listener: () => 'hang' })
await go('accept hang', { afterAccept: 'hang' })
await go('q hang', {}, 'hang')
await go('q drop', {}, 'drop')
await go('q garbage', {}, 'garbage')
await go('942', {}, 'ora942')
await go('600', {}, 'ora600')
await go('markers', { markersBeforeErrors: true }, 'ora942')
await go('nope', {}, 'nope')
await go('sysbackup', {}, undefined, undefined, { privilege: 'sysbackup' })
console.log(s.seen.logins.at(-1))
await go('1031', { login: () => ({ error: { code: 1031 } }) }, undefined, undefined, {
  privilege: 'sysbackup',
})
await go('refused', {}, undefined, undefined, { port: 1 })
await go('tls to plain', {}, undefined, undefined, { tls: { mode: 'required', ca: certs.ca } })
const t = await startOracle({ ...base, certificate: certs })
await go('tcps', {}, undefined, undefined, { port: t.port, tls: { mode: 'required', ca: certs.ca } })
await go('untrusted', {}, undefined, undefined, { port: t.port, tls: { mode: 'required' } })
await go('plain to tls', {}, undefined, undefined, { port: t.port })
const r2 = await startOracle(base)
await go('redirect', { listener: () => ({ redirect: r2.port }) })
await s.close()
await t.close()
await r2.close()
