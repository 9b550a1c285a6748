import type { InstanceDefinition } from '../../model/instance.ts'
import type { AskEndpoints, EndpointSettings, Endpoints } from '../framework/question.ts'

/**
 * Endpoints of a region. OSS: "Regions and endpoints" in the OSS manual. Control network: the VPC endpoint of the Cloud
 * Backup API ("Endpoints", Cloud Backup developer reference); the hosts that its client itself talks to are not
 * documented, so a team that knows them sets its own list.
 */
export const defaultEndpointSettings: EndpointSettings = {
  oss: 'https://oss-{region}-internal.aliyuncs.com/',
  service: ['https://hbr-vpc.{region}.aliyuncs.com/'],
}

const inRegion = (template: string, { region }: InstanceDefinition): string =>
  template.replaceAll('{region}', region)

/**
 * Under `native` the engine backs up with its own tools, to wherever they are told to: nothing of the region is needed,
 * and outside a VPC of Alibaba Cloud nothing of it can be reached.
 */
const ofRegion = (definition: InstanceDefinition, templates: readonly string[]): readonly string[] | null =>
  definition.profile === 'native' ? null : templates.map((template) => inRegion(template, definition))

const asking = ({ endpoints }: InstanceDefinition, urls: readonly string[] | null): Endpoints | null =>
  urls && { urls, ...(endpoints?.ca !== undefined && { ca: endpoints.ca }) }

/** OSS of the instance's own region, or what the registration says instead. */
export const ossEndpoints: AskEndpoints = (definition, settings) => {
  const own = definition.endpoints?.oss
  return asking(definition, own === undefined ? ofRegion(definition, [settings.oss]) : [own])
}

/** The control endpoints of the instance's region, or what the registration says instead. */
export const serviceEndpoints: AskEndpoints = (definition, settings) =>
  asking(definition, definition.endpoints?.service ?? ofRegion(definition, settings.service))
