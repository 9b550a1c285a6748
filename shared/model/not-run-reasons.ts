import { type Locale, type Message, type Text, fill } from './message.ts'
import type { NotRunCode } from './sweep.ts'

/** Why an instance was not prechecked in a sweep, or waits in it. */
const notRunReasons: Readonly<Record<NotRunCode, Text>> = {
  MAINTENANCE_WINDOW: {
    en: 'The instance is in a maintenance window until {until}: {reason}',
    zh: '该实例处于维护窗口，至 {until} 结束：{reason}',
  },
  HOST_BUSY: {
    en: 'No more than {limit} prechecks of sweeps run on {host} at a time, and none of these places was free.',
    zh: '{host} 上最多同时运行 {limit} 个巡检预检，没有空闲名额。',
  },
  PRECHECK_RUNNING: {
    en: 'Another precheck of the instance was running ({precheckId}).',
    zh: '该实例的另一次预检正在运行（{precheckId}）。',
  },
  WINDOW_MISSED: {
    en: 'The precheck did not start in time: until {latestAt} the service was not running or too busy.',
    zh: '预检未能及时启动：截至 {latestAt}，服务未运行或过于繁忙。',
  },
  INSTANCE_REMOVED: {
    en: 'The instance was removed or disabled after the sweep had begun.',
    zh: '巡检开始后，该实例已被移除或停用。',
  },
  NIGHT_REPEATED: {
    en: 'The clock of the service was set, and the instance had been prechecked in this night already.',
    zh: '服务的时钟被调整过，该实例当夜已完成预检。',
  },
}

const isKnown = (code: string): code is NotRunCode => Object.hasOwn(notRunReasons, code)

/** Why an instance was not prechecked or waits, in a language. A code of another version is shown as it is. */
export const renderNotRun = ({ code, params }: Message, locale: Locale): string =>
  isKnown(code) ? fill(notRunReasons[code], params, locale) : `${code} ${JSON.stringify(params)}`
