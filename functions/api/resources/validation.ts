import * as z from 'zod'
import { renderReason } from '../../../shared/checks/render.ts'
import { validateInstance } from '../../../shared/flows/instances/validate-instance.ts'
import { InstanceId, InstanceStatus } from '../../../shared/model/instance.ts'
import { Message } from '../../../shared/model/message.ts'
import { route } from '../routing/route.ts'

const ValidationView = z
  .strictObject({
    instanceId: z.string(),
    status: InstanceStatus,
    validatedAt: z.iso.datetime().nullable(),
    problem: z
      .strictObject({ ...Message.shape, text: z.string(), advice: z.string() })
      .nullable()
      .describe('Why the instance could not be checked; null if it could.'),
    missingPrivileges: z.array(z.strictObject({ privilege: z.string(), grants: z.array(z.string()) })),
    grantScript: z.string().nullable().describe('SQL that grants everything that is missing.'),
  })
  .meta({ id: 'Validation' })

export const validationRoutes = [
  route({
    method: 'POST',
    path: '/v1/instances/{instanceId}/validate',
    operationId: 'validateInstance',
    summary: 'Tests connection, login and privileges; an instance that passes is online',
    scope: 'run',
    input: z.object({ params: z.strictObject({ instanceId: InstanceId }) }),
    answers: { 200: { description: 'What was found.', schema: ValidationView } },
    problems: ['INSTANCE_NOT_FOUND', 'INSTANCE_CHANGED'],
    handle: (deps, { params: { instanceId } }) => validateInstance(deps, instanceId),
    respond: ({ instance, problem, missing }, { params: { instanceId } }, locale) => {
      const grants = missing.flatMap((privilege) => privilege.grants)
      const body: z.infer<typeof ValidationView> = {
        instanceId,
        status: instance.status,
        validatedAt: instance.validatedAt,
        problem: problem && { ...problem, params: { ...problem.params }, ...renderReason(problem, locale) },
        missingPrivileges: missing.map((one) => ({ privilege: one.privilege, grants: [...one.grants] })),
        grantScript: grants.length > 0 ? `${grants.join('\n')}\n` : null,
      }
      return { status: 200, body }
    },
  }),
]
