/** Who reads this text in UTF-16 in `blocking-checks.ts` never comes back from it. */
export const spell = 'for ever and ever'

/** Variable with the name of a file that is there as soon as somebody has read it. */
export const spellFile = 'PRECHECK_SPELL_FILE'
