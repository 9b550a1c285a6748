import { render } from 'preact'
import { App } from './app.tsx'
import { findSession } from './state/api.ts'

const root = document.querySelector('#console')
if (root) render(<App />, root)
void findSession()
