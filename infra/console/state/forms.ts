/** What stands in a field of a form; '' where nothing does. */
export const textOf = (data: FormData, name: string): string => {
  const value = data.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** The fields of a form that is sent. */
export const fieldsOf = (event: SubmitEvent): FormData => {
  event.preventDefault()
  return new FormData(event.currentTarget instanceof HTMLFormElement ? event.currentTarget : undefined)
}
