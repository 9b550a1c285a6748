import { defineEngine } from '../framework/define-engine.ts'
import { mysqlClient } from './languages.ts'
import { mysqlNumbers, mysqlProblems } from './problems.ts'
import { serverSteps } from './steps.ts'

/** MySQL and MariaDB: one protocol and most statements, but versions, error numbers and rights of their own. */
export const mysql = defineEngine({
  name: 'mysql',
  title: 'MySQL',
  script: mysqlClient,
  languages: [],
  privileges: {},
  problems: mysqlProblems,
  numbers: mysqlNumbers,
  steps: { ...serverSteps },
  words: {},
})
