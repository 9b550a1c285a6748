import { describe, expect, it } from 'vitest'
import { renderNotRun } from '../../../shared/model/not-run-reasons.ts'
import { notRunCodes } from '../../../shared/model/sweep.ts'

const params = {
  reason: 'patch',
  until: '2026-11-21T03:00:00.000Z',
  precheckId: 'pc_1',
  host: 'db.example',
  limit: 4,
  latestAt: '2026-11-21T04:00:00.000Z',
}

describe.each(notRunCodes)('%s', (code) => {
  it('has a text in both languages, with every gap filled', () => {
    const texts = (['en', 'zh'] as const).map((locale) => renderNotRun({ code, params }, locale))
    expect(texts[0]).toMatch(/^[ -~]+$/)
    expect(texts[1]).toMatch(/[\u4e00-\u9fff]/)
    for (const text of texts) expect(text).not.toMatch(/[{}]/)
  })
})

it('a code of another version is shown as it is', () => {
  expect(renderNotRun({ code: 'toString', params: { left: 1 } }, 'en')).toBe('toString {"left":1}')
})
