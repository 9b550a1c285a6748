import * as z from 'zod'
import { allOperations } from '../../model/operation.ts'
import { type CheckContext, type FindingDraft, defineCheck } from '../framework/define-check.ts'
import { accountSteps } from './account-steps.ts'
import { DataFileRow, dataFileQueries, listOutside } from './data-file-facts.ts'
import { mysql } from './engine.ts'
import { grant } from './grant.ts'
import { onInstance } from './instance-finding.ts'
import { mysqlClient } from './languages.ts'
import { tableSteps } from './table-steps.ts'

const texts = {
  FILES_OUTSIDE: {
    en: '{files} tables, partitions or tablespaces have their file outside the data directory ({first}, for one): a restore puts it at the same path, and stops where that cannot be written or the old file is still there (1005, or errno 17 of a copy-back).',
    zh: '有 {files} 个表、分区或表空间的文件位于数据目录之外（例如 {first}）：恢复会将文件写到同一路径，该路径不可写或旧文件仍存在时恢复停止（1005，copy-back 为 errno 17）。',
  },
  FILES_UNKNOWN: {
    en: 'It is unknown whether tables have their files outside the data directory: the login of the precheck needs PROCESS.',
    zh: '无法判定是否有表的文件位于数据目录之外：预检账号需要 PROCESS 权限。',
  },
} as const
type Draft = FindingDraft<keyof typeof texts>

const facts = z.object({ dataFiles: DataFileRow })
type Facts = z.output<typeof facts>

const filesIn = ({ dataFiles }: Facts) => ({
  files: dataFiles?.files ?? null,
  outside: dataFiles?.outside ?? null,
})

const judge = (asked: Facts, context: CheckContext): Draft[] => {
  const { files, outside } = filesIn(asked)
  if (files === null || files === 0 || outside === null) {
    return [
      onInstance(context, {
        code: 'FILES_UNKNOWN',
        observed: { files, outside },
        expected: {},
        obscures: [...allOperations],
        remediation: grant(['PROCESS'], context),
      }),
    ]
  }
  if (outside === 0) return []
  const first = asked.dataFiles?.first_outside ?? 'NULL'
  return [
    onInstance(context, {
      code: 'FILES_OUTSIDE',
      params: { files: outside, first },
      observed: { outside },
      expected: { outside: 0 },
      degrades: [...allOperations],
      remediation: {
        steps: [tableSteps.listOutside({}), tableSteps.moveInside({})],
        verify: { language: mysqlClient.name, query: listOutside },
        changes: { outside: 0 },
      },
    }),
  ]
}

/** Says of a server with files of tables in other directories that a restore needs these paths, and needs them free. */
export default defineCheck(mysql, {
  id: 'MYSQL_DATA_DIRECTORY',
  set: 'deep',
  title: {
    en: 'All tables have their files in the data directory',
    zh: '数据目录检查：所有表的文件均在数据目录内',
  },
  failureTitle: {
    en: 'Tables have their files outside the data directory, or it is unknown whether they do',
    zh: '数据目录检查：有表的文件位于数据目录之外，或无法判定',
  },
  description: {
    en: 'Checks whether files of InnoDB tables, partitions and general tablespaces lie outside the data directory (DATA DIRECTORY). A restore puts them at the same path: on the same host it stops while the old files are there.',
    zh: '检查 InnoDB 表、分区和通用表空间的文件是否位于数据目录之外（DATA DIRECTORY）。恢复会将其写到同一路径：在同一主机上，旧文件仍存在时恢复停止。',
  },
  affects: () => allOperations,
  texts,
  blindSpots: [
    {
      en: 'Symbolic links are not seen: those of MyISAM tables (DATA DIRECTORY, INDEX DIRECTORY) and of whole databases.',
      zh: '无法识别符号链接：MyISAM 表（DATA DIRECTORY、INDEX DIRECTORY）以及整个数据库目录的符号链接。',
    },
  ],
  privileges: ['PROCESS'],
  fixes: [accountSteps.grantToLogin, tableSteps.listOutside, tableSteps.moveInside],
  documents: [
    'https://mariadb.com/kb/en/information-schema-innodb_sys_tablespaces-table/',
    'https://dev.mysql.com/doc/refman/8.4/en/information-schema-files-table.html',
    'https://dev.mysql.com/doc/refman/8.4/en/innodb-create-table-external.html',
  ],
  queries: dataFileQueries,
  facts,
  evaluate: (asked, context) => ({ findings: judge(asked, context), observed: filesIn(asked) }),
})
