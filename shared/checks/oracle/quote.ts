/** An identifier as Oracle takes it in any case: in double quotes. Oracle names cannot hold a double quote, so it is dropped. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '')}"`
