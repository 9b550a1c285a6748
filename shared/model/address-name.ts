import * as z from 'zod'
import { fieldMessage } from './field-message.ts'

/** A name that its owner chooses and that stands in addresses as it is. */
export const AddressName = z.string().regex(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  fieldMessage({
    en: 'must be 1 to 64 letters, digits, ".", "_" or "-", and start with a letter or digit',
    zh: '须为 1 至 64 个字母、数字、“.”、“_”或“-”，并以字母或数字开头',
  }),
)
