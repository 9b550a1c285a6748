import { describe, expect, it } from 'vitest'
import {
  defaultEndpointSettings as settings,
  ossEndpoints,
  serviceEndpoints,
} from '../../../../shared/checks/connectivity/endpoints.ts'
import { makeCertificates } from '../../../support/certificates.ts'
import { definitionOf } from '../../../support/context.ts'

describe('the endpoints of an instance', () => {
  it('are those of its region, under public authorities', () => {
    const definition = definitionOf('oracle', { region: 'eu-central-1' })
    expect(ossEndpoints(definition, settings)).toEqual({
      urls: ['https://oss-eu-central-1-internal.aliyuncs.com/'],
    })
    expect(serviceEndpoints(definition, settings)).toEqual({
      urls: ['https://hbr-vpc.eu-central-1.aliyuncs.com/'],
    })
  })

  it('are all that the service is set up with, each in the region', () => {
    const service = ['https://a.{region}.example/{region}/', 'https://b.example/']
    expect(serviceEndpoints(definitionOf('sqlserver'), { ...settings, service })?.urls).toEqual([
      'https://a.cn-hangzhou.example/cn-hangzhou/',
      'https://b.example/',
    ])
  })

  it('are those of the registration where it names some, under its authority', async () => {
    const { ca } = await makeCertificates()
    const endpoints = {
      oss: 'https://oss.example/',
      service: ['https://a.example/', 'https://b.example/'],
      ca,
    }
    const definition = definitionOf('sqlserver', { endpoints })
    expect(ossEndpoints(definition, settings)).toEqual({ urls: ['https://oss.example/'], ca })
    expect(serviceEndpoints(definition, settings)).toEqual({
      urls: ['https://a.example/', 'https://b.example/'],
      ca,
    })
  })

  it('are those of the region where the registration names others only', () => {
    const definition = definitionOf('oracle', { endpoints: { service: ['https://a.example/'] } })
    expect(ossEndpoints(definition, settings)?.urls).toEqual([
      'https://oss-cn-hangzhou-internal.aliyuncs.com/',
    ])
  })

  it('are those of the registration alone where the engine backs up with its own tools', () => {
    const native = (endpoints?: object) =>
      definitionOf('oracle', { profile: 'native', ...(endpoints && { endpoints }) })
    expect([ossEndpoints(native(), settings), serviceEndpoints(native(), settings)]).toEqual([null, null])
    const oss = native({ oss: 'https://oss.example/' })
    expect([ossEndpoints(oss, settings)?.urls, serviceEndpoints(oss, settings)]).toEqual([
      ['https://oss.example/'],
      null,
    ])
    const service = native({ service: ['https://a.example/'] })
    expect([ossEndpoints(service, settings), serviceEndpoints(service, settings)?.urls]).toEqual([
      null,
      ['https://a.example/'],
    ])
  })
})
