import { findCheck, selectedChecks } from '../../checks/catalogue.ts'
import type { Check } from '../../checks/framework/define-check.ts'
import type { CheckMessage } from '../../model/queue-messages.ts'

const existingCheck = (id: string): Check => {
  const check = findCheck(id)
  if (check) return check
  throw new Error(`No check item is called ${id}: start and run-check are of different versions`)
}

/** The items that are asked for a message, the lead first. */
export const checksOf = ({
  checkItem,
  together = [],
}: CheckMessage): readonly [lead: Check, ...others: Check[]] => [
  existingCheck(checkItem),
  ...together.map(existingCheck),
]

/** All items of the precheck that a message is of. */
export const siblingsOf = ({ siblings, target }: CheckMessage): readonly Check[] =>
  siblings?.flatMap((id) => findCheck(id) ?? []) ?? selectedChecks(target.definition)

/** The messages of the items that waited for the lead to reach the database. */
export const followersOf = ({
  followers = [],
  followersTogether = [],
  together: _own,
  ...message
}: CheckMessage): CheckMessage[] => {
  const [first, ...together] = followersTogether
  const alone = followers.map((checkItem) => ({ ...message, checkItem }))
  if (first === undefined) return alone
  return [...alone, { ...message, checkItem: first, ...(together.length > 0 && { together }) }]
}

/** Every item that waits for the lead. */
export const waitingItems = ({ followers = [], followersTogether = [] }: CheckMessage): readonly Check[] =>
  [...followers, ...followersTogether].map(existingCheck)
