import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { demoPassword, mysqlScene, oracleScene, sqlServerScene } from '../demo/scenes.ts'
import { makeCertificates } from '../support/certificates.ts'
import { startMySql } from './mysql/server.ts'
import { startOracle } from './oracle/server.ts'
import { startSqlServer } from './sqlserver/server.ts'

/**
 * Starts one stand-in by itself, to try a registration against: `npm run standin -- sqlserver --port 11433`. Options:
 * `--tls none|offered|required|strict` (SQL Server; MySQL without `strict`), `--silent` accepts and says nothing.
 */

const usage =
  'npm run standin -- sqlserver|oracle|mysql [--port N] [--tls none|offered|required|strict] [--silent]'

const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '0' },
        tls: { type: 'string', default: 'offered' },
        silent: { type: 'boolean', default: false },
      },
    })
  } catch {
    process.stderr.write(`${usage}\n`)
    process.exit(1)
  }
}

const { positionals, values } = readArguments()
const [engine = ''] = positionals
const port = Number(values.port)
const tlsModes = ['none', 'offered', 'required', 'strict'] as const
const tls = tlsModes.find((mode) => mode === values.tls)
const isEngine =
  ['sqlserver', 'oracle', 'mysql'].includes(engine) && !(engine === 'mysql' && tls === 'strict')
if (!isEngine || tls === undefined || !Number.isInteger(port) || positionals.length > 1) {
  process.stderr.write(`${usage}\n`)
  process.exit(1)
}
const certificates = await makeCertificates()

const start = async (): Promise<number> => {
  if (engine === 'oracle') {
    const scene = values.silent ? { ...oracleScene, listener: () => 'hang' as const } : oracleScene
    return (await startOracle(scene, { port })).port
  }
  if (engine === 'mysql' && tls !== 'strict') {
    const scene = { ...mysqlScene(certificates), tls }
    return (await startMySql(values.silent ? { ...scene, greeting: 'hang' } : scene, { port })).port
  }
  const scene = { ...sqlServerScene(certificates), tls }
  return (await startSqlServer(values.silent ? { ...scene, preLogin: 'hang' } : scene, { port })).port
}

const listening = await start()
// Each has its own: of two that run at once none takes the other's away.
const authority = join(tmpdir(), `precheck-standin-${listening}-ca.pem`)
writeFileSync(authority, certificates.ca)
process.stdout.write(
  `Stand-in at 127.0.0.1:${listening}, password "${demoPassword}", certificate authority in ${authority}\n`,
)
