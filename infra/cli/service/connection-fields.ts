import * as z from 'zod'
import type { Engine } from '../../../shared/model/engine.ts'
import { CommandFailed } from './command-failed.ts'

/** What says how an instance is reached, as a person writes it. */
export interface Reach {
  readonly engine: Engine
  /** `host`, `host:port`, with what the engine needs beside it: `host:1521/service`, `host\instance`. */
  readonly address: string
  readonly username: string
  /** A reference, never the password itself. */
  readonly password: string
}

/** Host, an IPv6 address in brackets, then a port. */
const withPort = /^(?:\[(?<ipv6>[^\]]+)\]|(?<name>[^:/\\]+))(?::(?<port>\d{1,5}))?$/

const Place = z.object({
  ipv6: z.string().optional(),
  name: z.string().optional(),
  port: z.coerce.number().optional(),
})

/** What an address looks like, by engine. */
export const addressExamples: Readonly<Record<Engine, string>> = {
  oracle: '10.0.0.8:1521/orclpdb',
  sqlserver: String.raw`10.0.0.8:1433, 10.0.0.8\SALES`,
  mysql: '10.0.0.8:3306',
}

const unreadable = ({ engine, address }: Pick<Reach, 'engine' | 'address'>): CommandFailed =>
  new CommandFailed(
    {
      en: `"${address}" is not an address of ${engine}. Give one like ${addressExamples[engine]}.`,
      zh: `“${address}”不是 ${engine} 的地址。示例：${addressExamples[engine]}。`,
    },
    'USAGE',
  )

/** What follows the host in an address: the service of an Oracle, or the name of an instance of SQL Server. */
const separators: Readonly<Partial<Record<Engine, readonly [string, string]>>> = {
  oracle: ['/', 'serviceName'],
  sqlserver: ['\\', 'instanceName'],
}

/** The fields of an address. Throws `CommandFailed` where it is none of the engine. */
export const addressFields = (
  reach: Pick<Reach, 'engine' | 'address'>,
): Readonly<Record<string, unknown>> => {
  const { engine, address } = reach
  const [separator, field = ''] = separators[engine] ?? []
  const [place = '', ...rest] = separator === undefined ? [address] : address.split(separator)
  const found = Place.safeParse(withPort.exec(place.trim())?.groups)
  const host = found.data?.ipv6 ?? found.data?.name
  const isWhole = engine === 'oracle' ? rest.length === 1 : rest.length <= 1
  if (host === undefined || !isWhole || rest.some((part) => part === '')) throw unreadable(reach)
  const { port } = found.data ?? {}
  return { host, ...(port !== undefined && { port }), ...(rest.length > 0 && { [field]: rest[0] }) }
}

/** The connection of a registration. */
export const connectionFields = ({
  username,
  password,
  ...reach
}: Reach): Readonly<Record<string, unknown>> => ({
  ...addressFields(reach),
  credential: { username, password },
})
