import { randomUUID } from 'node:crypto'
import { type HttpAnswer, type HttpListener, type HttpRequest, listenHttp } from '../http-listener.ts'
import type { Authorize, Principal } from '../principal.ts'
import { type Command, type EcsInstance, ecs } from './ecs.ts'
import { type StoredSecret, kms } from './kms.ts'
import { type Parameters, list } from './parameters.ts'
import { Refusal } from './refusal.ts'
import { authenticate } from './signature.ts'

export interface OpenApiOptions {
  readonly accountId: string
  readonly region: string
  readonly principals: readonly Principal[]
  /** ECS instances by id. */
  readonly instances?: Readonly<Record<string, EcsInstance>>
  /** Secrets by name. */
  readonly secrets?: Readonly<Record<string, StoredSecret>>
  readonly authorize?: Authorize
  /** Answers in place of the service, before anything is looked at. */
  readonly intercept?: (action: string, parameters: Parameters) => HttpAnswer | Refusal | undefined
  readonly now?: () => Date
  /** Products beside Cloud Assistant and the reading of secrets. */
  readonly products?: readonly Product[]
}

/** A stand-in for the OpenAPI endpoints of several products, all at one address. */
export interface OpenApi extends HttpListener {
  /** Requests by action, refused ones included: what is counted for throttling and cost. */
  readonly usage: Readonly<Record<string, number>>
  /** Every command that reached an instance, in order. */
  readonly commands: readonly Command[]
}

/** A product, or a part of its operations. */
export interface Product {
  /** As RAM names it. */
  readonly name: string
  readonly version: string
  readonly operations: Readonly<Record<string, (parameters: Parameters, caller: Principal) => object>>
  /** What an operation touches, as RAM names it; nothing: everybody may do it. */
  readonly resources: (parameters: Parameters, action: string) => readonly string[]
  /** Of operations in ROA style: method and path of each; a part in braces is a parameter of that name. */
  readonly paths?: Readonly<Record<string, string>>
  /** What it says to who may not. */
  readonly refusal?: string
  /** Another action that an operation does in the name of the caller, and on what. */
  readonly inItsName?: { readonly action: string; readonly resource: string }
}

/** The key that encrypts the secrets. */
export const secretsKey = 'key-hzz62f1cb66fa42qo'

const readJson = (body: Buffer): Parameters => {
  const parsed = JSON.parse(body.toString()) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(parsed).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}

const readParameters = ({ url, headers, body }: HttpRequest): Parameters => {
  const type = headers['content-type'] ?? ''
  const form = type.startsWith('application/x-www-form-urlencoded') ? body.toString() : ''
  const json = type.startsWith('application/json') && body.length > 0 ? readJson(body) : {}
  return { ...json, ...Object.fromEntries([...url.searchParams, ...new URLSearchParams(form)]) }
}

/** Parameters in the path of a request; throws if it is not the one of the operation. */
const readPath = ({ method, url }: HttpRequest, action: string, { paths }: Product): Parameters => {
  const notFound = new Refusal(404, 'InvalidAction.NotFound', 'There is nothing at this path.')
  if (!paths) {
    if (url.pathname !== '/') throw notFound
    return {}
  }
  const pattern = (paths[action] ?? '').replaceAll(/[{](\w+)[}]/g, '(?<$1>[^/]+)')
  const found = new RegExp(`^${pattern}$`).exec(`${method} ${url.pathname}`)
  if (!found) throw notFound
  return { ...found.groups }
}

const json = (status: number, content: object): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json;charset=utf-8' },
  body: JSON.stringify(content),
})

const refused = ({ status, code, message }: Refusal): HttpAnswer =>
  json(status, { RequestId: randomUUID(), HostId: '127.0.0.1', Code: code, Message: message })

/** Starts the stand-in on loopback. */
export const startOpenApi = async (options: OpenApiOptions): Promise<OpenApi> => {
  const { accountId, region, principals } = options
  const usage: Record<string, number> = {}
  const nonces = new Set<string>()
  const cloudAssistant = ecs(region, options.instances ?? {})
  const products: readonly Product[] = [
    {
      name: 'ecs',
      version: '2014-05-26',
      operations: cloudAssistant.operations,
      resources: (parameters) => {
        const ids = [
          ...list(parameters, 'InstanceId'),
          ...(parameters['InstanceId'] ? [parameters['InstanceId']] : []),
        ]
        const instances = (ids.length === 0 ? ['*'] : ids).map((id) => `instance/${id}`)
        // The command itself is asked about too; its id is not known yet ("Authorization information", RunCommand).
        return [...instances, 'command/*'].map((name) => `acs:ecs:${region}:${accountId}:${name}`)
      },
    },
    {
      name: 'kms',
      version: '2016-01-20',
      operations: kms(options.secrets ?? {}),
      resources: ({ SecretName = '' }) => [`acs:kms:${region}:${accountId}:secret/${SecretName}`],
      // Secrets of a KMS instance are encrypted with a key of the user ("GetSecretValue", KMS manual).
      inItsName: { action: 'kms:Decrypt', resource: `acs:kms:${region}:${accountId}:key/${secretsKey}` },
    },
    ...(options.products ?? []),
  ]

  const allow = (principal: Principal, product: Product, action: string, parameters: Parameters): void => {
    const own = product
      .resources(parameters, action)
      .map((resource) => ({ action: `${product.name}:${action}`, resource }))
    for (const asked of [...own, ...(product.inItsName ? [product.inItsName] : [])]) {
      const { resource } = asked
      if (options.authorize?.(principal, asked.action, resource) === false) {
        throw new Refusal(
          403,
          product.refusal ?? 'Forbidden.RAM',
          `User not authorized to operate on the specified resource: ${resource}`,
        )
      }
    }
  }

  const perform = (request: HttpRequest, action: string, parameters: Parameters): object => {
    const version = request.headers['x-acs-version']
    const product = products.find(({ operations }) => Object.hasOwn(operations, action))
    const operation = product?.operations[action]
    if (!product || !operation)
      throw new Refusal(404, 'InvalidAction.NotFound', `There is no operation ${action}.`)
    if (version !== product.version)
      throw new Refusal(400, 'InvalidVersion', `${product.name} has no version ${version}.`)
    const all = { ...parameters, ...readPath(request, action, product) }
    const principal = authenticate(request, principals, nonces, options.now?.() ?? new Date())
    allow(principal, product, action, all)
    return operation(all, principal)
  }

  const answer = (request: HttpRequest): Promise<HttpAnswer> => {
    const action = request.headers['x-acs-action'] ?? ''
    const parameters = readParameters(request)
    usage[action] = (usage[action] ?? 0) + 1
    const intercepted = options.intercept?.(action, parameters)
    if (intercepted instanceof Refusal) return Promise.resolve(refused(intercepted))
    if (intercepted !== undefined) return Promise.resolve(intercepted)
    try {
      return Promise.resolve(json(200, { RequestId: randomUUID(), ...perform(request, action, parameters) }))
    } catch (fault) {
      if (fault instanceof Refusal) return Promise.resolve(refused(fault))
      throw fault
    }
  }

  const listener = await listenHttp(answer)
  return { ...listener, usage, commands: cloudAssistant.commands }
}
