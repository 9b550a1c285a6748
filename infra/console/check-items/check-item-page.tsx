import type { ComponentChildren } from 'preact'
import type { CheckItemView } from '../../../functions/api/resources/check-items.ts'
import { Awaited } from '../parts/awaited.tsx'
import { Copyable } from '../parts/copy.tsx'
import { linkTo } from '../state/address.ts'
import { useRemote } from '../state/remote.ts'
import { told } from '../state/told.ts'

const Part = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }) => (
  <section aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
)

const List = ({ of: lines }: { readonly of: readonly string[] }) => (
  <ul>
    {lines.map((line) => (
      <li key={line}>{line}</li>
    ))}
  </ul>
)

const About = ({ item }: { readonly item: CheckItemView }) => {
  const texts = told().checkItems
  return (
    <>
      <p class="hint">
        <code>{item.id}</code> · {item.engine === 'all' ? texts.everyEngine : item.engine} · {item.set}
      </p>
      <p>{item.description}</p>
      {item.findings.length > 0 && (
        <Part title={texts.says}>
          <dl>
            {item.findings.map(({ code, text }) => (
              <div key={code}>
                <dt>
                  <code>{code}</code>
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </Part>
      )}
      {item.blindSpots.length > 0 && (
        <Part title={texts.blindSpots}>
          <List of={item.blindSpots} />
        </Part>
      )}
      <Part title={texts.queries}>
        {item.queries.length === 0 && <p>{texts.noQueries}</p>}
        {item.queries.map((query) => (
          <Copyable key={query} text={query} />
        ))}
      </Part>
      <Part title={texts.rights}>
        {item.privileges.length === 0 ? <p>{texts.noRights}</p> : <List of={item.privileges} />}
      </Part>
      {item.fixes.length > 0 && (
        <Part title={texts.fixes}>
          <List of={item.fixes} />
        </Part>
      )}
      <Part title={texts.manuals}>
        <ul>
          {item.documents.map((address) => (
            <li key={address}>
              <a href={address} rel="noreferrer">
                {address}
              </a>
            </li>
          ))}
        </ul>
      </Part>
    </>
  )
}

/** One check item: all that it does, says and needs. */
export const CheckItemPage = ({ id }: { readonly id: string }) => {
  const texts = told().checkItems
  const item = useRemote<CheckItemView>(`v1/check-items/${encodeURIComponent(id)}`, 0)
  return (
    <>
      <p class="no-print">
        <a href={linkTo(['check-items'])}>{texts.list}</a>
      </p>
      <h1>{item.body.value?.title ?? id}</h1>
      <Awaited what={item} missing={{ code: 'CHECK_ITEM_NOT_FOUND', text: texts.missing }} />
      {item.body.value && <About item={item.body.value} />}
    </>
  )
}
