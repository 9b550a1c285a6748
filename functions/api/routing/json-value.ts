import * as z from 'zod'

/** JSON of any form. It refers to itself, and so needs a name: generators of clients make types of the names. */
export const JsonValue = z.json()
z.globalRegistry.add(JsonValue, { id: 'Json' })
