import { Component, type ComponentChildren } from 'preact'
import { FleetPage } from './fleet/fleet-page.tsx'
import { Switcher } from './fleet/switcher.tsx'
import { InstancePage } from './instance/instance-page.tsx'
import { NightPage } from './nights/night-page.tsx'
import { NightsPage } from './nights/nights-page.tsx'
import { SignIn } from './parts/sign-in.tsx'
import { SeldomPage } from './seldom-page.tsx'
import { linkTo, place } from './state/address.ts'
import { session, signOut } from './state/api.ts'
import { clock, say, switchClock, switchLanguage, switchTheme, theme } from './state/reader.ts'

/** Where the header leads, and the words for it. */
const links = [
  ['fleet', 'fleet'],
  ['nights', 'nights'],
  ['register', 'register'],
  ['check-items', 'checkItems'],
  ['policies', 'policies'],
  ['webhooks', 'webhooks'],
  ['tokens', 'tokens'],
] as const

const Header = () => {
  const texts = say()
  const [page = 'fleet'] = place.value.path
  const isIn = session.value !== 'none' && session.value !== 'unknown'
  return (
    <header class="no-print">
      <strong>{texts.product}</strong>
      {isIn && (
        <nav aria-label={texts.product}>
          {links.map(([name, text]) => (
            <a key={name} href={linkTo([name])} aria-current={page === name ? 'page' : undefined}>
              {texts[text]}
            </a>
          ))}
        </nav>
      )}
      <div class="tools">
        {typeof session.value === 'object' && (
          <>
            <Switcher />
            <span>{texts.scope(session.value.name, session.value.scope)}</span>
            <button type="button" onClick={() => void signOut()}>
              {texts.signOut}
            </button>
          </>
        )}
        <button type="button" onClick={switchClock}>
          {clock.value === 'utc' ? texts.localTime : 'UTC'}
        </button>
        <button type="button" onClick={switchTheme}>
          {theme.value === 'dark' ? texts.themeLight : texts.themeDark}
        </button>
        <button type="button" lang={texts.language === '中文' ? 'zh-Hans' : 'en'} onClick={switchLanguage}>
          {texts.language}
        </button>
      </div>
    </header>
  )
}

const Page = () => {
  const [page = 'fleet', id, part] = place.value.path
  if (page === 'fleet') return <FleetPage />
  if (page === 'nights') return id === undefined ? <NightsPage /> : <NightPage id={id} />
  if (page === 'instances' && id !== undefined) return <InstancePage id={id} part={part} />
  return <SeldomPage page={page} id={id} />
}

/** A fault of a page is said, and never a blank page. */
class Guard extends Component<{ children: ComponentChildren }, { fault: string | null }> {
  override state = { fault: null }

  override componentDidCatch(fault: unknown): void {
    this.setState({ fault: String(fault) })
  }

  override render() {
    const { fault } = this.state
    if (fault === null) return this.props.children
    return (
      <p role="alert" class="note bad">
        {say().broken} <code>{fault}</code>
      </p>
    )
  }
}

/** The console: who is signed in sees a page; whose session is over signs in above it. */
export const App = () => {
  const who = session.value
  if (who === 'unknown') return <p role="status">{say().loading}</p>
  return (
    <>
      <a class="skip" href="#contents" onClick={(event) => skip(event)}>
        {say().skip}
      </a>
      <Header />
      <main id="contents" tabIndex={-1}>
        {(who === 'none' || who === 'over') && <SignIn />}
        {who !== 'none' && (
          <div inert={who === 'over'}>
            <Guard key={place.value.path.join('/')}>
              <Page />
            </Guard>
          </div>
        )}
      </main>
    </>
  )
}

/** The part behind the # is the address of the page, so that the link must not change it. */
const skip = (event: Event): void => {
  event.preventDefault()
  document.querySelector<HTMLElement>('#contents')?.focus()
}
