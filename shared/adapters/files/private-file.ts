import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Mode of a file that only its owner can read. */
const ownerOnly = 0o600

const writeSynced = async (file: string, text: string): Promise<void> => {
  const handle = await open(file, 'w', ownerOnly)
  try {
    // One that a crash left behind keeps the mode that it has.
    await handle.chmod(ownerOnly)
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Writes a file that only its owner can read, or replaces it. It is there as a whole or not at all, and on disk once
 * this resolves. Rejects with what the system says.
 */
export const writePrivateFile = async (file: string, text: string): Promise<void> => {
  await writeSynced(`${file}.new`, text)
  await rename(`${file}.new`, file)
  await syncFolder(dirname(file))
}
