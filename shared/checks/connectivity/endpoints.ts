import type { InstanceDefinition } from '../../model/instance.ts'
import type { EndpointSettings, Endpoints } from '../framework/question.ts'

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

const trusting = ({ endpoints }: InstanceDefinition) =>
  endpoints?.ca === undefined ? {} : { ca: endpoints.ca }

/** OSS of the instance's own region, or what the registration says instead. */
export const ossEndpoints = (definition: InstanceDefinition, settings: EndpointSettings): Endpoints => ({
  urls: [definition.endpoints?.oss ?? inRegion(settings.oss, definition)],
  ...trusting(definition),
})

/** The control endpoints of the instance's region, or what the registration says instead. */
export const serviceEndpoints = (definition: InstanceDefinition, settings: EndpointSettings): Endpoints => ({
  urls: definition.endpoints?.service ?? settings.service.map((template) => inRegion(template, definition)),
  ...trusting(definition),
})
