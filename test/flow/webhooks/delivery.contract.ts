import { Webhook as Verifier } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deliveryBody } from '../../../shared/webhooks/delivery/delivery-body.ts'
import type { Mail, MailAnswer } from '../../../shared/webhooks/delivery/mail-sender.ts'
import { redeliver } from '../../../shared/webhooks/delivery/redeliver.ts'
import { rotateWebhookSecret } from '../../../shared/webhooks/rotate-webhook-secret.ts'
import { sendSample } from '../../../shared/webhooks/delivery/send-sample.ts'
import {
  type HttpAnswer,
  type HttpListener,
  type HttpRequest,
  listenHttp,
} from '../../emulators/http-listener.ts'
import {
  type DeliveryPorts,
  type DeliveryService,
  deliveryService,
  robotSecret,
} from '../../support/delivery-service.ts'
import { failedPrecheck } from '../../support/delivery-world.ts'
import { gate } from '../../support/gate.ts'
import { entryOf } from '../../support/nights.ts'

const start = Date.parse('2026-11-21T02:00:10.000Z')
const hourMs = 3_600_000

const accepting: HttpAnswer = { status: 204, body: '' }

/** Verifies a request as of the time that it says it was sent at: tests have moved on since then. */
const verify = ({ headers, body }: HttpRequest, secret: string): unknown => {
  vi.setSystemTime(Number(headers['webhook-timestamp']) * 1000)
  return new Verifier(secret).verify(body.toString(), { ...headers })
}

const timeOf = ({ headers }: HttpRequest): number => Number(headers['webhook-timestamp'])
const gaps = (requests: readonly HttpRequest[]): number[] =>
  requests.slice(1).map((request, index) => timeOf(request) - timeOf(requests[index] ?? request))

const dataOf = (request: HttpRequest | undefined): unknown =>
  (JSON.parse(request?.body.toString() ?? '{}') as { data?: unknown }).data

/** Receivers of the running test. */
const useReceivers = () => {
  const receivers: HttpListener[] = []
  afterEach(async () => {
    await Promise.all(receivers.splice(0).map((receiver) => receiver.close()))
  })
  const listen = async (answer: (count: number) => Promise<HttpAnswer>) => {
    const requests: HttpRequest[] = []
    const listener = await listenHttp((request) => answer(requests.push(request)))
    receivers.push(listener)
    return { url: `${listener.url}/hook`, requests }
  }
  return {
    /** A receiver that gives these answers one after the other, then the last one of them for good. */
    receiver: (...answers: readonly HttpAnswer[]) =>
      listen(async (count) => answers[Math.min(count, answers.length) - 1] ?? accepting),
    /** A receiver that answers nothing, until it hangs up. */
    hangingReceiver: async () => {
      const end = gate()
      const { url, requests } = await listen(async () => {
        await end.opened
        return 'reset'
      })
      return { url, requests, hangUp: end.open }
    },
  }
}

/** How events reach receivers, whatever the ports between; `open` gives empty ones, whose clocks are `Date`. */
export const deliveryContract = (name: string, open: () => Promise<DeliveryPorts>): void => {
  let ports: DeliveryPorts
  let service: DeliveryService

  beforeEach(async () => {
    // Hours between attempts pass at once; sockets keep their own time.
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    ports = await open()
    service = deliveryService(ports)
  })
  afterEach(async () => {
    await ports.close()
    vi.useRealTimers()
  })
  const { receiver, hangingReceiver } = useReceivers()

  describe(`a webhook over real sockets, on ${name}`, () => {
    it('that fails five times and then accepts gets the event once more in each retry', async () => {
      const { register, end, drain, recordsOf } = service
      const failing: HttpAnswer[] = [
        { status: 500, body: 'broken' },
        { status: 302, headers: { location: 'https://other.example/' }, body: '' },
        { status: 404, body: '' },
        'reset',
        { status: 503, body: '' },
      ]
      const { url, requests } = await receiver(...failing, { status: 200, body: 'thanks' })
      const { id, secret } = await register({ url })
      await end(failedPrecheck())
      await drain()

      expect(requests).toHaveLength(6)
      expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
      expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1)
      expect(gaps(requests)).toEqual([5, 30, 300, 1800, 7200])
      for (const request of requests) {
        const event = { id: request.headers['webhook-id'], type: 'precheck.failed', specversion: '1.0' }
        expect(verify(request, secret)).toMatchObject(event)
      }
      const [record] = await recordsOf(id)
      const told = record?.attempts.map(({ status, failure }) => [status, failure?.code ?? null])
      expect(told).toEqual([
        [500, 'STATUS_REFUSED'],
        [null, 'REDIRECTED'],
        [404, 'STATUS_REFUSED'],
        [null, 'UNREACHABLE'],
        [503, 'STATUS_REFUSED'],
        [200, null],
      ])
      expect(record?.state).toBe('delivered')
    })

    it('is left alone for as long as it asks for', async () => {
      const { register, end, drain } = service
      const busy = { status: 429, headers: { 'retry-after': '120' }, body: '' }
      const { url, requests } = await receiver(busy, accepting)
      await register({ url })
      await end(failedPrecheck())
      await drain()
      expect(gaps(requests)).toEqual([120])
    })

    it('that is gone is stopped', async () => {
      const { register, end, drain, recordsOf } = service
      const { url, requests } = await receiver({ status: 410, body: '' })
      const { id } = await register({ url })
      await end(failedPrecheck(1))
      await drain()
      await end(failedPrecheck(2))
      await drain()
      expect(requests).toHaveLength(1)
      expect((await ports.webhooks.get(id))?.document.stopped?.code).toBe('GONE')
      expect(await recordsOf(id)).toMatchObject([{ state: 'dead' }])
    })

    it('whose secret is rotated can verify with either one, and after the overlap with the new one', async () => {
      const { deps, register, end, drain } = service
      const { url, requests } = await receiver(accepting)
      const { id, secret: older } = await register({ url })
      const rotated = await rotateWebhookSecret(deps, { webhookId: id, overlapHours: 24 })
      const newer = 'value' in rotated ? rotated.value.secret : ''
      await end(failedPrecheck(1))
      await drain()
      vi.setSystemTime(start + 25 * hourMs)
      await end(failedPrecheck(2))
      await drain()
      const [during, after] = requests
      expect(() => verify(during!, older)).not.toThrow()
      expect(() => verify(during!, newer)).not.toThrow()
      expect(() => verify(after!, newer)).not.toThrow()
      expect(() => verify(after!, older)).toThrow('No matching signature found')
    })

    it('that is not there leaves a dead letter, which is delivered once more when it is asked for', async () => {
      const { deps, register, end, drain, recordsOf } = service
      const { url, requests } = await receiver(...Array<HttpAnswer>(9).fill('reset'), accepting)
      const { id, secret } = await register({ url })
      await end(failedPrecheck())
      await drain()
      const [dead] = await recordsOf(id)
      expect(dead).toMatchObject({ state: 'dead', attempts: { length: 9 } })
      expect(await redeliver(deps, { webhookId: id, eventId: dead?.eventId ?? '' })).toHaveProperty('value')
      await drain()
      expect(await recordsOf(id)).toMatchObject([{ state: 'delivered', attempts: { length: 10 } }])
      expect(verify(requests[9]!, secret)).toMatchObject({ id: dead?.eventId })
    })

    it('can be tried with a sample', async () => {
      const { deps, register, drain, recordsOf } = service
      const { url, requests } = await receiver({ status: 500, body: '' }, accepting)
      const { id, secret } = await register({ url })
      await sendSample(deps, id)
      await drain()
      vi.setSystemTime(start + hourMs)
      await sendSample(deps, id)
      await drain()
      expect((await recordsOf(id)).map(({ state }) => state)).toEqual(['delivered', 'dead'])
      for (const request of requests)
        expect(verify(request, secret)).toMatchObject({ type: 'webhook.sample' })
    })

    it('of a robot is called at an address whose secret part is written nowhere', async () => {
      const { register, end, drain, recordsOf } = service
      const taken = { status: 200, body: '{"errcode":0,"errmsg":"ok"}' }
      const { url, requests } = await receiver(
        { status: 200, body: `{"errcode":40035,"errmsg":"${robotSecret} is not known"}` },
        'reset',
        taken,
      )
      const { id } = await register({
        url: `${url}?key={token}`,
        token: 'file:/run/secrets/robot',
        format: 'wecom',
      })
      await end(failedPrecheck())
      await drain()
      expect(requests.map(({ target }) => target)).toEqual(Array(3).fill(`/hook?key=${robotSecret}`))
      const [record] = await recordsOf(id)
      expect(record?.attempts.map(({ failure }) => failure?.code ?? null)).toEqual([
        'ANSWER_REFUSED',
        'UNREACHABLE',
        null,
      ])
      expect(ports.written()).toContain('ANSWER_REFUSED')
      expect(ports.written()).not.toContain(robotSecret)
    })
  })

  describe(`what was sent, on ${name}`, () => {
    const token = 'file:/run/secrets/robot'
    it.each([
      { format: 'json', token },
      { format: 'wecom', token },
      { format: 'slack', token },
      { format: 'dingtalk', token, signingSecret: token },
      { format: 'feishu', token, signingSecret: token },
    ])('can be read, but for what signs it: $format', async (definition) => {
      const { deps, register, end, drain, recordsOf } = service
      const { url, requests } = await receiver({ status: 410, body: '' })
      const { id: webhookId } = await register({ url: `${url}?key={token}`, ...definition })
      await end(failedPrecheck())
      await drain()
      const [delivery] = await recordsOf(webhookId)
      const [request] = requests
      const {
        sign: _,
        timestamp: __,
        ...body
      } = JSON.parse(request!.body.toString()) as Record<string, unknown>
      expect(await deliveryBody(deps, { webhookId, eventId: delivery!.eventId })).toEqual({
        value: { type: request!.headers['content-type'], text: JSON.stringify(body) },
      })
    })
  })

  describe(`a mail, on ${name}`, () => {
    const to = ['dba@example.com', 'backup@example.com']
    const mailed = async (...answers: MailAnswer[]) => {
      const mails: Mail[] = []
      service = deliveryService(
        ports,
        async (mail) => answers[mails.push(mail) - 1] ?? { status: 250, refused: 0 },
      )
      const { id } = await service.register({ url: `mailto:${to.join(',')}`, format: 'email' })
      await service.end(failedPrecheck())
      await service.drain()
      return { mails, records: await service.recordsOf(id) }
    }

    it('is tried again until the server takes it, and is the same mail each time', async () => {
      const busy: MailAnswer = { status: 451, failure: { code: 'STATUS_REFUSED', detail: 'busy' } }
      const { mails, records } = await mailed(busy, busy)
      expect(mails).toEqual(Array(3).fill(mails[0]))
      expect(mails[0]).toMatchObject({
        to,
        subject: '✘ Backup precheck · db1: failed',
        id: records[0]?.eventId,
      })
      const attempts = [{ status: 451 }, { status: 451 }, { status: 250, failure: null }]
      expect(records).toMatchObject([{ state: 'delivered', attempts }])
      const [{ subject, text }, key] = [mails[0]!, records[0]!]
      expect(await deliveryBody(service.deps, key)).toEqual({
        value: { type: 'text/plain; charset=utf-8', text: `${subject}\n\n${text}` },
      })
    })

    it('is a dead letter, and not sent to the others again, when some recipients are refused', async () => {
      const { mails, records } = await mailed({ status: 250, refused: 1 })
      expect(mails).toHaveLength(1)
      expect(records).toMatchObject([
        { state: 'dead', attempts: [{ failure: { code: 'RECIPIENTS_REFUSED' } }] },
      ])
    })
  })

  describe(`the digest of a night, on ${name}`, () => {
    const crowd = Array.from({ length: 520 }, (_, index) => `crm-${String(index).padStart(3, '0')}`)
    const entries = [
      ...crowd.map((id) => entryOf(id, 'passed')),
      entryOf('orders-1', 'failed', { change: 'changed' }),
      entryOf('orders-2', 'passed', { change: 'recovered' }),
    ]
    const teamOf = (id: string) => id.slice(0, id.indexOf('-'))

    it('is one message for each webhook, of the instances that its filter lets through', async () => {
      const { register, endNight, drain, recordsOf } = service
      const everybody = await receiver(accepting)
      const team = await receiver({ status: 500, body: '' }, accepting)
      const nobody = await receiver(accepting)
      const events = ['night.digest']
      await register({ url: everybody.url, events })
      const ofOrders = await register({ url: team.url, events, filter: { tags: { team: 'orders' } } })
      const ofNobody = await register({ url: nobody.url, events, filter: { tags: { team: 'hr' } } })
      await endNight(entries, teamOf)
      await drain()

      expect([everybody, team, nobody].map(({ requests }) => requests.length)).toEqual([1, 2, 0])
      const counts = { passed: 521, failed: 1, started: 522 }
      expect(dataOf(everybody.requests[0])).toMatchObject({ counts, totals: { troubled: 1, recovered: 1 } })
      expect(dataOf(team.requests[1])).toMatchObject({
        counts: { passed: 1, failed: 1, started: 2 },
        recovered: ['orders-2'],
        troubled: [{ instanceId: 'orders-1', change: 'new' }],
      })
      expect(new Set(team.requests.map(({ body }) => body.toString())).size).toBe(1)
      expect(await recordsOf(ofOrders.id)).toMatchObject([{ state: 'delivered' }])
      expect(await recordsOf(ofNobody.id)).toEqual([])
    })
  })

  describe(`a receiver that hangs, on ${name}`, () => {
    it('holds four calls at once at most, and delays nobody else', async () => {
      const { register, end, take, deliver, recordsOf } = service
      const hung = await hangingReceiver()
      const fine = await receiver(accepting)
      const { id: hungId } = await register({ url: hung.url })
      for (let number = 1; number <= 200; number += 1) await end(failedPrecheck(number))
      const { id: fineId } = await register({ url: fine.url })
      await end(failedPrecheck(201))
      vi.setSystemTime(Date.now() + 1000)
      const messages = await take()
      const last = messages.findLast(({ webhookId }) => webhookId === fineId)
      const others = messages.filter((message) => message !== last)
      expect(others).toHaveLength(201)

      // Eight consumers work them off, one of which meets the other webhook's event.
      const lines = Array.from({ length: 8 }, (_, line) => others.filter((_message, at) => at % 8 === line))
      const worked = Promise.all(
        lines.map(async (line) => {
          for (const message of line) await deliver(message)
        }),
      )
      await expect.poll(() => hung.requests.length, { interval: 2 }).toBe(4)
      await deliver(last!)
      expect(await recordsOf(fineId)).toMatchObject([{ state: 'delivered' }])
      // While all four calls are under way.
      expect((await ports.traffics.get(hungId))?.document.calls).toHaveLength(4)
      hung.hangUp()
      await worked
      expect(hung.requests).toHaveLength(4)
      const records = await recordsOf(hungId)
      expect(records.filter(({ attempts }) => attempts.length === 1)).toHaveLength(4)
      // Nothing is lost: each of them comes again.
      vi.setSystemTime(Date.now() + hourMs)
      const again = await take()
      expect(new Set(again.map(({ source }) => JSON.stringify(source))).size).toBe(201)
    })
  })
}
