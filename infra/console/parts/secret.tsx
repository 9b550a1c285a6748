import { told } from '../state/told.ts'
import { Copyable } from './copy.tsx'

/** A secret that the service shows once. */
export const Secret = ({
  title,
  secret,
  onSeen,
}: {
  readonly title: string
  readonly secret: string
  readonly onSeen: () => void
}) => (
  <section class="note risk" aria-label={title}>
    <p role="alert">
      <strong>{title}</strong> {told().secret.once}
    </p>
    <Copyable text={secret} />
    <button type="button" onClick={onSeen}>
      {told().secret.seen}
    </button>
  </section>
)
