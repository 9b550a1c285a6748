import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { say } from '../state/reader.ts'

type Comparison = NonNullable<PrecheckView['comparison']>

const Part = ({ title, found }: { readonly title: string; readonly found: Comparison['new'] }) =>
  found.length === 0 ? null : (
    <>
      <h3>
        {title} <small>{found.length}</small>
      </h3>
      <ul>
        {found.map((finding) => (
          <li key={finding.fingerprint}>{finding.text}</li>
        ))}
      </ul>
    </>
  )

/** What changed since the result before. */
export const Changes = ({ comparison }: { readonly comparison: Comparison }) => {
  const texts = say()
  const { new: came, resolved, undetermined, previousPrecheckId } = comparison
  const isQuiet = came.length + resolved.length + undetermined.length === 0
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">{texts.changes}</h2>
      {previousPrecheckId === null && <p>{texts.firstResult}</p>}
      {previousPrecheckId !== null && isQuiet && <p>{texts.nothingChanged}</p>}
      {previousPrecheckId !== null && (
        <>
          <Part title={texts.newFindings} found={came} />
          <Part title={texts.resolvedFindings} found={resolved} />
          <Part title={texts.undeterminedFindings} found={undetermined} />
        </>
      )}
    </section>
  )
}
