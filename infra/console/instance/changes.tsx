import type { PrecheckView } from '../../../functions/api/views/precheck-view.ts'
import { say } from '../state/reader.ts'

type Comparison = NonNullable<PrecheckView['comparison']>
type Lists = Pick<Comparison, 'new' | 'resolved' | 'undetermined'>

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

/** What came and went between two results. */
export const ChangeLists = ({
  changes: { new: came, resolved, undetermined },
}: {
  readonly changes: Lists
}) => {
  const texts = say()
  if (came.length + resolved.length + undetermined.length === 0) return <p>{texts.nothingChanged}</p>
  return (
    <>
      <Part title={texts.newFindings} found={came} />
      <Part title={texts.resolvedFindings} found={resolved} />
      <Part title={texts.undeterminedFindings} found={undetermined} />
    </>
  )
}

/** What changed since the result before. */
export const Changes = ({ comparison }: { readonly comparison: Comparison }) => {
  const texts = say()
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">{texts.changes}</h2>
      {comparison.previousPrecheckId === null ? (
        <p>{texts.firstResult}</p>
      ) : (
        <ChangeLists changes={comparison} />
      )}
    </section>
  )
}
