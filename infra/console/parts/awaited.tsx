import { Freshness, Loading } from './notice.tsx'
import type { Remote } from '../state/remote.ts'

/** Until something is there: that it is read, why it cannot be, or, by the code of a problem, that there is none. */
export const Awaited = ({
  what,
  missing,
}: {
  readonly what: Remote<unknown>
  readonly missing?: { readonly code: string; readonly text: string }
}) => {
  if (what.body.value !== null) return null
  if (missing && what.problem.value?.code === missing.code) return <p>{missing.text}</p>
  return (
    <>
      <Loading of={what} />
      <Freshness of={what} />
    </>
  )
}
