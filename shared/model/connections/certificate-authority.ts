import { X509Certificate } from 'node:crypto'
import * as z from 'zod'

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

const isCertificate = (pem: string): boolean => {
  try {
    return Boolean(new X509Certificate(pem))
  } catch {
    return false
  }
}

/** Texts that proved to be certificates: messages are parsed again and again, and each proof takes 0.2 ms and more. */
const proven = new Set<string>()
const maxProven = 256

const isPem = (text: string): boolean => {
  const certificates = text.match(certificate)
  const rest = text.replaceAll(certificate, '')
  return certificates !== null && certificates.every(isCertificate) && rest.trim() === ''
}

const isKnownPem = (text: string): boolean => {
  if (proven.has(text)) return true
  if (!isPem(text)) return false
  if (proven.size === maxProven) proven.clear()
  proven.add(text)
  return true
}

/** Certificates in PEM, of a private certificate authority. Public by nature, so it is not a secret reference. */
export const CertificateAuthority = z
  .string()
  .max(32_768)
  .refine(isKnownPem, 'must be one or more certificates in PEM')
