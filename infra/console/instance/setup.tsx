import type { Instance } from '../../../shared/model/instance.ts'
import { Loading, Trouble } from '../parts/notice.tsx'
import { mayChange } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { useRemote } from '../state/remote.ts'
import { Acknowledgements } from './acknowledgements.tsx'
import { Schedule } from './schedule.tsx'
import { Validation } from './validation.tsx'
import { Windows } from './windows.tsx'

/** When an instance is prechecked and when not, what is accepted of it, and whether it can be reached. */
export const Setup = ({ id }: { readonly id: string }) => {
  const registration = useRemote<Instance>(`v1/instances/${encodeURIComponent(id)}`, 0)
  const instance = registration.body.value
  if (instance === null) {
    return (
      <>
        <Loading of={registration} />
        <Trouble of={registration} />
      </>
    )
  }
  const changing = { instance, refresh: registration.refresh }
  return (
    <>
      {!mayChange() && <p class="hint">{say().mayNotChange}</p>}
      <Schedule {...changing} />
      <Windows {...changing} />
      <Acknowledgements id={id} />
      <Validation {...changing} />
    </>
  )
}
