import { say } from '../state/reader.ts'

const save = (name: string, text: string): void => {
  // Spreadsheets take a file for one in UTF-8 by its first character.
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** What a page shows, as a file that spreadsheets and auditors take. */
export const DownloadCsv = ({ name, table }: { readonly name: string; readonly table: () => string }) => (
  <button type="button" class="no-print" onClick={() => save(name, table())}>
    {say().csv}
  </button>
)
