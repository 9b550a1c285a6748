import * as z from 'zod'
import { type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { oracle } from './engine.ts'
import { sqlplus } from './languages.ts'
import { ServerRows, ofKind, serverPrivileges, serverQuery } from './server-facts.ts'
import { serverSteps as steps } from './server-steps.ts'

const texts = {
  SPFILE_UNUSED: {
    en: '{instance} was started without a server parameter file: RMAN backs up no other, so that a restore on a new host has no parameters.',
    zh: '{instance} 启动时未使用服务器参数文件：RMAN 不备份其他参数文件，在新主机上恢复时将没有参数。',
  },
  SPFILE_UNKNOWN: {
    en: 'Whether {instance} was started with a server parameter file is unknown.',
    zh: '无法判定 {instance} 是否使用服务器参数文件启动。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const query = "SELECT inst_id, value FROM gv$parameter WHERE name = 'spfile';"

const judge = (instance: string, spfile: string | null): Draft[] => {
  if (spfile !== null && spfile !== 'NONE') return []
  const about = {
    params: { instance },
    object: { type: 'instance', name: instance },
    observed: { spfile },
    expected: { spfile: 'set' },
  } as const
  if (spfile === null) return [{ ...about, code: 'SPFILE_UNKNOWN', obscures: ['restore'] }]
  const remediation = {
    steps: [steps.createSpfile({}), steps.restartInstance({ instance })],
    verify: { language: sqlplus.name, query },
    // Where the file will be is for the server, or for whoever names a place.
    changes: {},
  }
  return [{ ...about, code: 'SPFILE_UNUSED', degrades: ['restore'], remediation }]
}

/** Verifies that the instances were started with a server parameter file, which is all that an autobackup takes along. */
export default defineCheck(oracle, {
  id: 'ORACLE_SPFILE',
  set: 'standard',
  title: { en: 'The parameters are in a server parameter file', zh: '参数保存在服务器参数文件中' },
  failureTitle: { en: 'The parameters are in no server parameter file', zh: '参数未保存在服务器参数文件中' },
  description: {
    en: 'Checks whether the instances were started with a server parameter file, the only one that RMAN backs up. If the check fails, a restore on a new host starts without parameters.',
    zh: '检查实例是否使用服务器参数文件启动，RMAN 只备份该文件。如果未通过，在新主机上恢复时将没有参数。',
  },
  affects: () => ['restore'],
  texts,
  privileges: serverPrivileges,
  fixes: [steps.createSpfile, steps.restartInstance],
  documents: ['https://docs.oracle.com/en/database/oracle/oracle-database/19/refrn/SPFILE.html'],
  queries: { server: serverQuery },
  facts: z.object({ server: ServerRows }),
  evaluate: ({ server }) => ({
    findings: ofKind(server, 'INSTANCE').flatMap(({ inst_id, name }) => {
      const row = ofKind(server, 'PARAMETER', 'spfile').find((each) => each.inst_id === inst_id)
      return judge(name, row?.value ?? null)
    }),
  }),
})
