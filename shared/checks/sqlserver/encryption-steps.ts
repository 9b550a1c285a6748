import { byHand } from '../../model/remediation.ts'
import { step } from './step.ts'

/** Steps that keep the backups of encrypted databases readable ("Transparent data encryption", SQL Server manual). */
export const encryptionSteps = {
  /** Its password is for nobody but its owner to choose, so there is no command to be run as it is. */
  backUpCertificate: step('BACK_UP_CERTIFICATE', {
    language: byHand,
    risk: 'online',
    needs: 'CONTROL SERVER',
    en: 'Back up the certificate {certificate} of master with BACKUP CERTIFICATE … WITH PRIVATE KEY, and keep both files and their password away from this server and from the backups.',
    zh: '使用 BACKUP CERTIFICATE … WITH PRIVATE KEY 备份 master 中的证书 {certificate}，并将两个文件及其密码保存在本服务器和备份之外的地方。',
  }),
  replaceCertificate: step('REPLACE_CERTIFICATE', {
    language: byHand,
    risk: 'online',
    needs: 'CONTROL SERVER',
    en: 'If your rules ask for a valid certificate, create one, back it up, and let ALTER DATABASE ENCRYPTION KEY use it. Keep the old one: older backups need it.',
    zh: '如果贵方规定要求证书在有效期内，请新建证书并备份，然后用 ALTER DATABASE ENCRYPTION KEY 改用新证书。请保留旧证书：较早的备份仍需要它。',
  }),
} as const
