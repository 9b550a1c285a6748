import type { CalledFormat } from '../model/webhook.ts'
import { dingtalk } from './dingtalk.ts'
import { feishu } from './feishu.ts'
import type { Format } from './format.ts'
import { json } from './json.ts'
import { slack } from './slack.ts'
import { wecom } from './wecom.ts'

/** Every format of a call by its name. A new one is added here, and its name in `model/choices.ts`. */
export const formats: { readonly [Name in CalledFormat]: Format } = {
  json,
  dingtalk,
  feishu,
  wecom,
  slack,
}
