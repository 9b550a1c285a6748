import { NotTds } from './packets.ts'
import type { LoginAttempt } from './scenario.ts'

/** A password in LOGIN7 is only disguised: half-bytes swapped, then XOR with 0xA5. */
const revealPassword = (disguised: Buffer): string =>
  Buffer.from(disguised.map((byte) => (((byte ^ 0xa5) << 4) | ((byte ^ 0xa5) >> 4)) & 0xff)).toString(
    'utf16le',
  )

/** Where LOGIN7 keeps offset and length, in characters, of its texts (MS-TDS 2.2.6.4). */
const places = { user: 40, password: 44, app: 48, database: 68 } as const

const bytesAt = (login: Buffer, place: number): Buffer => {
  const from = login.readUInt16LE(place)
  return login.subarray(from, from + login.readUInt16LE(place + 2) * 2)
}

/** First bytes of the versions whose tokens are written here: TDS 7.2, 7.3, 7.4 and 8.0. Older ones count rows in 4 bytes. */
const spokenVersions: readonly number[] = [0x72, 0x73, 0x74, 0x08]

/** Reads LOGIN7; throws on a version of TDS that the stand-in does not speak. */
export const readLogin = (login: Buffer): LoginAttempt & { readonly tdsVersion: Buffer } => {
  const tdsVersion = login.subarray(4, 8)
  if (!spokenVersions.includes(tdsVersion.readUInt8(3))) throw new NotTds()
  return {
    tdsVersion,
    user: bytesAt(login, places.user).toString('utf16le'),
    password: revealPassword(bytesAt(login, places.password)),
    database: bytesAt(login, places.database).toString('utf16le') || 'master',
    app: bytesAt(login, places.app).toString('utf16le'),
  }
}
