import * as z from 'zod'
import { engines } from '../../../shared/checks/catalogue.ts'
import { renderReason } from '../../../shared/checks/render.ts'
import {
  type Validated,
  lastValidation,
  validateInstance,
} from '../../../shared/flows/instances/validate-instance.ts'
import { InstanceId, InstanceStatus } from '../../../shared/model/instance.ts'
import { type Locale, Message } from '../../../shared/model/message.ts'
import { ValidationId } from '../../../shared/model/validation.ts'
import { route } from '../routing/route.ts'

export const ValidationView = z
  .strictObject({
    instanceId: z.string(),
    validationId: ValidationId,
    requestedAt: z.iso.datetime(),
    deadlineAt: z.iso.datetime().describe('Without a result by then there will be none: validate it again.'),
    state: z.enum(['running', 'completed']),
    status: InstanceStatus,
    validatedAt: z.iso.datetime().nullable(),
    problem: z
      .strictObject({ ...Message.shape, text: z.string(), advice: z.string() })
      .nullable()
      .describe('Why the instance could not be checked; null if it could.'),
    missingPrivileges: z
      .array(z.strictObject({ privilege: z.string(), grants: z.array(z.string()) }))
      .describe('Of all its check items. An instance is online with those of the essential ones.'),
    grantScript: z.string().nullable().describe('SQL that grants everything that is missing.'),
  })
  .meta({ id: 'Validation' })
export type ValidationView = z.infer<typeof ValidationView>

/** How long a request waits for the result, ms. */
const maxWaitMs = 30_000

const viewOf = ({ instance, validation }: Validated, locale: Locale): ValidationView => {
  const { id, definition, status, validatedAt } = instance
  const { result } = validation
  const { problem, missing, missingBeyond = [], account } = result ?? { problem: null, missing: [] }
  const { privileges } = engines[definition.engine]
  const login = definition.connection.credential.username
  const missingPrivileges = [...missing, ...missingBeyond].map((privilege) => ({
    privilege,
    grants: [...(privileges[privilege]?.grants(login, account) ?? [])],
  }))
  const statements = missingPrivileges.flatMap(({ grants }) => grants)
  return {
    instanceId: id,
    validationId: validation.id,
    requestedAt: validation.requestedAt,
    deadlineAt: validation.deadlineAt,
    state: validation.result ? 'completed' : 'running',
    status,
    validatedAt,
    problem: problem && { ...problem, ...renderReason(problem, locale) },
    missingPrivileges,
    grantScript: statements.length > 0 ? `${statements.join('\n')}\n` : null,
  }
}

const params = z.strictObject({ instanceId: InstanceId })

export const validationRoutes = [
  route({
    method: 'POST',
    path: '/v1/instances/{instanceId}/validate',
    operationId: 'validateInstance',
    summary: 'Tests connection, login and privileges; an instance that passes is online',
    scope: 'run',
    input: z.object({ params }),
    answers: {
      200: { description: 'What was found.', schema: ValidationView },
      202: {
        description: 'It takes longer than 30 s.',
        schema: ValidationView,
        headers: { Location: 'Where the result will be.' },
      },
    },
    problems: ['INSTANCE_NOT_FOUND', 'INSTANCE_CHANGED'],
    handle: (deps, { params: { instanceId } }) => validateInstance(deps, instanceId, maxWaitMs),
    respond: (validated, { params: { instanceId } }, locale) => {
      const body = viewOf(validated, locale)
      if (body.state === 'completed') return { status: 200, body }
      return { status: 202, headers: { location: `/v1/instances/${instanceId}/validation` }, body }
    },
  }),
  route({
    method: 'GET',
    path: '/v1/instances/{instanceId}/validation',
    operationId: 'getValidation',
    summary: 'Reads the last validation of an instance',
    scope: 'read',
    input: z.object({ params }),
    answers: { 200: { description: 'What was found, as far as it is known.', schema: ValidationView } },
    problems: ['INSTANCE_NOT_FOUND', 'NOT_VALIDATED'],
    handle: (deps, { params: { instanceId } }) => lastValidation(deps, instanceId),
    respond: (validated, _, locale) => ({ status: 200, body: viewOf(validated, locale) }),
  }),
]
