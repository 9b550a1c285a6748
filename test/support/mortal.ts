import { type DocumentKey, type Documents, updating } from '../../shared/ports/documents.ts'

/** A process that dies: at its last call before or after what that does; every call after it fails. */
export interface Life {
  /** Calls until death. */
  calls: number
  readonly dies: 'before' | 'after'
}

/** The death of the process that a test lets die. */
export class Died extends Error {
  override readonly name = 'Died'
}

type Method = (...given: readonly unknown[]) => Promise<unknown>

const isMethod = (value: unknown): value is Method => typeof value === 'function'

/** A port whose calls are those of a mortal process. */
export const mortal = <Port extends object>(port: Port, life: Life): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      if (!isMethod(method)) return method
      return async (...given: readonly unknown[]) => {
        life.calls -= 1
        const isLast = life.calls === 0
        if (life.calls < 0 || (isLast && life.dies === 'before')) throw new Died()
        const value = await method(...given)
        if (life.calls < 0 || isLast) throw new Died()
        return value
      }
    },
  })

/** Documents of a mortal process, which may die in the middle of an update. */
export const mortalDocuments = <Document, Key extends DocumentKey>(
  { get, put }: Pick<Documents<Document, Key>, 'get' | 'put'>,
  life: Life,
): Pick<Documents<Document, Key>, 'get' | 'put' | 'update'> => {
  const alive = mortal({ get, put }, life)
  return { get: alive.get, put: alive.put, update: updating(alive) }
}
