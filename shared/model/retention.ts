/** How long prechecks, sweeps with their entries, and deliveries can be read, days; the last result of an instance stays. */
export const keptDays = 180
