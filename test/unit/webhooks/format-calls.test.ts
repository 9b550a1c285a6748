import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { CalledFormat } from '../../../shared/webhooks/model/webhook.ts'
import { WebhookEvent, precheckEvent } from '../../../shared/webhooks/events/event.ts'
import { formats } from '../../../shared/webhooks/formats/catalogue.ts'
import type { CallRequest } from '../../../shared/webhooks/formats/format.ts'
import { webhookSecretOf } from '../../../shared/webhooks/model/webhook-secret.ts'
import { completedOf, itemResult, simpleDatabase } from '../../support/completed-prechecks.ts'

const now = new Date('2026-11-21T02:00:10.500Z')
const event = precheckEvent(
  completedOf({ results: [itemResult([simpleDatabase('Sales')])] }),
  'precheck.failed',
  'en',
)
const secrets = [2, 1].map((version) => webhookSecretOf('master', 'wh_0123456789abcdef', version))

const callOf = (format: CalledFormat, over: Partial<CallRequest> = {}) =>
  formats[format].callOf({
    event,
    address: 'https://hooks.example.com/robot?access_token=t%2F1',
    secrets,
    signingSecret: null,
    now,
    ...over,
  })

const signed = (time: Date): string =>
  createHmac('sha256', 'SEC1').update(`${time.getTime()}\nSEC1`).digest('base64')

beforeEach(() => {
  vi.useFakeTimers({ now })
  return () => vi.useRealTimers()
})

describe('a call', () => {
  it('in json is a CloudEvent whose signature verifies with both secrets of a rotation', () => {
    const { url, headers, body } = callOf('json')
    expect(url).toBe('https://hooks.example.com/robot?access_token=t%2F1')
    expect(headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'backup-precheck',
      'webhook-id': event.id,
      'webhook-timestamp': '1795226410',
    })
    for (const secret of secrets) {
      expect(WebhookEvent.parse(new Webhook(secret).verify(body, { ...headers }))).toEqual(event)
    }
  })

  it('is signed anew for each attempt, with the same id', () => {
    const later = callOf('json', { now: new Date(now.getTime() + 5000) })
    const { headers, body } = callOf('json')
    expect(later.headers['webhook-id']).toBe(headers['webhook-id'])
    expect(later.headers['webhook-signature']).not.toBe(headers['webhook-signature'])
    expect(later.body).toBe(body)
  })

  it.each(CalledFormat.options.filter((format) => format !== 'json'))(
    'to %s goes to its address as it is, without headers of ours and without the secrets of the format json',
    (format) => {
      const { url, headers, body } = callOf(format)
      expect(url).toBe('https://hooks.example.com/robot?access_token=t%2F1')
      expect(headers).toEqual({
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'backup-precheck',
      })
      expect(body).not.toContain('whsec_')
      expect(JSON.parse(body)).not.toHaveProperty('sign')
    },
  )

  it.each([
    ['https://oapi.dingtalk.com/robot/send?access_token=t', 't'],
    ['https://oapi.dingtalk.com/robot/send', null],
  ])('to DingTalk has time and signature in the address %s', (address, token) => {
    // This second is one whose signature holds characters that mean something in a query.
    const odd = Array.from({ length: 500 }, (_, ms) => new Date(now.getTime() + ms)).find((time) =>
      /\+.*\/|\/.*\+/.test(signed(time)),
    )!
    const url = new URL(callOf('dingtalk', { address, signingSecret: 'SEC1', now: odd }).url)
    expect(url.searchParams.get('access_token')).toBe(token)
    expect(url.searchParams.get('timestamp')).toBe(String(odd.getTime()))
    expect(url.searchParams.get('sign')).toBe(signed(odd))
  })

  it('to Feishu has time and signature in the body', () => {
    const { url, body } = callOf('feishu', { signingSecret: 'SEC1' })
    const expected = createHmac('sha256', '1795226410\nSEC1').update('').digest('base64')
    expect(JSON.parse(body)).toMatchObject({ timestamp: '1795226410', sign: expected })
    expect(url).not.toContain('sign')
  })
})

describe('the answer of a robot', () => {
  it.each<[CalledFormat, number, string]>([
    ['json', 200, 'whatever'],
    ['json', 500, ''],
    ['dingtalk', 200, '{"errcode":0,"errmsg":"ok"}'],
    ['wecom', 200, '{"errcode":0,"errmsg":"ok"}'],
    ['feishu', 200, '{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}'],
    ['feishu', 200, '{"Extra":null,"StatusCode":0,"StatusMessage":"success"}'],
    ['slack', 200, 'ok'],
    ['slack', 200, 'ok\n'],
  ])('of %s with %i %s is no refusal', (format, status, body) => {
    expect(formats[format].refusalOf(status, body)).toBeNull()
  })

  it.each<[CalledFormat, number, string, string, number | null]>([
    [
      'dingtalk',
      200,
      '{"errcode":310000,"errmsg":"sign not match"}',
      'dingtalk 310000: sign not match',
      null,
    ],
    ['dingtalk', 200, '{"errcode":130101,"errmsg":"send too fast"}', '130101', 600_000],
    ['wecom', 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', '93000', null],
    ['wecom', 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', '45009', 60_000],
    ['feishu', 200, '{"code":19021,"msg":"sign match fail"}', 'feishu 19021: sign match fail', null],
    ['feishu', 200, '{"code":11232,"msg":"frequency limited"}', '11232', 60_000],
    ['feishu', 400, '{"code":9499,"msg":"too many request"}', '9499', 60_000],
    ['feishu', 200, '{"StatusCode":19001,"StatusMessage":"param invalid"}', '19001: param invalid', null],
    ['slack', 200, 'invalid_payload', 'slack: invalid_payload', null],
    ['slack', 429, 'rate_limited', 'slack: rate_limited', 60_000],
    ['slack', 500, 'ok', 'slack: ok', null],
    ['slack', 404, 'No service', 'slack: No service', null],
    // What is no word of Slack is not repeated: the address may lead to something else.
    ['slack', 200, 'db.password=hunter2', 'slack: not an answer of a robot', null],
    ['dingtalk', 500, '{"errcode":0}', 'dingtalk 0', null],
    // A page of a proxy, an empty answer and another JSON are no consent.
    ['dingtalk', 200, '<html>Log in</html>', 'not an answer of a robot', null],
    ['wecom', 200, '', 'not an answer of a robot', null],
    ['feishu', 200, '{"ok":true}', 'not an answer of a robot', null],
    ['feishu', 200, 'null', 'not an answer of a robot', null],
  ])('of %s with %i %s is a refusal', (format, status, body, detail, retryAfterMs) => {
    expect(formats[format].refusalOf(status, body)).toEqual({
      detail: expect.stringContaining(detail),
      retryAfterMs,
    })
  })

  it('is kept short and on one line', () => {
    const errmsg = `line\n\u001B[31m${'x'.repeat(5000)}`
    const detail = formats.wecom.refusalOf(200, JSON.stringify({ errcode: 1, errmsg }))?.detail ?? ''
    expect(detail.length).toBeLessThanOrEqual(200)
    expect(detail).toMatch(/^wecom 1: line \[31mx+…$/)
  })
})
