import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  dingTalkSignature,
  feishuSignature,
  standardSignature,
} from '../../../shared/webhooks/formats/signature.ts'
import { webhookSecretOf } from '../../../shared/webhooks/model/webhook-secret.ts'

const now = new Date('2026-11-21T02:00:00.000Z')
const seconds = now.getTime() / 1000
const id = 'evt_0123456789abcdef0123456789abcdef'
const body = '{"text":"数据库 <é>"}'

const webhookId = 'wh_0123456789abcdef'
const older = webhookSecretOf('master', webhookId, 1)
const newer = webhookSecretOf('master', webhookId, 2)

beforeEach(() => {
  vi.useFakeTimers({ now })
  return () => vi.useRealTimers()
})

const headersWith = (signature: string) => ({
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': signature,
})

describe('the secret of a webhook', () => {
  it('is 32 bytes behind whsec_, always the same for the same key, webhook and version', () => {
    expect(older).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(webhookSecretOf('master', webhookId, 1)).toBe(older)
  })

  it('is another one for another key, webhook or version', () => {
    const others = [newer, webhookSecretOf('other', webhookId, 1), webhookSecretOf('master', 'wh_0', 1)]
    expect(new Set([older, ...others]).size).toBe(4)
  })

  it('follows from the master key as is documented, so that a receiver can be told again', () => {
    const expected = createHmac('sha256', 'master').update('wh_0123456789abcdef/2').digest('base64')
    expect(newer).toBe(`whsec_${expected}`)
  })
})

describe('the signature of Standard Webhooks', () => {
  it('is the one of the example of the specification', () => {
    // The key, id, time and payload that the libraries of the specification test themselves with.
    const signature = standardSignature(
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330,
      '{"test": 2432232314}',
    )
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('verifies', () => {
    const headers = headersWith(standardSignature([older], id, seconds, body))
    expect(new Webhook(older).verify(body, headers)).toEqual(JSON.parse(body))
  })

  it('verifies with either secret while they are rotated, and with no other', () => {
    const headers = headersWith(standardSignature([newer, older], id, seconds, body))
    for (const secret of [newer, older]) {
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
    }
    const stranger = new Webhook(webhookSecretOf('master', webhookId, 3))
    expect(() => stranger.verify(body, headers)).toThrow('No matching signature found')
  })

  it.each([
    ['another body', body.replace('é', 'e'), {}],
    ['another id', body, { 'webhook-id': 'evt_f' }],
    ['another time', body, { 'webhook-timestamp': String(seconds + 1) }],
  ])('does not verify %s', (_, received, changed) => {
    const headers = { ...headersWith(standardSignature([older], id, seconds, body)), ...changed }
    expect(() => new Webhook(older).verify(received, headers)).toThrow('No matching signature found')
  })
})

describe('the signatures of robots', () => {
  const secret = 'SEC0123456789'

  it('of DingTalk signs time and secret with the secret', () => {
    const expected = createHmac('sha256', secret).update(`1795226400000\n${secret}`).digest('base64')
    expect(dingTalkSignature(secret, 1_795_226_400_000)).toBe(expected)
  })

  it('of Feishu signs nothing with time and secret', () => {
    const expected = createHmac('sha256', `1795226400\n${secret}`).update('').digest('base64')
    expect(feishuSignature(secret, 1_795_226_400)).toBe(expected)
  })
})
