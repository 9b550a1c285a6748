/**
 * The store takes no writes for now, for a reason that an operator can remove. What was to be written is not, and may
 * be written again.
 */
export class StoreFault extends Error {
  override readonly name = 'StoreFault'
  readonly code: 'STORE_FULL' | 'STORE_UNAVAILABLE'
  constructor(code: StoreFault['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
