import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { findCheck } from '../../../../shared/checks/catalogue.ts'
import { rows } from '../../../../shared/checks/framework/answer.ts'
import { defineCheck, defineNetworkCheck } from '../../../../shared/checks/framework/define-check.ts'
import { sqlserver } from '../../../../shared/checks/sqlserver/engine.ts'
import { contextFor } from '../../../support/context.ts'

const { title, failureTitle, description, affects } = findCheck('SQL_SERVER_DB_NOT_ONLINE')!
const set = 'essential' as const
const about = {
  id: 'EXAMPLE',
  set,
  title,
  failureTitle,
  description,
  affects,
  texts: {},
  documents: [],
  fixes: [],
}
const facts = z.object({ files: rows({ size: z.int(), name: z.string() }) })
const queries = { files: { sql: 'SELECT size, name FROM sys.master_files' } }
const rule = { ...about, facts, evaluate: () => ({ findings: [] }) }

describe('a check item', () => {
  it('of a database asks its engine, by statements that need privileges of that engine', () => {
    const check = defineCheck(sqlserver, { ...rule, queries, privileges: ['VIEW SERVER STATE'] })
    expect(check).toMatchObject({
      id: 'EXAMPLE',
      engine: 'sqlserver',
      question: { probe: 'sqlserver', queries },
      privileges: ['VIEW SERVER STATE'],
    })
    expect(check).not.toHaveProperty('claims')
  })

  it('of the network is for every engine, and needs no privilege', () => {
    const endpoints = () => ({ urls: ['https://oss.example/'] })
    expect(defineNetworkCheck({ ...rule, endpoints })).toMatchObject({
      engine: 'all',
      question: { probe: 'https', endpoints },
      privileges: [],
    })
  })

  it('says of an answer of the wrong shape where it is wrong first, and judges no part of it', () => {
    const check = defineCheck(sqlserver, { ...rule, queries, privileges: [] })
    const answer = { files: [{ size: 8, name: 'log' }, { size: 'large' }] }
    expect(check.conclude(answer, contextFor('sqlserver'))).toEqual({
      malformed: 'files.1.size: Invalid input: expected number, received string',
    })
    expect(check.conclude({ files: [] }, contextFor('sqlserver'))).toEqual({ findings: [] })
  })
})
