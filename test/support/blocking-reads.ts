import { writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { spell, spellFile } from './spell.ts'

const bytes = Buffer.from(spell, 'utf16le')

// Stands for whatever keeps a driver busy for ever. Loaded first, so that reads come by here last: metered and noted.
// eslint-disable-next-line typescript/unbound-method -- called with the socket that it is a method of
const { push } = Socket.prototype
Socket.prototype.push = function pushOrBlock(
  this: Socket,
  chunk: unknown,
  encoding?: BufferEncoding,
): boolean {
  const isSpell = Buffer.isBuffer(chunk) && chunk.includes(bytes)
  if (isSpell) writeFileSync(process.env[spellFile] ?? '', '')
  for (let turns = 0; isSpell; turns += 1);
  return push.call(this, chunk, encoding)
}
