import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import type { ColumnValue } from 'tablestore'
import { withSchemaVersion } from '../../model/schema-version.ts'
import { DocumentTooLarge } from '../../ports/results.ts'

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/**
 * Bytes up to which a document stays readable text: with its key and its other columns it fits into one capacity unit
 * of 4 KB, so that compressing it would save nothing.
 */
const maxTextBytes = 3 * 1024

/** Bytes of the largest column (manual, "Limitations of the wide column model"). */
export const maxColumnBytes = 2 * 1024 * 1024

/** A quality that is quick: 44 MB, five items of 10,000 findings each, in half a second, to a thirtieth of it. */
const quality = 5

/** The longest window (16 MB), since a comparison says of findings what the results have said far before. */
const windowBits = constants.BROTLI_MAX_WINDOW_BITS

/** A JSON document as one column holds it: as text, or compressed (brotli) where that is cheaper. Rejects with `DocumentTooLarge`. */
export const toColumn = async (document: object): Promise<string | Buffer> => {
  const text = JSON.stringify(withSchemaVersion(document))
  const bytes = Buffer.from(text)
  if (bytes.length <= maxTextBytes) return text
  const compressed = await compress(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: windowBits,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })
  if (compressed.length <= maxColumnBytes) return compressed
  throw new DocumentTooLarge(
    `A document of ${bytes.length} bytes has ${compressed.length} compressed; a column holds at most ${maxColumnBytes}.`,
  )
}

/** The JSON text of a document that `toColumn` made. */
export const textOf = async (column: ColumnValue): Promise<string> =>
  Buffer.isBuffer(column) ? (await decompress(column)).toString('utf8') : String(column)
