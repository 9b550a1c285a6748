import { type Alarm, type LogSource, type MetricSource, alarms, metricNamespaces } from './alarms.ts'
import { type LogPlace, dashboard } from './dashboard.ts'
import { countQuery } from './log-query.ts'

/** Where alarms are raised, and who hears of them. */
export interface OperationsPlace extends LogPlace {
  readonly account: string
  /** A contact group of CloudMonitor, and an action policy of Simple Log Service. */
  readonly contactGroup: string
  readonly actionPolicy: string
  /** When the night should be over: `HH:MM` on the clock of this offset from UTC (`+0800`). */
  readonly nightCompletedBy: string
  readonly utcOffset: string
}

/** What the command `aliyun` is asked to do, with `instead` where the first is refused since it is there already. */
export interface CloudRequest {
  readonly title: string
  readonly args: readonly string[]
  readonly instead?: readonly string[]
}

/** As Simple Log Service counts them ("Data structure of an alert rule"): 10 critical, 6 medium. */
const severities = { critical: 10, warning: 6 } as const
const escalations = { critical: 'Critical', warning: 'Warn' } as const

/** Nobody is told of the same again within this time, s. */
const silenceSeconds = 3600

const runbookOf = ({ name }: Alarm): string => `docs/operations.md#${name}`

const scheduleOf = ({ looks }: LogSource, { nightCompletedBy, utcOffset }: OperationsPlace) => {
  if (looks === 'every') return { type: 'FixedRate', interval: '5m' }
  const [hours, minutes] = nightCompletedBy.split(':').map(Number)
  return { type: 'Cron', cronExpression: `${minutes} ${hours} * * *`, timeZone: utcOffset }
}

/** An alert rule of Simple Log Service ("Data structure of an alert rule", its manual). */
const alertRule = (alarm: Alarm, source: LogSource, place: OperationsPlace) => ({
  name: `precheck-${alarm.name}`,
  displayName: `Backup Precheck: ${alarm.name}`,
  description: alarm.meaning,
  type: 'Alert',
  status: 'Enabled',
  schedule: scheduleOf(source, place),
  configuration: {
    version: '2.0',
    type: 'default',
    dashboard: 'internal-alert-analysis',
    queryList: [
      {
        storeType: 'log',
        region: place.region,
        project: place.project,
        store: place.logstore,
        query: countQuery(source.lines),
        timeSpanType: 'Relative',
        start: `-${source.windowMinutes}m`,
        end: 'now',
        powerSqlMode: 'auto',
      },
    ],
    groupConfiguration: { type: 'no_group', fields: [] },
    joinConfigurations: [],
    severityConfigurations: [
      {
        severity: severities[alarm.severity],
        evalCondition: { condition: source.raisedBy, countCondition: '' },
      },
    ],
    labels: [],
    annotations: [
      { key: 'title', value: alarm.meaning },
      { key: 'desc', value: `\${n} lines. Runbook: ${runbookOf(alarm)}` },
    ],
    autoAnnotation: true,
    sendResolved: true,
    threshold: 1,
    noDataFire: false,
    noDataSeverity: severities.warning,
    policyConfiguration: {
      alertPolicyId: 'sls.builtin.dynamic',
      actionPolicyId: place.actionPolicy,
      repeatInterval: '1h',
      useDefault: false,
    },
  },
})

/** Options of the command `aliyun`, without their dashes. */
const commandLine = (
  product: string,
  operation: string,
  options: Readonly<Record<string, string>>,
): readonly string[] => [
  product,
  operation,
  ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
]

const alertRequest = (alarm: Alarm, source: LogSource, place: OperationsPlace): CloudRequest => {
  const rule = alertRule(alarm, source, place)
  const { region, project } = place
  const body = JSON.stringify(rule)
  return {
    title: `alert ${rule.name}`,
    args: commandLine('sls', 'CreateAlert', { region, project, body }),
    instead: commandLine('sls', 'UpdateAlert', { region, project, alertName: rule.name, body }),
  }
}

const dimensionsOf = ({ metric }: MetricSource, name: string, { account, region }: OperationsPlace) =>
  metric === 'queue'
    ? { userId: account, region, queue: name }
    : { userId: account, region, serviceName: '', functionName: name }

/** Rules of CloudMonitor ("PutResourceMetricRule", its manual); a rule of the same id is replaced. */
const ruleRequests = (alarm: Alarm, source: MetricSource, place: OperationsPlace): CloudRequest[] =>
  source.of.map((name) => {
    const id = `precheck-${alarm.name}-${name}`
    const escalation = `Escalations.${escalations[alarm.severity]}`
    const options = {
      region: place.region,
      RuleId: id,
      RuleName: id,
      Namespace: metricNamespaces[source.metric],
      MetricName: source.name,
      Resources: JSON.stringify([dimensionsOf(source, name, place)]),
      ContactGroups: place.contactGroup,
      EmailSubject: `Backup Precheck: ${alarm.meaning} (${runbookOf(alarm)})`,
      Period: String(source.periodSeconds),
      Interval: String(source.periodSeconds),
      SilenceTime: String(silenceSeconds),
      NoDataPolicy: 'OK',
      [`${escalation}.ComparisonOperator`]: 'GreaterThanOrEqualToThreshold',
      [`${escalation}.Statistics`]: source.statistics,
      [`${escalation}.Threshold`]: String(source.threshold),
      [`${escalation}.Times`]: String(source.periods),
    }
    return { title: `rule ${id}`, args: commandLine('cms', 'PutResourceMetricRule', options) }
  })

const dashboardRequest = (place: OperationsPlace): CloudRequest => {
  const { region, project } = place
  const shown = dashboard(place)
  const { dashboardName } = shown
  const body = JSON.stringify(shown)
  return {
    title: `dashboard ${dashboardName}`,
    args: commandLine('sls', 'CreateDashboard', { region, project, body }),
    instead: commandLine('sls', 'UpdateDashboard', { region, project, dashboardName, body }),
  }
}

/** Everything that the alarms and the dashboard take, in any order; each may be repeated. */
export const operationRequests = (place: OperationsPlace): readonly CloudRequest[] => [
  dashboardRequest(place),
  ...alarms.flatMap((alarm) =>
    alarm.source.kind === 'log'
      ? [alertRequest(alarm, alarm.source, place)]
      : ruleRequests(alarm, alarm.source, place),
  ),
]
