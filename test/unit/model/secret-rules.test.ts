import { describe, expect, it } from 'vitest'
import {
  type SecretRules,
  passwordRefusal,
  referenceRefusal,
} from '../../../shared/model/connections/secret-rules.ts'

const onMachine: SecretRules = { folder: '/etc/precheck/secrets' }
const onCloud: SecretRules = { folder: null }

const rename = (name: string): string =>
  `only variables named PRECHECK_SECRET_… can be used; rename the variable to ${name} and refer to env:${name}`
const move = (name: string): string =>
  `only files in /etc/precheck/secrets (PRECHECK_SECRETS_FOLDER) can be used; move the file there and refer to file:/etc/precheck/secrets/${name}`

describe('a reference to a secret', () => {
  it.each([
    'env:PRECHECK_SECRET_DB1',
    'env:PRECHECK_SECRET_a_1',
    'file:/etc/precheck/secrets/db1',
    'file:/etc/precheck/secrets/oracle/db1',
    'file:/etc/precheck/secrets/.hidden',
    'kms:db1',
  ])('may be %s', (reference) => {
    expect(referenceRefusal(reference, onMachine)).toBeNull()
  })

  it.each([
    ['env:DB1', rename('PRECHECK_SECRET_DB1')],
    ['env:PRECHECK_DB1', rename('PRECHECK_SECRET_DB1')],
    ['env:precheck_secret_db1', rename('PRECHECK_SECRET_db1')],
    ['env:PRECHECK_SECRET_', rename('PRECHECK_SECRET_NAME')],
    ['env:PRECHECK_', rename('PRECHECK_SECRET_NAME')],
    ['env:MY_PRECHECK_SECRET_DB1', rename('PRECHECK_SECRET_MY_PRECHECK_SECRET_DB1')],
    ['env:PRECHECK_SECRET_DB1-old', rename('PRECHECK_SECRET_DB1-old')],
    ['file:/etc/passwd', move('passwd')],
    ['file:/etc/precheck/secrets-of-others/db1', move('db1')],
    ['file:/etc/precheck/secrets/../../passwd', move('passwd')],
    ['file:/etc/precheck/secrets/./db1', move('db1')],
    ['file:/etc/precheck/secrets//db1', move('db1')],
    ['file:/etc/precheck/secrets/', move('')],
    ['file:/copy/etc/precheck/secrets/', move('')],
  ])('on a machine may not be %s', (reference, why) => {
    expect(referenceRefusal(reference, onMachine)).toBe(why)
  })

  it.each([
    ['env:PRECHECK_SECRET_DB1', null],
    ['kms:db1', null],
    ['env:DB1', `${rename('PRECHECK_SECRET_DB1')}, or use kms:NAME`],
    ['file:/etc/precheck/secrets/db1', 'files cannot be used on Alibaba Cloud; use kms:NAME'],
  ])('on Alibaba Cloud: %s', (reference, why) => {
    expect(referenceRefusal(reference, onCloud)).toBe(why)
  })

  it('may not be one that the service keeps for itself', () => {
    const rules = { ...onMachine, kept: ['env:PRECHECK_SECRET_OWN', 'kms:own'] }
    const refusals = ['env:PRECHECK_SECRET_OWN', 'kms:own', 'kms:db1'].map((reference) =>
      referenceRefusal(reference, rules),
    )
    const reserved = 'this secret is reserved for the service'
    expect(refusals).toEqual([reserved, reserved, null])
  })
})

describe('the password of a database', () => {
  it.each([
    ['kms:precheck-webhook-team', 'secrets named precheck-webhook-… belong to webhooks'],
    ['kms:precheck-db1', null],
    ['file:/etc/precheck/secrets/kms:precheck-webhook-team', null],
    ['env:DB1', rename('PRECHECK_SECRET_DB1')],
  ])('by %s: %s', (reference, why) => {
    expect(passwordRefusal(reference, onMachine)).toBe(why)
  })
})
