import { X509Certificate } from 'node:crypto'
import * as z from 'zod'

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

const isCertificate = (pem: string): boolean => {
  try {
    return new X509Certificate(pem).subject !== ''
  } catch {
    return false
  }
}

const isPem = (text: string): boolean => {
  const certificates = text.match(certificate) ?? []
  return (
    certificates.length > 0 &&
    certificates.every(isCertificate) &&
    text.replaceAll(certificate, '').trim() === ''
  )
}

/** Certificates in PEM, of a private certificate authority. Public by nature, so it is no secret reference. */
export const CertificateAuthority = z
  .string()
  .max(32_768)
  .refine(isPem, 'must be one or more certificates in PEM')
