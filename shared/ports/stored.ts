/** A document and the number of times it was written, from 1. */
export interface Stored<Document> {
  readonly document: Document
  readonly revision: number
}
