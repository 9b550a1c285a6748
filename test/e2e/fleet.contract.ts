import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../demo/scenes.ts'
import type { AnsweredItem } from '../support/answer-json.ts'
import { makeCertificates } from '../support/certificates.ts'
import { runsAll } from '../support/property-runs.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { type Answer, type Service, type StartService, ask, robotToken } from '../support/service.ts'
import { type SmtpServerProcess, hasSmtpServer, smtpPackage, startSmtp } from '../support/servers/smtp.ts'
import { type StandInEngine, type StandIns, startStandIns } from '../support/stand-ins.ts'

/** Changes of a registration. */
type Changes = Readonly<Record<string, unknown>>

const minutes = 60_000
const timeOfDay = (at: number): string => new Date(at).toISOString().slice(11, 16)

/** Sweeps and webhooks behind the REST API, whatever ports the service stands on. */
/** `isSecond`: a short run leaves out what other ports have shown of the same code by then. */
export const fleetContract = (name: string, start: StartService, isSecond = false): void => {
  const onOnePort = isSecond && !runsAll ? it.skip : it
  describe(`a fleet on ${name}`, () => {
    let standIns: StandIns
    let service: Service
    let receiver: Receiver
    let mailFolder: string
    let mailServer: SmtpServerProcess | undefined
    let instances = 0

    beforeAll(async () => {
      standIns = await startStandIns()
      receiver = await startReceiver()
      mailFolder = mkdtempSync(join(tmpdir(), 'precheck-fleet-'))
      if (hasSmtpServer) mailServer = await startSmtp(mailFolder, 'plain', await makeCertificates())
      service = await start({
        password: demoPassword,
        ...(mailServer && { mailPort: mailServer.port }),
      })
    })
    afterAll(async () => {
      await service.close()
      await receiver.close()
      await mailServer?.stop()
      rmSync(mailFolder, { recursive: true })
      await standIns.close()
    })
    afterEach(async () => {
      standIns.fix()
      receiver.reply(() => ({ status: 204 }))
      const { json } = await call('GET', '/v1/webhooks')
      for (const { id } of json.items) await call('DELETE', `/v1/webhooks/${id}`)
    })

    const call = (method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
      ask(service, method, path, { body, headers })

    const register = async (changes: Changes = {}, engine: StandInEngine = 'oracle'): Promise<string> => {
      instances += 1
      const id = `fleet-${instances}`
      const body = { ...standIns.definitionOf(engine, service.passwordReference), ...changes }
      const { status, text } = await call('PUT', `/v1/instances/${id}`, body)
      expect([status, text]).toEqual([201, expect.any(String)])
      return id
    }
    const precheck = (id: string): Promise<Answer> =>
      call('POST', `/v1/instances/${id}/prechecks`, {}, { prefer: 'wait=60' })
    const listen = async (definition: Changes = {}) => {
      const body = { url: `${receiver.url}/hook`, only: 'always', ...definition }
      const created = await call('POST', '/v1/webhooks', body)
      expect([created.status, created.text]).toEqual([201, expect.any(String)])
      return { id: created.json.id, secret: created.json.secret }
    }
    /** Calls of the receiver from the one after `before` on, when there are `count` of them. */
    const heard = async (before: number, count: number) => {
      await expect.poll(() => receiver.received.length - before).toBeGreaterThanOrEqual(count)
      return receiver.received.slice(before)
    }
    const sweepUntilCompleted = async (sweepId: string): Promise<Answer> => {
      await expect
        .poll(async () => {
          await service.tick()
          return (await call('GET', `/v1/sweeps/${sweepId}`)).json?.state
        })
        .toBe('completed')
      return call('GET', `/v1/sweeps/${sweepId}`)
    }
    const historyOf = async (id: string): Promise<AnsweredItem[]> =>
      (await call('GET', `/v1/instances/${id}/prechecks`)).json.items

    it('is swept when somebody asks for it: every instance once, and only those that were meant', async () => {
      const tags = { sweep: 'asked' }
      const healthy = await register({ tags, operations: ['restore'] }, 'sqlserver')
      const failing = await register({ tags })
      const disabled = await register({ tags, enabled: false })
      const other = await register({ tags: { sweep: 'other' } })
      const window = {
        reason: 'storage moves',
        from: new Date(Date.now() - minutes).toISOString(),
        until: new Date(Date.now() + 60 * minutes).toISOString(),
      }
      const maintained = await register({ tags, maintenanceWindows: [window] })
      const before = receiver.received.length
      await listen({ events: ['sweep.completed'] })

      const asked = await call('POST', '/v1/sweeps', { tags })
      expect([asked.status, asked.json.state]).toEqual([202, 'running'])
      expect(asked.headers.get('location')).toBe(`/v1/sweeps/${asked.json.id}`)
      const { json: sweep } = await sweepUntilCompleted(asked.json.id)

      expect(sweep.counts).toMatchObject({ started: 2, running: 0, failed: 2, notRun: 1 })
      const entries = new Map(sweep.entries.items.map((entry) => [entry.instanceId, entry] as const))
      expect(new Set(entries.keys())).toEqual(new Set([healthy, failing, maintained]))
      expect(entries.get(maintained)).toMatchObject({ status: 'not_run' })
      expect(JSON.stringify(entries.get(maintained))).toContain('storage moves')
      for (const id of [healthy, failing])
        expect(await historyOf(id)).toMatchObject([{ trigger: 'request', state: 'completed' }])
      for (const id of [disabled, other, maintained]) expect(await historyOf(id)).toEqual([])

      const [told] = await heard(before, 1)
      expect(JSON.parse(told?.body ?? '')).toMatchObject({
        type: 'sweep.completed',
        subject: `sweeps/${asked.json.id}`,
        data: { counts: { failed: 2, notRun: 1 } },
      })
      const listed = await call('GET', '/v1/sweeps')
      expect(listed.json.items.map(({ id }) => id)).toContain(asked.json.id)
    })

    it('is swept every night: an instance whose minute has come, and no other, once', async () => {
      const due = Date.now() - 5 * minutes
      const schedule = { at: timeOfDay(due), timeZone: 'UTC', window: 1 }
      const date = new Date(due).toISOString().slice(0, 10)
      const one = await register({ schedule })
      const later = await register({
        schedule: { ...schedule, at: timeOfDay(Date.now() + 120 * minutes) },
      })
      const never = await register({ schedule: { ...schedule, enabled: false } })
      await service.setClock(new Date(Date.now() - 10 * minutes))

      await expect
        .poll(async () => {
          await service.tick()
          return (await historyOf(one)).map(({ state }) => state)
        })
        .toEqual(['completed'])
      await service.setClock(new Date(Date.now() - 10 * minutes))
      await service.tick()
      await service.tick()

      expect(await historyOf(one)).toHaveLength(1)
      expect(await historyOf(never)).toEqual([])
      expect(await historyOf(later)).toEqual([])
      const { json: night } = await call('GET', `/v1/sweeps/${date}`)
      expect(night).toMatchObject({ id: date, kind: 'nightly' })
      expect(night.entries.items).toEqual(
        expect.arrayContaining([expect.objectContaining({ instanceId: one, status: 'failed' })]),
      )
    })

    it.skipIf(!hasSmtpServer || (isSecond && !runsAll))(
      `is told of a night in one message, by mail too (${smtpPackage})`,
      async () => {
        const { json } = await call('GET', '/v1/instances?limit=200')
        for (const { id } of json.items) await call('DELETE', `/v1/instances/${id}`)
        const due = Date.now() - 5 * minutes
        const schedule = { at: timeOfDay(due), timeZone: 'UTC', window: 1 }
        const tags = { team: 'digest' }
        const ids = [await register({ schedule, tags }), await register({ schedule, tags })]
        const before = receiver.received.length
        const wanted = { events: ['night.digest', 'precheck.failed'], filter: { tags } }
        await listen(wanted)
        await listen({ ...wanted, url: 'mailto:dba@example.com', format: 'email' })
        const ended = async () => {
          await service.tick()
          const histories = await Promise.all(ids.map(historyOf))
          return histories.flat().filter(({ state }) => state === 'completed').length
        }
        await service.setClock(new Date(Date.now() - 10 * minutes))
        await expect.poll(ended).toBe(ids.length)
        // Rounds look once in a minute whether a night is over, and again after the clock was set.
        await service.setClock(new Date(Date.now() - 10 * minutes))
        await expect
          .poll(async () => {
            await service.tick()
            return [receiver.received.length - before, mailServer!.mails.length]
          })
          .toEqual([1, 1])

        const event = JSON.parse(receiver.received[before]?.body ?? '')
        expect(event).toMatchObject({ type: 'night.digest', data: { counts: { failed: 2, started: 2 } } })
        const [mail] = mailServer!.mails
        expect(mail).toMatchObject({ to: ['dba@example.com'], type: 'multipart/alternative' })
        for (const id of ids) expect(mail?.parts[0]?.text).toContain(`* ${id} — failed`)
      },
    )

    it('tells a webhook what has failed, signed so that its secret proves it', async () => {
      const id = await register()
      const before = receiver.received.length
      const { id: webhookId, secret } = await listen({ events: ['precheck.failed'] })
      const { json: ended } = await precheck(id)
      const [told] = await heard(before, 1)
      const headers = told?.headers as Record<string, string>
      const event = new Webhook(secret).verify(told?.body ?? '', headers)
      expect(event).toMatchObject({
        specversion: '1.0',
        id: headers['webhook-id'],
        type: 'precheck.failed',
        subject: `instances/${id}`,
        data: { precheckId: ended.id, outcome: 'failed' },
      })
      await expect
        .poll(async () => (await call('GET', `/v1/webhooks/${webhookId}/deliveries`)).json.items)
        .toMatchObject([{ eventId: headers['webhook-id'], state: 'delivered', attempts: [{ status: 204 }] }])
    })

    onOnePort('tells a webhook again that did not take it, with the same id', async () => {
      const id = await register()
      const before = receiver.received.length
      const { id: webhookId, secret } = await listen({ events: ['precheck.failed'] })
      receiver.reply((count) => ({ status: count === before + 1 ? 503 : 200 }))
      await precheck(id)
      const calls = await heard(before, 2)
      for (const { body, headers } of calls)
        expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow()
      expect(new Set(calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
      expect(calls[0]?.body).toBe(calls[1]?.body)
      await expect
        .poll(async () => (await call('GET', `/v1/webhooks/${webhookId}/deliveries`)).json.items)
        .toMatchObject([{ state: 'delivered', attempts: [{ status: 503 }, { status: 200 }] }])
    })

    onOnePort('calls a receiver no more that is gone', async () => {
      const id = await register()
      const before = receiver.received.length
      const { id: webhookId } = await listen({ events: ['precheck.failed'] })
      receiver.reply(() => ({ status: 410 }))
      await precheck(id)
      await heard(before, 1)
      await expect
        .poll(async () => (await call('GET', `/v1/webhooks/${webhookId}`)).json.stopped?.code)
        .toBe('GONE')
      await expect
        .poll(async () => (await call('GET', `/v1/webhooks/${webhookId}/deliveries?state=dead`)).json.items)
        .toHaveLength(1)
      const measured = async (): Promise<string[]> =>
        (await call('GET', '/metrics')).text
          .split('\n')
          .filter((line) => line.includes(webhookId) || line.includes('queue="notifications"'))
      await expect
        .poll(measured)
        .toEqual(
          expect.arrayContaining([
            `backup_precheck_webhook_deliveries_total{webhook_id="${webhookId}",outcome="delivered"} 0`,
            `backup_precheck_webhook_deliveries_total{webhook_id="${webhookId}",outcome="dead"} 1`,
            'backup_precheck_queue_messages{queue="notifications",state="waiting"} 0',
            'backup_precheck_queue_messages{queue="notifications",state="taken"} 0',
          ]),
        )
    })

    onOnePort('sends a sample on request, to a robot at its secret address', async () => {
      const before = receiver.received.length
      receiver.reply(() => ({ status: 200, body: '{"errcode":0,"errmsg":"ok"}' }))
      const { id: webhookId } = await listen({
        url: `${receiver.url}/robot/send?access_token={token}`,
        token: service.robotReference,
        signingSecret: service.robotReference,
        format: 'dingtalk',
        locale: 'zh',
      })
      const sample = await call('POST', `/v1/webhooks/${webhookId}/test`)
      expect(sample.status).toBe(202)
      const [told] = await heard(before, 1)
      expect(told?.path).toContain(`access_token=${encodeURIComponent(robotToken)}&timestamp=`)
      expect(JSON.parse(told?.body ?? '')).toMatchObject({ msgtype: 'markdown' })
      await expect
        .poll(async () => (await call('GET', sample.headers.get('location') ?? '')).json.state)
        .toBe('delivered')
      const seen = await Promise.all(
        ['', '/deliveries'].map(async (path) => (await call('GET', `/v1/webhooks/${webhookId}${path}`)).text),
      )
      expect(seen.join()).not.toContain(robotToken)
    })

    onOnePort('keeps silent about a finding that somebody has acknowledged, until it is gone', async () => {
      const id = await register()
      const { json: failed } = await precheck(id)
      const before = receiver.received.length
      await listen({ events: ['precheck.failed', 'precheck.warning', 'precheck.recovered'] })
      for (const { checkItem } of failed.items.filter(({ status }) => status === 'failed')) {
        const body = {
          checkItem,
          reason: 'known, the migration is on Friday',
          author: 'night shift',
          expiresAt: new Date(Date.now() + 60 * minutes).toISOString(),
        }
        expect((await call('POST', `/v1/instances/${id}/acknowledgements`, body)).status).toBe(201)
      }
      const { json: accepted } = await precheck(id)
      expect([accepted.outcome, accepted.readiness.instance.full.verdict]).toEqual(['warning', 'blocked'])

      const acknowledgements = (await call('GET', `/v1/instances/${id}/acknowledgements`)).json.items
      for (const each of acknowledgements)
        await call('DELETE', `/v1/instances/${id}/acknowledgements/${each.id}`)
      const { json: again } = await precheck(id)
      expect(again.outcome).toBe('failed')
      const [told] = await heard(before, 1)
      expect(JSON.parse(told?.body ?? '')).toMatchObject({
        type: 'precheck.failed',
        data: { precheckId: again.id },
      })
      expect(receiver.received).toHaveLength(before + 1)
    })
  })
}
