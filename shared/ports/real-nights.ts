/**
 * Who was started in a night lately, by a clock that nobody sets: after the wall clock was set, another date may come
 * within the same night.
 */
export interface RealNights {
  /** An instance was started in a night so many ms ago. */
  readonly note: (instanceId: string, agoMs: number) => void
  /** Whether the wall clock was set in the last half day, and the instance was started in that time. */
  readonly wasStarted: (instanceId: string) => boolean
}
