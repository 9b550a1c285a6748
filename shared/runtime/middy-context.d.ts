/**
 * The types of middy are written for the platform of another cloud, whose types they import under this name: the
 * context of an invocation and a handler, and nothing else (@middy/core 6.4.5, index.d.ts). Here both are those of
 * Function Compute. Of the context the code of middy itself uses `getRemainingTimeInMillis` alone, and only where it
 * exists (index.js).
 */
declare module 'aws-lambda' {
  // oxlint-disable-next-line typescript/consistent-type-imports -- a relative import may not stand in an ambient module
  export type Context = import('./fc-event.ts').FcContext
  export type Handler<Event = unknown, Answer = unknown> = (event: Event, context: Context) => Promise<Answer>
}
