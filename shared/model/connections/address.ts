import * as z from 'zod'

/** A host name or an IP address, as a connection names it. */
export const Host = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/, 'must be a host name or an IP address')

/** A TCP port. */
export const Port = z.int().min(1).max(65_535)
