/**
 * Events that a webhook can ask for. `precheck.failed`: a planned operation would fail, or could not be judged (could
 * not check is never green); `precheck.recovered`: it is better than the last result; `precheck.completed`: every full
 * precheck; `precheck.reminder`: what failed has stood for days without news; `protection.at-risk`: of some database
 * more would be lost than its objective allows, and that was not so before; `protection.restored`: of none any more;
 * `night.digest`: what became of a night, in place of single messages about its prechecks; `precheck.missed`: of a
 * night some did not start in time, since the service was down or too busy.
 *
 * These are plain lists, since the console offers them and has no schemas.
 */
export const eventTypes = [
  'precheck.failed',
  'precheck.warning',
  'precheck.recovered',
  'precheck.completed',
  'precheck.reminder',
  'sweep.completed',
  'night.digest',
  'precheck.missed',
  'protection.at-risk',
  'protection.restored',
] as const

/** `json`: CloudEvents signed as Standard Webhooks say; the others are messages to the robots of chat services. */
export const calledFormats = ['json', 'dingtalk', 'feishu', 'wecom', 'slack'] as const

/** How an event is told: in a call of an address, or by e-mail. */
export const webhookFormats = [...calledFormats, 'email'] as const
