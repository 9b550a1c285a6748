import type { ProblemDefinition } from './problem.ts'

const advice: ProblemDefinition['advice'] = {
  en: 'No database server of this kind answers so much: check what answers at this address, and whether somebody has taken over the server.',
  zh: '正常的数据库服务器不会返回这么多内容：请检查该地址上的服务，以及服务器是否已被入侵。',
}

/** A server sent more than is ever needed, and the session was ended; what it had sent is not judged. */
export const answerLimitProblems = {
  ANSWER_COLUMNS_EXCEEDED: {
    status: 'error',
    text: {
      en: '{host}:{port} answered a statement with more than {limit} columns.',
      zh: '{host}:{port} 对一条语句返回的列数超过 {limit}。',
    },
    advice,
  },
  ANSWER_ROWS_EXCEEDED: {
    status: 'error',
    text: {
      en: '{host}:{port} answered a statement with more than {limit} rows.',
      zh: '{host}:{port} 对一条语句返回的行数超过 {limit}。',
    },
    advice,
  },
  ANSWER_VALUES_EXCEEDED: {
    status: 'error',
    text: {
      en: '{host}:{port} answered a statement with more than {limit} values (rows times columns).',
      zh: '{host}:{port} 对一条语句返回的值（行数乘以列数）超过 {limit} 个。',
    },
    advice,
  },
  ANSWER_MESSAGES_EXCEEDED: {
    status: 'error',
    text: {
      en: '{host}:{port} sent more than {limit} messages beside the rows of a statement.',
      zh: '{host}:{port} 在一条语句的数据行之外发送了超过 {limit} 条消息。',
    },
    advice,
  },
  ANSWER_PART_TOO_LARGE: {
    status: 'error',
    text: {
      en: '{host}:{port} sent more than {limit} bytes for one part of an answer, that is a row, a message or a fetch.',
      zh: '{host}:{port} 返回的单个部分（一行、一条消息或一次提取）超过 {limit} 字节。',
    },
    advice,
  },
  ANSWER_TOO_LARGE: {
    status: 'error',
    text: {
      en: '{host}:{port} answered a statement with more than {limit} bytes.',
      zh: '{host}:{port} 对一条语句返回的内容超过 {limit} 字节。',
    },
    advice,
  },
  SESSION_TOO_LARGE: {
    status: 'error',
    text: {
      en: '{host}:{port} sent more than {limit} bytes in one session.',
      zh: '{host}:{port} 在一个会话中发送的内容超过 {limit} 字节。',
    },
    advice,
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>
