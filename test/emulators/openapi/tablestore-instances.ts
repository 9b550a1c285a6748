import { oneOf, required } from './parameters.ts'
import { Refusal } from './refusal.ts'
import type { Product } from './server.ts'

/** The control plane of Tablestore, 2020-12-09: the instances of an account by name. */
export const tablestoreInstances = (
  accountId: string,
  region: string,
  instances: Set<string>,
  tablesOf: () => readonly string[],
): Product => ({
  name: 'ots',
  version: '2020-12-09',
  paths: {
    GetInstance: 'GET /v2/openapi/getinstance',
    CreateInstance: 'POST /v2/openapi/createinstance',
    DeleteInstance: 'POST /v2/openapi/deleteinstance',
  },
  operations: {
    GetInstance: ({ InstanceName = '' }) => {
      if (!instances.has(InstanceName)) throw new Refusal(404, 'NotFound', 'There is no such instance.')
      return { InstanceName, InstanceStatus: 'normal' }
    },
    CreateInstance: (parameters) => {
      const name = required(parameters, 'InstanceName')
      oneOf('ClusterType', required(parameters, 'ClusterType'), ['SSD', 'HYBRID'])
      if (instances.has(name)) throw new Refusal(409, 'InstanceAlreadyExist', 'There is one already.')
      instances.add(name)
      return {}
    },
    DeleteInstance: (parameters) => {
      if (tablesOf().length > 0) throw new Refusal(400, 'InstanceNotEmpty', 'The instance has tables.')
      instances.delete(required(parameters, 'InstanceName'))
      return {}
    },
  },
  resources: ({ InstanceName }) => [`acs:ots:${region}:${accountId}:instance/${InstanceName}`],
  refusal: 'NoPermission',
})
