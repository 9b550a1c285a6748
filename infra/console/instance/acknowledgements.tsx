import type { Acknowledgement } from '../../../shared/model/acknowledgement.ts'
import { Fault, Loading, Trouble } from '../parts/notice.tsx'
import { Sure } from '../parts/sure.tsx'
import { mayRun } from '../state/api.ts'
import { say } from '../state/reader.ts'
import { type PageOf, useRemote } from '../state/remote.ts'
import { useSending } from '../state/sending.ts'
import { ago, clockTime, exactTime, nowInSeconds, secondsOf } from '../state/times.ts'

/** What is accepted for now, by whom and until when; who may run may withdraw it. */
export const Acknowledgements = ({ id }: { readonly id: string }) => {
  const texts = say()
  const path = `v1/instances/${encodeURIComponent(id)}/acknowledgements`
  const known = useRemote<PageOf<Acknowledgement>>(path, 0)
  const sending = useSending()
  const body = known.body.value
  const withdraw = async (one: Acknowledgement): Promise<void> => {
    await sending.send(`${path}/${one.id}`, { method: 'DELETE' })
    await known.refresh()
  }
  return (
    <section aria-labelledby="acknowledgements">
      <h2 id="acknowledgements">{texts.acknowledgements}</h2>
      <p class="hint">{texts.acknowledgementsHint}</p>
      {body === null && <Loading of={known} />}
      <Trouble of={known} />
      {body?.items.length === 0 && <p>{texts.noAcknowledgements}</p>}
      <ul>
        {body?.items.map((one) => (
          <li key={one.id}>
            <code>{one.checkItem}</code> {texts.said(one.database ?? texts.wholeInstance, one.reason)}{' '}
            <small title={exactTime(secondsOf(one.expiresAt))}>
              {one.author}, {ago(secondsOf(one.acknowledgedAt), nowInSeconds())};{' '}
              {texts.expiresAt(clockTime(secondsOf(one.expiresAt)))}
            </small>{' '}
            {mayRun() && (
              <Sure label={texts.withdraw} what={texts.countsAgain} onYes={() => void withdraw(one)} />
            )}
          </li>
        ))}
      </ul>
      <Fault of={sending} />
    </section>
  )
}
