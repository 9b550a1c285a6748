/** An element of a document; attributes other than the root's namespace are not kept. */
export interface Element {
  readonly name: string
  readonly namespace?: string
  readonly children: readonly Element[]
  readonly text: string
}

/** The text is not a well-formed document. */
export class XmlMalformed extends Error {
  override readonly name = 'XmlMalformed'
}

const token =
  /<!--(?<comment>[\s\S]*?)-->|<!\[CDATA\[(?<literal>[\s\S]*?)\]\]>|<\/(?<closed>[\w.:-]+)\s*>|<(?<opened>[A-Za-z_][\w.:-]*)(?<attributes>(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/y

const declaration = /^\uFEFF?<\?xml\s+version\s*=\s*["']1\.[01]["'][^?]*\?>\s*/

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

// Characters that XML 1.0 forbids however they are written.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/

const decodeReference = (reference: string): string => {
  const code = /^#(?:x(?<hex>[\da-f]+)|(?<decimal>\d+))$/i.exec(reference)?.groups
  const text = code
    ? String.fromCodePoint(code['hex'] ? Number.parseInt(code['hex'], 16) : Number(code['decimal']))
    : entities[reference]
  if (text === undefined || forbidden.test(text)) throw new XmlMalformed(`unknown reference &${reference};`)
  return text
}

const decodeText = (text: string): string => {
  if (text.includes(']]>')) throw new XmlMalformed(']]> in text')
  return text.replaceAll(/&(?:([^;&\s]+);)?/g, (_, reference: string | undefined) => {
    if (reference === undefined) throw new XmlMalformed('a bare &')
    return decodeReference(reference)
  })
}

interface OpenElement {
  readonly name: string
  readonly namespace?: string
  readonly children: Element[]
  text: string
}

/** Reads a document. No document types, no processing instructions: the service has no use for either. */
export const parseXml = (source: string): Element => {
  if (forbidden.test(source)) throw new XmlMalformed('a forbidden character')
  const body = source.replace(declaration, '')
  const document: OpenElement = { name: '', children: [], text: '' }
  const open: OpenElement[] = [document]
  const close = (): void => {
    const closed = open.pop()
    if (closed) open.at(-1)?.children.push(closed)
  }
  token.lastIndex = 0
  let read = 0
  while (read < body.length) {
    token.lastIndex = read
    const found = token.exec(body)?.groups
    if (!found) throw new XmlMalformed(`no markup at ${read}`)
    read = token.lastIndex
    const current = open.at(-1) ?? document
    if (found['opened']) {
      const namespace = /\sxmlns\s*=\s*["']([^"']*)["']/.exec(found['attributes'] ?? '')?.[1]
      open.push({ name: found['opened'], ...(namespace && { namespace }), children: [], text: '' })
      if (found['empty']) close()
    } else if (found['closed']) {
      if (open.length === 1 || current.name !== found['closed'])
        throw new XmlMalformed(`</${found['closed']}>`)
      close()
    } else if (found['text'] !== undefined) current.text += decodeText(found['text'])
    else current.text += found['literal'] ?? ''
  }
  const [root, ...others] = document.children
  if (open.length > 1 || !root || others.length > 0 || document.text.trim() !== '') {
    throw new XmlMalformed('not one whole element')
  }
  return root
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** What an element holds: text, or elements in order. */
export type Content = string | number | readonly (readonly [name: string, content: Content])[]

const write = (name: string, content: Content, attributes = ''): string => {
  const inner =
    typeof content === 'object'
      ? content.map(([child, held]) => write(child, held)).join('')
      : String(content).replaceAll(/[&<>]/g, (character) => escapes[character] ?? character)
  return `<${name}${attributes}>${inner}</${name}>`
}

/** The namespace of every document of the service. */
export const namespace = 'http://mns.aliyuncs.com/doc/v1/'

/** Writes a document of the service. */
export const toXml = (root: string, content: Content): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, content, ` xmlns="${namespace}"`)}`
