import { type LineFilter, seriesQuery } from './log-query.ts'

/** The Logstore of the functions. */
export interface LogPlace {
  readonly region: string
  readonly project: string
  readonly logstore: string
}

/** A chart: lines by hour, and by the values of a field. */
interface Chart {
  readonly title: string
  readonly lines: LineFilter
  readonly by: string
}

/** The charts of the dashboard. */
export const charts: readonly Chart[] = [
  {
    title: 'Prechecks by outcome',
    lines: { word: 'precheck.completed', is: { event: 'precheck.completed' } },
    by: 'outcome',
  },
  {
    title: 'Prechecks by what ended them',
    lines: { word: 'precheck.completed', is: { event: 'precheck.completed' } },
    by: 'endedBy',
  },
  {
    title: 'Check items by status',
    lines: { word: 'check-item.completed', is: { event: 'check-item.completed' } },
    by: 'status',
  },
  {
    title: 'Sweeps completed',
    lines: { word: 'sweep.completed', is: { event: 'sweep.completed' } },
    by: 'kind',
  },
  {
    title: 'Requests that changed something or were refused, by status',
    lines: { word: 'api.request', is: { event: 'api.request' } },
    by: 'status',
  },
  { title: 'Errors by event', lines: { word: 'error', is: { level: 'error' } }, by: 'event' },
  {
    title: 'Deliveries given up, by reason',
    lines: { word: 'delivery.dead', is: { event: 'delivery.dead' } },
    by: 'code',
  },
]

/** Size of a chart on the grid of 10 columns of a dashboard. */
const size = { width: 5, height: 5 } as const

/** The dashboard as Simple Log Service takes it ("CreateDashboard", its manual). */
export const dashboard = ({ logstore }: LogPlace) => ({
  dashboardName: 'backup-precheck',
  displayName: 'Backup Precheck',
  description: 'Prechecks, nights, requests and deliveries of the last week',
  attribute: {},
  charts: charts.map(({ title, lines, by }, index) => ({
    title: `chart-${index + 1}`,
    type: 'flow',
    search: { logstore, topic: '', query: seriesQuery(lines, by), start: '-604800s', end: 'now' },
    display: {
      displayName: title,
      xAxis: ['hour'],
      yAxis: ['n'],
      aggColumn: 'series',
      xPos: (index % 2) * size.width,
      yPos: Math.floor(index / 2) * size.height,
      ...size,
    },
  })),
})
