import { describe, expect, it } from 'vitest'
import { CertificateAuthority } from '../../../shared/model/connections/certificate-authority.ts'
import { makeCertificates } from '../../support/certificates.ts'

const { ca, cert } = await makeCertificates()

let asked = 0
/** What was proved of a text is remembered: each is asked as a new one, by the white space at its end. */
const isTaken = (text: string): boolean => {
  asked += 1
  return CertificateAuthority.safeParse(`${text}${' '.repeat(asked)}`).success
}

const broken = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

// RFC 7468: text before and after the certificates is allowed in files, but a key that was left in one is stored then.
describe('the certificates of an authority', () => {
  it.each([
    ['one', ca],
    ['several', `${ca}\n${cert}`],
    ['one in white space', `\n ${ca} \n`],
  ])('are taken: %s', (_, text) => {
    expect(isTaken(text)).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['one that is malformed', broken],
    ['one that is malformed behind a good one', `${ca}\n${broken}`],
    ['one that is malformed before a good one', `${broken}\n${ca}`],
    ['more than 32 KB', `${ca}\n`.repeat(Math.ceil(32_769 / ca.length))],
    ['a text before it', `Authority of tests\n${ca}`],
    ['something else behind it', `${ca}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`],
  ])('are refused: %s', (_, text) => {
    expect(isTaken(text)).toBe(false)
  })
})
