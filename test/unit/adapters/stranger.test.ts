import { describe, expect, it } from 'vitest'
import { strangerBehind } from '../../../shared/adapters/oracle/first-bytes.ts'
import { strangerOf } from '../../../shared/adapters/stranger.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('who answers', () => {
  it.each([
    ['OpenSSH', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', 'SSH'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n', 'HTTP'],
    ['MariaDB', 'Z\0\0\0\n5.5.5-10.11.19-MariaDB\0', 'MySQL'],
    ['MySQL that refuses the host', 'E\0\0\0\xffj\x04Host is not allowed', 'MySQL'],
    ['MySQL with a greeting as long as a line feed', '\n\0\0\0\n8.0.36\0', 'MySQL'],
    ['a server that takes TLS alone', '\x15\x03\x01\0\x02\x02\x46', 'TLS'],
  ])('is known of %s', (_, beginning, protocol) => {
    expect(strangerOf(bytes(beginning))).toEqual({ code: 'OTHER_PROTOCOL', protocol })
  })

  it.each(['220 mail.example ESMTP\r\n', 'see SSH-2.0', '\x15', 'Z\0\0\x01\n', ''])(
    'is not guessed from %j',
    (beginning) => {
      expect(strangerOf(bytes(beginning))).toEqual({ code: 'NOT_A_DATABASE' })
    },
  )

  it('to Oracle may be a listener that wants TLS, or a listener', () => {
    expect(strangerBehind(bytes('\x15\x03\x01\0\x02\x02\x46'))).toEqual({ code: 'TLS_REQUIRED' })
    // Accept, refuse, resend.
    for (const type of ['\x02', '\x04', '\x0b'])
      expect(strangerBehind(bytes(`\0\x20\0\0${type}\0\0\0`))).toBeNull()
  })
})
