import type { FleetView } from '../../../functions/api/views/fleet-view.ts'

/** How an instance stands, as the wall draws it. */
export type Standing = 'failed' | 'inconclusive' | 'warning' | 'passed' | 'never'

/** An instance of the fleet. Times in seconds since 1970. */
export interface Member {
  readonly id: string
  readonly engine: string
  readonly region: string
  readonly tags: readonly string[]
  readonly standing: Standing
  readonly before: Standing
  /** 0: never. */
  readonly completedAt: number
  readonly new: number
  readonly resolved: number
  readonly isRunning: boolean
}

/** Worst first. */
export const standings: readonly Standing[] = ['failed', 'inconclusive', 'warning', 'passed', 'never']

const byLetter: Readonly<Record<string, Standing>> = {
  f: 'failed',
  i: 'inconclusive',
  w: 'warning',
  p: 'passed',
}

/** A night and half a day: then a result is older than the last night. */
const freshSeconds = 36 * 60 * 60

export const isStale = ({ completedAt }: Pick<Member, 'completedAt'>, now: number): boolean =>
  completedAt > 0 && now - completedAt > freshSeconds

export const hasChanged = ({ standing, before, ...found }: Member): boolean =>
  found.new > 0 || found.resolved > 0 || (before !== 'never' && before !== standing)

/** The instances of one answer, whose columns go by places. */
export const membersOf = (fleet: FleetView): readonly Member[] => {
  const running = new Set(fleet.running.map(({ at }) => at))
  return fleet.ids.map((id, at) => ({
    id,
    engine: fleet.engines.names[fleet.engines.of[at] ?? 0] ?? '',
    region: fleet.regions.names[fleet.regions.of[at] ?? 0] ?? '',
    tags: (fleet.tags.of[at] ?? []).map((place) => fleet.tags.names[place] ?? ''),
    standing: byLetter[fleet.outcomes[at] ?? ''] ?? 'never',
    before: byLetter[fleet.previous[at] ?? ''] ?? 'never',
    completedAt: fleet.completedAt[at] ?? 0,
    new: fleet.new[at] ?? 0,
    resolved: fleet.resolved[at] ?? 0,
    isRunning: running.has(at),
  }))
}

/** What the reader looks for; '' leaves a thing open. */
export interface Wanted {
  readonly text: string
  readonly standing: string
  readonly engine: string
  readonly region: string
  readonly tag: string
}

export const wantedIn = (query: URLSearchParams): Wanted => ({
  text: query.get('q') ?? '',
  standing: query.get('outcome') ?? '',
  engine: query.get('engine') ?? '',
  region: query.get('region') ?? '',
  tag: query.get('tag') ?? '',
})

/** Instances that match all that is wanted but the outcome: of these the counts are. */
export const matching = (members: readonly Member[], wanted: Wanted): readonly Member[] => {
  const text = wanted.text.trim().toLowerCase()
  const isFound = ({ id, tags }: Member): boolean =>
    text === '' || id.toLowerCase().includes(text) || tags.some((tag) => tag.toLowerCase().includes(text))
  return members.filter(
    (member) =>
      (wanted.engine === '' || member.engine === wanted.engine) &&
      (wanted.region === '' || member.region === wanted.region) &&
      (wanted.tag === '' || member.tags.includes(wanted.tag)) &&
      isFound(member),
  )
}

/** Those of an outcome, or those that changed; '': all. */
export const ofStanding = (members: readonly Member[], standing: string): readonly Member[] => {
  if (standing === '') return members
  return members.filter(standing === 'changed' ? hasChanged : (member) => member.standing === standing)
}

/** An instance as it was when its place was found: what has changed since is shown where it is. */
export type AsSeen = (member: Member) => Member

const asItIs: AsSeen = (member) => member

/** Instances by a rank, the lowest first, and by their ids within. */
const byRank = (members: readonly Member[], rankOf: (member: Member) => number): readonly Member[] =>
  members
    .map((member) => ({ member, rank: rankOf(member) }))
    .toSorted((one, other) => one.rank - other.rank || (one.member.id < other.member.id ? -1 : 1))
    .map(({ member }) => member)

/** A part of the wall under a name; '' where there is one part. */
export interface Group {
  readonly name: string
  readonly members: readonly Member[]
}

const groupNamesOf: Readonly<Record<string, (member: Member) => readonly string[]>> = {
  engine: ({ engine }) => [engine],
  region: ({ region }) => [region],
  // An instance is in the group of its first tag, so that it is on the wall once.
  tag: ({ tags }) => tags.slice(0, 1),
}

/** The wall in groups by name, each worst first. */
export const grouped = (
  members: readonly Member[],
  by: string,
  asSeen: AsSeen = asItIs,
): readonly Group[] => {
  const namesOf = groupNamesOf[by]
  const sorted = byRank(members, (member) => standings.indexOf(asSeen(member).standing))
  if (!namesOf) return sorted.length === 0 ? [] : [{ name: '', members: sorted }]
  const groups = new Map<string, Member[]>()
  for (const member of sorted) {
    const name = namesOf(member)[0] ?? '–'
    const known = groups.get(name)
    if (known) known.push(member)
    else groups.set(name, [member])
  }
  return [...groups]
    .map(([name, own]) => ({ name, members: own }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

/** Of those of which nothing is to be said. */
const calm = 5

/** Failed, then changed, then old. */
const urgencyOf = (member: Member, now: number): number => {
  if (member.standing === 'failed') return hasChanged(member) ? 0 : 1
  if (member.standing === 'inconclusive') return 2
  if (hasChanged(member)) return 3
  return isStale(member, now) ? 4 : calm
}

/** What somebody should look at; what has become so since the places were found comes last. */
export const attention = (
  members: readonly Member[],
  now: number,
  asSeen: AsSeen = asItIs,
): readonly Member[] => {
  const isUrgent = (member: Member): boolean => urgencyOf(member, now) < calm
  return byRank(
    members.filter((member) => isUrgent(member) || isUrgent(asSeen(member))),
    (member) => urgencyOf(asSeen(member), now),
  )
}
