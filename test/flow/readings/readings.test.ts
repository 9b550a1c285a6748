import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvOf } from '../../../functions/api/readings/csv.ts'
import { htmlOf } from '../../../functions/api/readings/html.ts'
import { junitOf } from '../../../functions/api/readings/junit.ts'
import { nagiosOf } from '../../../functions/api/readings/nagios.ts'
import { precheckView } from '../../../functions/api/views/precheck-view.ts'
import { Locale } from '../../../shared/model/message.ts'
import type { FleetMember } from '../../../shared/model/standing.ts'
import { accessibilityFaults, hasBrowser, startBrowser } from '../../support/browser.ts'
import {
  acknowledgementOf,
  itemResult,
  lastOf,
  riskyDatabase,
  simpleDatabase,
  undeterminedItem,
} from '../../support/completed-prechecks.ts'
import { propertyRuns } from '../../support/property-runs.ts'

/** The readers of Debian: each is of somebody else, and knows nothing of this project. */
const python = '/usr/bin/python3'
const canRun = (program: string, args: readonly string[]): boolean => spawnSync(program, args).status === 0
const hasJunit = canRun(python, ['-c', 'import junitparser'])
const hasPlugin = canRun('perl', ['-MMonitoring::Plugin::Performance', '-e', '1'])
const hasPython = canRun(python, ['-c', 'import csv'])

/** Runs a program of a reader over texts, and gives what it read of each. */
const readBy = (command: string, args: readonly string[], texts: readonly string[]): unknown[] =>
  JSON.parse(
    execFileSync(command, [...args], { input: JSON.stringify(texts), encoding: 'utf8', maxBuffer: 1e8 }),
  ) as unknown[]

const hostile = `</pre><script>alert('1')</script>|\u0000\u0007"&]]>\uFFFE=1'`

const nights = [{ results: [itemResult([simpleDatabase('HR')])] }]
const mixed = lastOf(...nights, {
  results: [
    itemResult([simpleDatabase(hostile), riskyDatabase('Sales')]),
    undeterminedItem(),
    itemResult([], 'SQL_SERVER_DB_NOT_ONLINE'),
    itemResult([riskyDatabase('Orders')], 'SQL_SERVER_LAST_BACKUP'),
  ],
  acknowledgements: [acknowledgementOf('Sales')],
})
const healthy = lastOf({ results: [itemResult([])] })
const view = precheckView(mixed, 'en')

/** Junit's own numbers, and those that the reader counts. */
const junitProgram = `
import json, sys
from junitparser import JUnitXml
def read(text):
    whole = JUnitXml.fromstring(text.encode())
    said = [whole.tests, whole.failures, whole.errors, whole.skipped]
    cases = [[case.name, case.classname, [type(r).__name__ for r in case.result], [r.text for r in case.result],
              case.system_out] for suite in whole for case in suite]
    whole.update_statistics()
    return {'said': said, 'counted': [whole.tests, whole.failures, whole.errors, whole.skipped], 'cases': cases}
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
`

describe.skipIf(!hasJunit)('as a report of JUnit, read by junitparser (python3-junitparser)', () => {
  it('a precheck is a suite with a case for each check item', () => {
    const [read] = readBy(python, ['-c', junitProgram], [junitOf(view)])
    const item = 'SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE'
    const classname = 'sqlserver.db1'
    expect(read).toMatchObject({ said: [4, 1, 1, 0], counted: [4, 1, 1, 0] })
    const { cases } = read as { cases: [string, string, string[], string[], string | null][] }
    expect(cases.map(([name, of, results]) => [name, of, results])).toEqual([
      [item, classname, ['Failure']],
      ['SERVICE_CONNECTIVITY', classname, ['Error']],
      ['SQL_SERVER_DB_NOT_ONLINE', classname, []],
      ['SQL_SERVER_LAST_BACKUP', classname, []],
    ])
    expect(cases[0]?.[3][0]).toContain(`ALTER DATABASE [`)
    expect(cases[0]?.[3][0]).toContain("<script>alert('1')</script>")
    expect(cases[3]?.[4]).toMatch(/warning: /)
  })

  it('whatever a server says is XML', () => {
    const texts = fc
      .sample(fc.string({ unit: 'binary', maxLength: 30 }), propertyRuns(30))
      .map((name) => junitOf({ ...view, instanceId: name, region: name }))
    expect(readBy(python, ['-c', junitProgram], texts)).toHaveLength(texts.length)
  })
})

const performanceProgram = `
use Monitoring::Plugin::Performance;
use JSON::PP;
binmode STDOUT, ':utf8';
sub critical { my $limit = shift->threshold->critical; return $limit->is_set ? $limit->end + 0 : undef }
sub reading {
  my ($line) = split /\\n/, shift;
  my ($said, $data) = split /\\|/, $line, 2;
  my @data = Monitoring::Plugin::Performance->parse_perfstring($data);
  return { said => $said, data => [map { [$_->label, $_->value + 0, $_->uom, critical($_), $_->max] } @data] };
}
my $texts = decode_json(do { local $/; <STDIN> });
print JSON::PP->new->encode([map { reading($_) } @$texts]);
`

describe.skipIf(!hasPlugin)('as a plugin of Nagios, read by libmonitoring-plugin-perl', () => {
  const read = (...texts: readonly string[]) => readBy('perl', ['-e', performanceProgram], texts)

  it('a precheck is a line with its state and its numbers', () => {
    const [bad, good] = read(nagiosOf(view, 'en'), nagiosOf(precheckView(healthy, 'zh'), 'zh'))
    expect(bad).toEqual({
      said: 'PRECHECK CRITICAL - db1: Failed; 3 of 4 check items judged; SQL_SERVER_DB_IN_SIMPLE_RECOVERY_MODE SERVICE_CONNECTIVITY ',
      data: [
        ['time', 9, 's', null, null],
        ['failed', 1, '', 0, '4'],
        ['undetermined', 1, '', null, '4'],
        ['warnings', 1, '', null, '4'],
        ['judged', 3, '', null, '4'],
        ...['full', 'incremental', 'log', 'restore'].map((operation) => [
          `ready_${operation}`,
          0,
          '',
          null,
          '3',
        ]),
      ],
    })
    expect(good).toMatchObject({ said: 'PRECHECK OK - db1: 通过; 已判定 1 个检查项中的 1 个 ' })
  })

  it('nothing that a server says is taken for numbers, or for another line', () => {
    const texts = nagiosOf(view, 'en').trimEnd().split('\n')
    expect(texts).toHaveLength(4)
    expect(texts.slice(1).join('')).not.toMatch(/\||\p{Cc}/u)
  })
})

const csvProgram = `
import csv, io, json, sys
print(json.dumps([list(csv.DictReader(io.StringIO(text, newline=''), strict=True)) for text in json.load(sys.stdin)]))
`

const member = (
  id: string,
  tags: FleetMember['tags'] = {},
  changes: Partial<FleetMember> = {},
): FleetMember => ({
  id,
  engine: 'oracle',
  region: 'cn-hangzhou',
  tags,
  enabled: true,
  runningId: null,
  last: {
    precheckId: mixed.id,
    outcome: 'failed',
    previousOutcome: null,
    completedAt: mixed.completedAt,
    new: 2,
    resolved: 0,
  },
  ...changes,
})

describe.skipIf(!hasPython)('as CSV, read by Python', () => {
  const read = (...fleet: readonly FleetMember[]) =>
    readBy(python, ['-c', csvProgram], [csvOf(fleet)])[0] as Readonly<Record<string, string>>[]

  it('the fleet is a row for each instance', () => {
    const rows = read(
      member('a', { team: 'orders, 运维', note: 'says "no"\nand more' }),
      member('b', {}, { last: null }),
    )
    expect(rows).toEqual([
      expect.objectContaining({
        instance: 'a',
        tags: 'team:orders, 运维 note:says "no"\nand more',
        enabled: 'true',
        outcome: 'failed',
        previousOutcome: '',
        new: '2',
      }),
      expect.objectContaining({ instance: 'b', outcome: '', completedAt: '', new: '' }),
    ])
  })

  it('no cell begins as a formula does, and none is lost', () => {
    const tag = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { minKeys: 1 })
    const fleet = fc.sample(tag, propertyRuns(100)).map((tags, index) => member(`i${index}`, tags))
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'].map((key) =>
      member('f', { [key]: 'x' }),
    )
    const rows = read(...fleet, ...formulas)
    const texts = [...fleet, ...formulas].map(({ tags }) =>
      Object.entries(tags)
        .map(([key, value]) => `${key}:${value}`)
        .join(' '),
    )
    const isFormula = (text: string): boolean =>
      ['=', '+', '-', '@', '\t', '\r'].some((sign) => text.startsWith(sign))
    expect(rows.map(({ tags }) => tags)).toEqual(texts.map((text) => (isFormula(text) ? `'${text}` : text)))
    for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
  })
})

describe.skipIf(!hasBrowser)('as a page, in a browser (chromium)', () => {
  it.each(Locale.options)(
    'a precheck is one file that everybody can read, and runs nothing (%s)',
    async (locale) => {
      const browser = await startBrowser()
      const page = await browser.newPage()
      const requests: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      page.on('dialog', (dialog) => requests.push(dialog.message()))
      for (const each of [mixed, healthy]) {
        await page.setContent(htmlOf(precheckView(each, locale), locale))
        expect(await accessibilityFaults(page)).toEqual([])
      }
      await page.setContent(htmlOf(precheckView(mixed, locale), locale))
      expect(await page.evaluate('document.documentElement.lang')).toBe({ en: 'en', zh: 'zh-Hans' }[locale])
      expect(await page.locator('script').count()).toBe(0)
      expect(await page.locator('h1').innerText()).toBe('db1')
      expect(await page.locator('pre').first().innerText()).toContain('ALTER DATABASE [')
      expect(await page.locator('main').innerText()).toContain("</pre><script>alert('1')</script>")
      expect(await page.locator('.outcome').innerText()).toBe({ en: 'Failed', zh: '未通过' }[locale])
      expect((await page.pdf()).subarray(0, 4).toString()).toBe('%PDF')
      expect(requests).toEqual([])
      await browser.close()
    },
  )
})
