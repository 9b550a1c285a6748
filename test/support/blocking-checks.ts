import { writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { serveChecks } from '../../infra/host/serve-checks.ts'
import { realProbes } from '../../shared/runtime/probes.ts'
import { spell, spellFile } from './spell.ts'

/** Program of the check threads with real probes, in which some bytes keep their driver busy for ever. */
const bytes = Buffer.from(spell, 'utf16le')

const computeForEver = (): never => {
  for (let turns = 0; ; turns += 1);
}

// eslint-disable-next-line typescript/unbound-method -- called with the socket that it is a method of
const { push } = Socket.prototype
Socket.prototype.push = function pushOrBlock(
  this: Socket,
  chunk: unknown,
  encoding?: BufferEncoding,
): boolean {
  const isSpell = Buffer.isBuffer(chunk) && chunk.includes(bytes)
  // Metered and noted there.
  const isWanted = push.call(this, chunk, encoding)
  if (isSpell) {
    writeFileSync(process.env[spellFile] ?? '', '')
    computeForEver()
  }
  return isWanted
}

serveChecks(realProbes)
