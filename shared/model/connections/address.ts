import * as z from 'zod'
import { fieldMessage } from '../field-message.ts'
import type { Text } from '../message.ts'
import { forbidden, isInNetworks, parseIp } from '../ip-address.ts'

/** A host name or an IP address, as a connection names it. */
export const Host = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/,
    fieldMessage({ en: 'must be a host name or an IP address', zh: '须为主机名或 IP 地址' }),
  )

/** Why no database is registered with this host; null if it may be, as far as can be seen before its name is looked up. */
export const hostRefusal = (host: string): Text | null => {
  const address = parseIp(host)
  const reason = address && forbidden(address)
  return (
    reason && {
      en: `is ${reason.en}; no database is connected to there`,
      zh: `是${reason.zh}；不会连接那里的数据库`,
    }
  )
}

/** A TCP port. */
export const Port = z.int().min(1).max(65_535)

/** Networks that databases may be in, in CIDR notation; null for all. */
export type DatabaseNetworks = readonly string[] | null

/** Whether a database may be at an IP address, as sockets and name servers write it. */
export const isDatabaseAddress = (text: string, networks: DatabaseNetworks): boolean => {
  const address = parseIp(text)
  if (address === null || text.includes('%') || forbidden(address) !== null) return false
  return networks === null || isInNetworks(address, networks)
}
