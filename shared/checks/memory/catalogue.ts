import type { Check } from '../framework/define-check.ts'
import databaseInventory from './database-inventory.ts'
import limitTrend from './limit-trend.ts'

/** The check items that are held against what is remembered of an instance, where results are collected. */
export const memoryChecks: readonly Check[] = [databaseInventory, limitTrend]

/** Whether an item is one of them. */
export const needsMemory = (id: string): boolean => memoryChecks.some((check) => check.id === id)
