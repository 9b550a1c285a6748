import { signal } from '@preact/signals'

/** Ids of the instances that the reader has chosen, of all that are shown. */
export const selected = signal<ReadonlySet<string>>(new Set())

/** Chooses an instance, or lets go of it. */
export const toggle = (id: string): void => {
  const next = new Set(selected.value)
  if (!next.delete(id)) next.add(id)
  selected.value = next
}
