/** The event of a timer trigger (manual, "Timer trigger"). `payload` is a text, as `s.yaml` gives it. */
export const timerEvent = (triggerName: string, payload: string, at = new Date()): Buffer => {
  const triggerTime = at.toISOString().replace(/\.\d{3}Z$/, 'Z')
  return Buffer.from(JSON.stringify({ triggerTime, triggerName, payload }))
}
