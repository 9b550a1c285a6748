import { X509Certificate } from 'node:crypto'
import * as z from 'zod'
import { computedOnce } from '../computed-once.ts'
import { fieldMessage } from '../field-message.ts'

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

const isCertificate = (pem: string): boolean => {
  try {
    return Boolean(new X509Certificate(pem))
  } catch {
    return false
  }
}

/** Messages are parsed again and again, and each proof takes 0.2 ms and more. Up to 8 MB of texts are remembered. */
const proofOnce = computedOnce<boolean>(256)

const isPem = (text: string): boolean => {
  const certificates = text.match(certificate)
  const rest = text.replaceAll(certificate, '')
  return certificates !== null && certificates.every(isCertificate) && rest.trim() === ''
}

/** Certificates in PEM, of a private certificate authority. Public by nature, so it is not a secret reference. */
export const CertificateAuthority = z
  .string()
  .max(32_768, { abort: true })
  .refine(
    (text) => proofOnce(text, () => isPem(text)),
    fieldMessage({ en: 'must be one or more certificates in PEM', zh: '须为一个或多个 PEM 格式的证书' }),
  )
