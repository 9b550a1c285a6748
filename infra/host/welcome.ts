import { join } from 'node:path'
import type { Text } from '../../shared/model/message.ts'

/** What is said to who starts the service on a terminal: where it listens, and what to do next. */
export const welcome = (url: string, dataFolder: string): Text => {
  const token = join(dataFolder, 'admin-token')
  const address = url === 'http://127.0.0.1:9000' ? '' : `PRECHECK_URL=${url} `
  const folder = dataFolder === 'data' ? '' : `PRECHECK_DATA=${dataFolder} `
  const next = `${address}${folder}npx precheck init my-db`
  return {
    en: `
Backup Precheck listens on ${url}. Ctrl-C stops it.
  Console  ${url}/console/
  Token    in the file ${token}
  Next     in another terminal: ${next}

`,
    zh: `
Backup Precheck 正在监听 ${url}。按 Ctrl-C 停止。
  控制台  ${url}/console/
  令牌    见文件 ${token}
  下一步  在另一个终端执行：${next}

`,
  }
}
