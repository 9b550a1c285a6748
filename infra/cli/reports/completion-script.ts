/** An option as it is typed. */
interface OfferedOption {
  /** Its names, with their hyphens. */
  readonly names: readonly string[]
  readonly description: string
  /** What may follow it; none: any text or file. Null where nothing follows. */
  readonly values: readonly string[] | null
}

/** What may be typed at a place of the command line. */
export interface Place {
  /** The commands that lead there, such as `precheck token`. */
  readonly at: string
  /** The commands in it, or the values of its argument. */
  readonly words: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly OfferedOption[]
}

/** Writes the script with which a shell completes the command lines of `precheck`. */
type ScriptWriter = (places: readonly Place[]) => string

/** A text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

const patterns = (texts: readonly string[]): string => texts.map(quoted).join('|')

const placesOf = (places: readonly Place[]): string[] => places.map(({ at }) => at)

/** Every option that takes a value: where it stands, and what may follow. */
const valuesIn = (places: readonly Place[]) =>
  places.flatMap(({ at, options }) =>
    options.flatMap(({ names, values }) =>
      values ? [{ before: names.map((name) => `${at} ${name}`), values }] : [],
    ),
  )

const offeredAt = ({ words, options }: Place) => [
  ...words,
  ...options.flatMap(({ names, description }) => names.map((name) => ({ name, description }))),
]

const bash: ScriptWriter = (places) => `# In ~/.bashrc: eval "$(precheck completion bash)"
_precheck() {
  local at=precheck word offered=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      ${patterns(placesOf(places))}) at="$at $word" ;;
    esac
  done
  case $at in
${places
  .map(
    (place) =>
      `    ${quoted(place.at)}) offered=${quoted(
        offeredAt(place)
          .map(({ name }) => name)
          .join(' '),
      )} ;;`,
  )
  .join('\n')}
  esac
  case "$at \${COMP_WORDS[COMP_CWORD-1]}" in
${valuesIn(places)
  .map(({ before, values }) => `    ${patterns(before)}) offered=${quoted(values.join(' '))} ;;`)
  .join('\n')}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _precheck precheck
`

const zsh: ScriptWriter = (places) => `#compdef precheck
# In ~/.zshrc, after compinit: eval "$(precheck completion zsh)"
_precheck() {
  local at=precheck word
  local -a offered
  for word in \${words[2,CURRENT-1]}; do
    case "$at $word" in
      (${patterns(placesOf(places))}) at="$at $word" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${valuesIn(places)
  .map(({ before, values }) => {
    const offer = values.length === 0 ? '_files' : `compadd -- ${values.map(quoted).join(' ')}`
    return `    (${patterns(before)}) ${offer}; return ;;`
  })
  .join('\n')}
  esac
  case $at in
${places
  .map((place) => {
    const offered = offeredAt(place).map(({ name, description }) => quoted(`${name}:${description}`))
    return `    (${quoted(place.at)}) offered=(${offered.join(' ')}) ;;`
  })
  .join('\n')}
  esac
  _describe precheck offered || _files
}
if [ "$funcstack[1]" = _precheck ]; then _precheck "$@"; else compdef _precheck precheck; fi
`

/** A text as one word of fish, where a backslash escapes between quotes too. */
const fishWord = (text: string): string => `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`

const fishOption = ({ names, description, values }: OfferedOption): string => {
  const named = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  const followed = values && (values.length === 0 ? ['-rF'] : [`-xa ${fishWord(values.join(' '))}`])
  return [...named, ...(followed ?? []), `-d ${fishWord(description)}`].join(' ')
}

const fishPlace = ({ at, words, options }: Place): string[] =>
  [
    ...words.map(({ name, description }) => `-fa ${name} -d ${fishWord(description)}`),
    ...options.map(fishOption),
  ].map((offer) => `complete -c precheck -n '__precheck_at ${at}' ${offer}`)

const fish: ScriptWriter = (places) => `# In ~/.config/fish/config.fish: precheck completion fish | source
function __precheck_at
  set -l at precheck
  for word in (commandline -opc)[2..-1]
    switch "$at $word"
      case ${placesOf(places).map(fishWord).join(' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv"
end
${places.flatMap(fishPlace).join('\n')}
`

/** The writers by their shells. */
export const completionScripts = { bash, zsh, fish } satisfies Readonly<Record<string, ScriptWriter>>
