export type AnyMethod = (...args: readonly unknown[]) => unknown

const isMethod = (value: unknown): value is AnyMethod => typeof value === 'function'

/** Every method of an object and of its prototypes but `Object`'s, the nearest of each name. */
export const methodsOf = (target: object): ReadonlyMap<string, AnyMethod> => {
  const methods = new Map<string, AnyMethod>()
  for (
    let level: object | null = target;
    level && level !== Object.prototype;
    level = Object.getPrototypeOf(level)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (name !== 'constructor' && isMethod(value) && !methods.has(name)) methods.set(name, value)
    }
  }
  return methods
}

const replaced = new WeakSet<object>()

export const isReplaced = (target: object): boolean => replaced.has(target)

/** Puts functions in the place of methods; the result puts the methods back, once. */
export const replaceMethods = (
  target: object,
  replacements: ReadonlyMap<string, AnyMethod>,
): (() => void) => {
  const before = [...replacements.keys()].map(
    (name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const,
  )
  for (const [name, value] of replacements) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false })
  }
  replaced.add(target)
  let active = true
  return () => {
    if (!active) return
    active = false
    replaced.delete(target)
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(target, name, descriptor)
      else Reflect.deleteProperty(target, name)
    }
  }
}

/** Runs a real method on a client as if it had no double: what the method calls of the client is real as well. */
export const callReal = (
  methods: ReadonlyMap<string, AnyMethod>,
  name: string,
  client: object,
  args: readonly unknown[],
): unknown => {
  const undoubled = new Proxy(client, {
    get: (target, key): unknown => methods.get(String(key)) ?? Reflect.get(target, key),
  })
  return methods.get(name)?.apply(undoubled, [...args])
}
